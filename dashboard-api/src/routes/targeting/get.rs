//! One flag's targeting in one environment.

use axum::extract::State;

use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, Tagged};
use crate::model::Targeting;
use crate::problem::Problem;
use crate::routes::path::TargetingPath;

/// Get a flag's targeting
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}", tag = "targeting",
    operation_id = "getTargeting", extensions(("x-permission" = json!("environment.read"))), params(TargetingPath),
    responses((status = 200, description = "The targeting.", body = Targeting, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_targeting(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<TargetingPath>,
) -> Result<Tagged<Targeting>, Problem> {
    let targeting = state
        .storage()
        .targeting(
            member.tenant(),
            &path.project,
            &path.environment,
            &path.flag,
        )
        .await?
        .ok_or_else(|| Problem::not_found("flag or environment"))?;
    Ok(Tagged::ok(targeting.version, targeting.into()))
}
