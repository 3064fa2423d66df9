//! The list of an environment's keys.

use axum::Json;
use axum::extract::State;

use super::{Key, KeyPage};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Path};
use crate::problem::Problem;
use crate::routes::path::EnvironmentPath;

/// List keys
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys", tag = "keys",
    operation_id = "listKeys", extensions(("x-permission" = json!("key.read"))), params(EnvironmentPath, PageQuery),
    responses((status = 200, description = "The keys, newest first.", body = KeyPage)),
)]
pub(crate) async fn list_keys(
    State(state): State<ApiState>,
    may::KeyRead(member): may::KeyRead,
    Path(path): Path<EnvironmentPath>,
    page: PageQuery,
) -> Result<Json<KeyPage>, Problem> {
    let keys = state
        .storage()
        .sdk_keys(
            member.tenant(),
            &path.project,
            &path.environment,
            &page.into(),
        )
        .await?;
    let now = state.now();
    Ok(Json(Page::of(keys.map(|key| Key::new(key, now)))))
}
