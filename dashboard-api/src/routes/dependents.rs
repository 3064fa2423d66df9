//! Who depends on a flag or segment: what stands in the way of deleting it.

use axum::Json;
use axum::extract::State;
use peekaboo_storage::Key;

use super::path::{FlagPath, SegmentPath};
use crate::ApiState;
use crate::auth::{Member, may};
use crate::http::{Page, Path};
use crate::problem::{Dependent, Problem};

/// Those who depend on something.
pub(crate) type DependentPage = Page<Dependent>;

/// Those whose environment the caller sees; segments are in none.
fn seen(
    member: &Member,
    project: &Key,
    dependents: Vec<peekaboo_storage::Dependent>,
) -> DependentPage {
    let seen = |environment: &Key| member.sees_environment(project.as_str(), environment.as_str());
    let dependents = dependents
        .into_iter()
        .filter(|dependent| dependent.environment.as_ref().is_none_or(seen));
    Page::whole(dependents.map(Dependent::from).collect())
}

/// List who depends on a flag
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/flags/{flag}/dependents", tag = "flags",
    operation_id = "listFlagDependents", extensions(("x-permission" = json!("flag.read"))), params(FlagPath),
    responses((status = 200, description = "The flags and segments that refer to it.", body = DependentPage)),
)]
pub(crate) async fn list_flag_dependents(
    State(state): State<ApiState>,
    may::FlagRead(member): may::FlagRead,
    Path(path): Path<FlagPath>,
) -> Result<Json<DependentPage>, Problem> {
    let dependents = state
        .storage()
        .flag_dependents(member.tenant(), &path.project, &path.flag)
        .await?
        .ok_or_else(|| Problem::not_found("flag"))?;
    Ok(Json(seen(&member, &path.project, dependents)))
}

/// List who depends on a segment
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/segments/{segment}/dependents", tag = "segments",
    operation_id = "listSegmentDependents", extensions(("x-permission" = json!("segment.read"))), params(SegmentPath),
    responses((status = 200, description = "The flags and segments that refer to it.", body = DependentPage)),
)]
pub(crate) async fn list_segment_dependents(
    State(state): State<ApiState>,
    may::SegmentRead(member): may::SegmentRead,
    Path(path): Path<SegmentPath>,
) -> Result<Json<DependentPage>, Problem> {
    let dependents = state
        .storage()
        .segment_dependents(member.tenant(), &path.project, &path.segment)
        .await?
        .ok_or_else(|| Problem::not_found("segment"))?;
    Ok(Json(seen(&member, &path.project, dependents)))
}
