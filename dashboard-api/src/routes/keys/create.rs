//! Making a key.

use axum::extract::State;
use axum::response::Response;
use peekaboo_storage::{Command, NewSdkKey};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::{CreatedKey, KeyKind};
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IdempotencyKey, Once, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::deadline::in_future;
use crate::routes::path::EnvironmentPath;

/// A key to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"kind": "client", "name": "shop", "origins": ["https://shop.example.com"]}))]
pub(crate) struct CreateKey {
    /// For which kind of application.
    pub kind: KeyKind,
    /// What it is for.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// The origins from which a client key may be used, as `https://shop.example.com`; empty: from any.
    #[serde(default)]
    pub origins: Vec<String>,
    /// When it stops working; never where it is left out.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    pub expires_at: Option<OffsetDateTime>,
}

/// Create a key
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys", tag = "keys",
    operation_id = "createKey", extensions(("x-permission" = json!("key.manage"))),
    params(EnvironmentPath, IdempotencyKey, WriteComment), request_body = CreateKey,
    responses((status = 201, description = "The key, with its secret.", body = CreatedKey, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn create_key(
    State(state): State<ApiState>,
    may::KeyManage(member): may::KeyManage,
    Path(path): Path<EnvironmentPath>,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<CreateKey>,
) -> Result<Response, Problem> {
    let now = state.now();
    in_future("/expiresAt", body.value.expires_at, now)?;
    let what = (
        "createKey",
        member.tenant(),
        &path.project,
        &path.environment,
    );
    let once = Once::new(&member, idempotency, what, &body);
    let command = Command::CreateSdkKey {
        project: path.project,
        environment: path.environment,
        key: NewSdkKey {
            kind: body.value.kind.into(),
            name: body.value.name,
            origins: body.value.origins,
            expires_at: body.value.expires_at,
        },
    };
    let reply = move |outcome| CreatedKey::reply(outcome, now);
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const KEYS: &str = "/organizations/acme/projects/shop/environments/staging/keys";

    #[tokio::test]
    async fn a_server_key_is_shown_once_and_a_client_key_always() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| {
            api.call(&owner, Method::POST, KEYS)
                .json(body)
                .expect(StatusCode::CREATED)
        };
        let server = create(json!({"kind": "server", "name": "backend"})).await;
        let client = create(json!({
            "kind": "client", "name": "shop", "origins": ["https://shop.example.com"]
        }))
        .await;
        assert!(server.body["secret"].as_str().unwrap().starts_with("pbs_"));
        assert!(server.body["key"].is_null());
        assert_eq!(client.body["key"], client.body["secret"]);
        let listed = api.get(&owner, KEYS).await;
        let text = listed.body.to_string();
        assert!(!text.contains(server.body["secret"].as_str().unwrap()));
        assert!(text.contains(client.body["secret"].as_str().unwrap()));
        assert_eq!(
            listed.each("name")[..2],
            ["shop", "backend"],
            "newest first"
        );
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, KEYS).json(body);
        create(json!({"kind": "admin", "name": "x"}))
            .invalid("/kind", "unknown_value")
            .await;
        create(json!({"kind": "client", "name": ""}))
            .invalid("/name", "required")
            .await;
        create(json!({"kind": "server", "name": "x", "expiresAt": "2020-01-01T00:00:00Z"}))
            .invalid("/expiresAt", "out_of_range")
            .await;
        let refused = create(json!({"kind": "client", "name": "x", "origins": ["shop"]}))
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid")
            .await;
        let pointer = refused.body["errors"][0]["pointer"].as_str().unwrap();
        assert!(pointer.starts_with("/origins"), "{pointer}");
    }
}
