//! Changing a key's name, origins or end.

use axum::extract::State;
use peekaboo_storage::{Command, SdkKeyId, SdkKeyPatch};
use serde::Deserialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::Key;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IfMatch, Path, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::KeyPath;

/// What changes of a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"origins": ["https://shop.example.com"]}))]
pub(crate) struct UpdateKey {
    /// What it is for.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// The origins from which a client key may be used; empty: from any.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub origins: Option<Vec<String>>,
    /// When it stops working; null: never.
    #[serde(default, deserialize_with = "crate::model::present_time")]
    #[schema(value_type = Option<OffsetDateTime>)]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub expires_at: Option<Option<OffsetDateTime>>,
}

/// Change a key
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys/{key}", tag = "keys",
    operation_id = "updateKey", extensions(("x-permission" = json!("key.manage"))), params(KeyPath, IfMatch, WriteComment),
    request_body = UpdateKey,
    responses(
        (status = 200, description = "The key.", body = Key, headers(("ETag" = String, description = "Its version, for If-Match."))),
    ),
)]
pub(crate) async fn update_key(
    State(state): State<ApiState>,
    may::KeyManage(member): may::KeyManage,
    Path(path): Path<KeyPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateKey>,
) -> Result<Tagged<Key>, Problem> {
    // Revoking is what ends a key at once.
    crate::routes::deadline::in_future("/expiresAt", change.expires_at.flatten(), state.now())?;
    let command = Command::UpdateSdkKey {
        project: path.project,
        environment: path.environment,
        key: SdkKeyId::from_uuid(path.key),
        patch: SdkKeyPatch {
            name: change.name,
            origins: change.origins,
            expires_at: change.expires_at,
        },
        expected_version: if_match.version,
    };
    Key::change(&state, &member, comment, command).await
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const KEYS: &str = "/organizations/acme/projects/shop/environments/staging/keys";

    #[tokio::test]
    async fn a_key_changes_its_name_origins_and_end() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, KEYS)
            .json(json!({"kind": "client", "name": "shop", "expiresAt": "2027-01-01T00:00:00Z"}))
            .expect(StatusCode::CREATED)
            .await;
        let path = format!("{KEYS}/{}", made.body["id"].as_str().unwrap());
        let change = |tag: &str, body| {
            api.call(&owner, Method::PATCH, &path)
                .header("if-match", tag)
                .json(body)
        };
        let body =
            json!({"name": "Shop", "origins": ["https://shop.example.com"], "expiresAt": null});
        let changed = change(made.etag(), body).expect(StatusCode::OK).await;
        assert_eq!(changed.body["name"], "Shop");
        assert_eq!(changed.body["status"], "active");
        let refused = change(made.etag(), json!({"name": "x"}))
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
        change("*", json!({"expiresAt": "2020-01-01T00:00:00Z"}))
            .invalid("/expiresAt", "out_of_range")
            .await;
    }
}
