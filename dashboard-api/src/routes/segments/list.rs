//! The list of a project's segments.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

use super::SegmentPage;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Path, Query};
use crate::problem::Problem;
use crate::routes::path::ProjectPath;

/// Which segments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SegmentQuery {
    /// Only segments whose key or name contains this, without regard to case.
    #[param(example = "beta")]
    pub search: Option<String>,
}

/// List segments
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/segments", tag = "segments", operation_id = "listSegments",
    extensions(("x-permission" = json!("segment.read"))), params(ProjectPath, SegmentQuery, PageQuery),
    responses((status = 200, description = "The segments, by key.", body = SegmentPage)),
)]
pub(crate) async fn list_segments(
    State(state): State<ApiState>,
    may::SegmentRead(member): may::SegmentRead,
    Path(path): Path<ProjectPath>,
    Query(query): Query<SegmentQuery>,
    page: PageQuery,
) -> Result<Json<SegmentPage>, Problem> {
    let segments = state
        .storage()
        .segments(
            member.tenant(),
            &path.project,
            query.search.as_deref(),
            &page.into(),
        )
        .await?;
    Ok(Json(Page::of(segments)))
}
