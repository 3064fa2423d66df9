//! One flag.

use axum::extract::State;

use super::Flag;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, Tagged};
use crate::problem::Problem;
use crate::routes::path::FlagPath;

/// Get a flag
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/flags/{flag}", tag = "flags", operation_id = "getFlag",
    extensions(("x-permission" = json!("flag.read"))), params(FlagPath),
    responses((status = 200, description = "The flag.", body = Flag, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_flag(
    State(state): State<ApiState>,
    may::FlagRead(member): may::FlagRead,
    Path(path): Path<FlagPath>,
) -> Result<Tagged<Flag>, Problem> {
    let flag = state
        .storage()
        .flag(member.tenant(), &path.project, &path.flag)
        .await?;
    let flag = flag
        .map(|flag| Flag::seen_by(&member, &path.project, flag))
        .ok_or_else(|| Problem::not_found("flag"))?;
    Ok(Tagged::ok(flag.version, flag))
}
