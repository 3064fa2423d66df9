//! One segment.

use axum::extract::State;

use super::Segment;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, Tagged};
use crate::problem::Problem;
use crate::routes::path::SegmentPath;

/// Get a segment
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/segments/{segment}", tag = "segments",
    operation_id = "getSegment", extensions(("x-permission" = json!("segment.read"))), params(SegmentPath),
    responses((status = 200, description = "The segment.", body = Segment, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_segment(
    State(state): State<ApiState>,
    may::SegmentRead(member): may::SegmentRead,
    Path(path): Path<SegmentPath>,
) -> Result<Tagged<Segment>, Problem> {
    let segment = state
        .storage()
        .segment(member.tenant(), &path.project, &path.segment)
        .await?
        .map(Segment::from)
        .ok_or_else(|| Problem::not_found("segment"))?;
    Ok(Tagged::ok(segment.version, segment))
}
