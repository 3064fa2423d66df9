//! Revoking a key.

use axum::extract::State;
use peekaboo_storage::{Command, SdkKeyId};

use super::Key;
use crate::ApiState;
use crate::auth::may;
use crate::http::{IfMatch, Path, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::KeyPath;

/// Revoke a key
///
/// What is connected with it is disconnected within a second. Revoking a revoked key does nothing.
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys/{key}", tag = "keys",
    operation_id = "revokeKey", extensions(("x-permission" = json!("key.manage"))), params(KeyPath, IfMatch, WriteComment),
    responses((status = 200, description = "The key, revoked.", body = Key, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn revoke_key(
    State(state): State<ApiState>,
    may::KeyManage(member): may::KeyManage,
    Path(path): Path<KeyPath>,
    if_match: IfMatch,
    comment: WriteComment,
) -> Result<Tagged<Key>, Problem> {
    let command = Command::RevokeSdkKey {
        project: path.project,
        environment: path.environment,
        key: SdkKeyId::from_uuid(path.key),
        expected_version: if_match.version,
    };
    Key::change(&state, &member, comment, command).await
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
        let refused = api
            .call(&owner, Method::DELETE, &path)
            .header("if-match", "\"99\"")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], listed.body["items"][0]);
        let revoked = api
            .call(&owner, Method::DELETE, &path)
            .header("if-match", "\"1\"")
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
    async fn a_key_of_elsewhere_is_not_found_on_ones_own_path() {
        let (api, owner) = TestApi::with_shop().await;
        let other = api.organization("other", "eve@example.com").await;
        let eve = api.token(other, peekaboo_policy::BuiltIn::Owner).await;
        api.call(&eve, Method::POST, "/organizations/other/projects")
            .json(serde_json::json!({"key": "shop", "name": "Shop"}))
            .expect(StatusCode::CREATED)
            .await;
        let theirs = "/organizations/other/projects/shop/environments/staging/keys";
        let production = "/organizations/acme/projects/shop/environments/production/keys";
        for (caller, place) in [(&eve, theirs), (&owner, production)] {
            let before = api.get(caller, place).await;
            let id = before.each("id")[0].as_str().unwrap();
            let path = format!("{KEYS}/{id}");
            api.call(&owner, Method::PATCH, &path)
                .json(serde_json::json!({"name": "mine"}))
                .expect(StatusCode::NOT_FOUND)
                .await;
            api.call(&owner, Method::POST, &format!("{path}/rotate"))
                .json(serde_json::json!({"graceSeconds": 0}))
                .expect(StatusCode::NOT_FOUND)
                .await;
            api.call(&owner, Method::DELETE, &path)
                .expect(StatusCode::NOT_FOUND)
                .await;
            assert_eq!(api.get(caller, place).await.body, before.body);
        }
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
