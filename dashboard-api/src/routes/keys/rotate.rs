//! Replacing a key.

use axum::extract::State;
use axum::response::Response;
use peekaboo_storage::{Command, SdkKeyId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::CreatedKey;
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IdempotencyKey, Once, Path, WriteComment};
use crate::problem::Problem;
use crate::routes::path::KeyPath;

const MAX_GRACE_SECONDS: u32 = 90 * 24 * 60 * 60;

/// How a key is replaced.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"graceSeconds": 86400}))]
pub(crate) struct RotateKey {
    /// How long the old key goes on working; at most 90 days.
    #[schema(minimum = 0, maximum = 7_776_000)]
    pub grace_seconds: u32,
}

/// Replace a key
///
/// Makes a new one of the same kind, name and origins; the old one goes on working for the time given.
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/environments/{environment}/keys/{key}/rotate",
    tag = "keys", operation_id = "rotateKey", extensions(("x-permission" = json!("key.manage"))),
    params(KeyPath, IdempotencyKey, WriteComment), request_body = RotateKey,
    responses(
        (status = 201, description = "The new key, with its secret.", body = CreatedKey, headers(("ETag" = String, description = "Its version, for If-Match."))),
    ),
)]
pub(crate) async fn rotate_key(
    State(state): State<ApiState>,
    may::KeyManage(member): may::KeyManage,
    Path(path): Path<KeyPath>,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<RotateKey>,
) -> Result<Response, Problem> {
    let grace = body.value.grace_seconds;
    if grace > MAX_GRACE_SECONDS {
        return Err(Problem::field(
            "/graceSeconds",
            "out_of_range",
            format!(
                "the old key can keep working for at most {MAX_GRACE_SECONDS} seconds (90 days)"
            ),
        ));
    }
    let what = ("rotateKey", member.tenant(), path.key);
    let once = Once::new(&member, idempotency, what, &body);
    let command = Command::RotateSdkKey {
        project: path.project,
        environment: path.environment,
        key: SdkKeyId::from_uuid(path.key),
        grace_seconds: grace,
    };
    let now = state.now();
    let reply = move |outcome| CreatedKey::reply(outcome, now);
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const KEYS: &str = "/organizations/acme/projects/shop/environments/staging/keys";

    #[tokio::test]
    async fn a_rotated_key_works_through_its_grace() {
        let (api, owner) = TestApi::with_shop().await;
        let old = api
            .call(&owner, Method::POST, KEYS)
            .json(json!({"kind": "server", "name": "backend"}))
            .expect(StatusCode::CREATED)
            .await;
        let path = format!("{KEYS}/{}", old.body["id"].as_str().unwrap());
        let rotate = |seconds: u32| {
            api.call(&owner, Method::POST, &format!("{path}/rotate"))
                .json(json!({"graceSeconds": seconds}))
        };
        rotate(MAX_GRACE_SECONDS + 1)
            .invalid("/graceSeconds", "out_of_range")
            .await;
        let new = rotate(3_600).expect(StatusCode::CREATED).await;
        assert_eq!(new.body["name"], "backend");
        assert_ne!(new.body["secret"], old.body["secret"]);
        let status = |listed: &crate::harness::Answer, id: &serde_json::Value| {
            let items = listed.body["items"].as_array().unwrap();
            items.iter().find(|key| key["id"] == *id).unwrap()["status"].clone()
        };
        let listed = api.get(&owner, KEYS).await;
        assert_eq!(status(&listed, &old.body["id"]), "expiring");
        assert_eq!(status(&listed, &new.body["id"]), "active");
        api.clock.advance(time::Duration::hours(1));
        let listed = api.get(&owner, KEYS).await;
        assert_eq!(status(&listed, &old.body["id"]), "expired");
    }
}
