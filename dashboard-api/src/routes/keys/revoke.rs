//! Revoking a key.

use axum::extract::State;

use super::Key;
use crate::ApiState;
use crate::auth::Admin;
use crate::http::{Path, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::KeyPath;

/// Revoke a key
///
/// What is connected with it is disconnected within a second. Revoking a revoked key does nothing.
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys/{key}", tag = "keys",
    operation_id = "revokeKey", extensions(("x-role" = json!("admin"))), params(KeyPath, WriteComment),
    responses((status = 200, description = "The key, revoked.", body = Key, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn revoke_key(
    State(state): State<ApiState>,
    Admin(member): Admin,
    Path(path): Path<KeyPath>,
    WriteComment { comment }: WriteComment,
) -> Result<Tagged<Key>, Problem> {
    let by = member.attribution(&state, comment);
    let key = state
        .storage()
        .revoke_sdk_key(member.tenant(), path.names(), &by)
        .await?;
    Ok(Tagged::ok(key.version, Key::new(key, state.now())))
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};

    const KEYS: &str = "/organizations/acme/projects/shop/environments/staging/keys";

    #[tokio::test]
    async fn a_revoked_key_stays_in_the_list_as_revoked() {
        let (api, owner) = TestApi::with_shop().await;
        let listed = api.get(&owner, KEYS).await;
        let path = format!("{KEYS}/{}", listed.each("id")[0].as_str().unwrap());
        let revoked = api
            .call(&owner, Method::DELETE, &path)
            .expect(StatusCode::OK)
            .await;
        assert_eq!(revoked.body["status"], "revoked");
        let again = api
            .call(&owner, Method::DELETE, &path)
            .expect(StatusCode::OK)
            .await;
        assert_eq!(again.body, revoked.body, "revoking twice is once");
    }

    #[tokio::test]
    async fn what_is_no_id_names_no_key() {
        let (api, owner) = TestApi::with_shop().await;
        let path = format!("{KEYS}/nope");
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
