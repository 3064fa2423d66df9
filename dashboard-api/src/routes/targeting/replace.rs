//! Replacing a flag's targeting in one environment.

use axum::extract::State;
use peekaboo_storage::{self as storage, Command, TargetingPatch};

use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, Path, RequiredIfMatch, Tagged, WriteComment};
use crate::model::{ReplaceTargeting, Targeting};
use crate::problem::Problem;
use crate::routes::path::TargetingPath;

/// Replace a flag's targeting
///
/// Against the version that was read (If-Match), so that nobody's change is lost.
#[utoipa::path(
    put, path = "/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}", tag = "targeting",
    operation_id = "replaceTargeting", extensions(("x-permission" = json!("targeting.update"))),
    params(TargetingPath, RequiredIfMatch, WriteComment), request_body = ReplaceTargeting,
    responses(
        (status = 200, description = "The targeting.", body = Targeting, headers(("ETag" = String, description = "Its version, for If-Match."))),
    ),
)]
pub(crate) async fn replace_targeting(
    State(state): State<ApiState>,
    may::TargetingUpdate(member): may::TargetingUpdate,
    Path(path): Path<TargetingPath>,
    if_match: RequiredIfMatch,
    comment: WriteComment,
    Body {
        value: targeting, ..
    }: Body<ReplaceTargeting>,
) -> Result<Tagged<Targeting>, Problem> {
    let command = Command::UpdateTargeting {
        project: path.project,
        environment: path.environment,
        flag: path.flag,
        patch: TargetingPatch::from(storage::Targeting::from(targeting)),
        expected_version: if_match.version,
    };
    super::execute(&state, &member, comment, command).await
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::{Value, json};

    const CHECKOUT: &str =
        "/organizations/acme/projects/shop/flags/checkout/environments/production";

    fn targeting() -> Value {
        json!({
            "enabled": true,
            "offVariation": null,
            "prerequisites": [],
            "targets": [{"variation": "off", "attribute": "targetingKey", "values": ["user-1"]}],
            "rules": [{
                "id": "nordics",
                "when": {"all": [
                    {"attribute": "country", "op": "in", "values": ["SE", "NO"], "negate": false, "ignoreCase": false},
                    {"not": {"attribute": "beta", "op": "exists", "values": [], "negate": false, "ignoreCase": false}},
                ]},
                "serve": {"split": {"by": "targetingKey", "weights": [["on", 10_000], ["off", 90_000]]}},
            }],
            "fallthrough": {"variation": "off"},
        })
    }

    #[tokio::test]
    async fn what_is_written_is_what_is_read() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let read = api.get(&owner, CHECKOUT).await;
        let written = api
            .call(&owner, Method::PUT, CHECKOUT)
            .header("if-match", read.etag())
            .json(targeting())
            .expect(StatusCode::OK)
            .await;
        assert_ne!(written.etag(), read.etag());
        let back = api.get(&owner, CHECKOUT).await;
        assert_eq!(back.body, written.body);
        assert_eq!(back.body["targets"], targeting()["targets"]);
        assert_eq!(
            back.body["rules"][0]["serve"],
            targeting()["rules"][0]["serve"]
        );
        assert_eq!(back.body["offVariation"], Value::Null);
        let other = CHECKOUT.replace("production", "staging");
        assert_eq!(api.get(&owner, &other).await.body["enabled"], false);
    }

    #[tokio::test]
    async fn nobody_replaces_what_they_have_not_seen() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let read = api.get(&owner, CHECKOUT).await;
        let put = || api.call(&owner, Method::PUT, CHECKOUT).json(targeting());
        put()
            .refused(StatusCode::PRECONDITION_REQUIRED, "precondition_required")
            .await;
        let changed = api.toggle(&owner, "checkout", "production", true).await;
        let refused = put()
            .header("if-match", read.etag())
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
        put().header("if-match", "*").expect(StatusCode::OK).await;
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        for (pointer, value, expected, code) in [
            (
                "/fallthrough",
                json!({"variation": "maybe"}),
                "/fallthrough/variation",
                "unknown_variation",
            ),
            (
                "/offVariation",
                json!("maybe"),
                "/offVariation",
                "unknown_variation",
            ),
            (
                "/rules/0/serve",
                json!({"split": {"weights": [["on", 10_000], ["off", 80_000]]}}),
                "/rules/0/serve/split/weights",
                "weights_sum",
            ),
            (
                "/rules/0/when",
                json!({"attribute": "email", "op": "matches", "values": ["("]}),
                "/rules/0/when/values/0",
                "malformed_value",
            ),
            (
                "/rules/0/when",
                json!({"attribute": "ip", "op": "inCidr", "values": ["10.0.0.0/99"]}),
                "/rules/0/when/values/0",
                "malformed_value",
            ),
            (
                "/rules/0/when",
                json!({"segment": "nope"}),
                "/rules/0/when/segment",
                "unknown_segment",
            ),
            (
                "/prerequisites",
                json!([{"flag": "nope", "variations": ["on"]}]),
                "/prerequisites/0/flag",
                "unknown_flag",
            ),
            (
                "/prerequisites",
                json!([{"flag": "checkout", "variations": ["on"]}]),
                "/prerequisites/0/flag",
                "cycle",
            ),
            ("/enabled", json!("yes"), "/enabled", "wrong_type"),
        ] {
            let mut body = targeting();
            *body.pointer_mut(pointer).unwrap() = value;
            api.call(&owner, Method::PUT, CHECKOUT)
                .header("if-match", "*")
                .json(body)
                .invalid(expected, code)
                .await;
        }
    }

    #[tokio::test]
    async fn a_body_that_cannot_be_read_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let put = || {
            api.call(&owner, Method::PUT, CHECKOUT)
                .header("if-match", "*")
        };
        put()
            .body("{}")
            .refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type")
            .await;
        let json = || put().header("content-type", "application/json");
        json()
            .body("{")
            .refused(StatusCode::BAD_REQUEST, "malformed")
            .await;
        let when = format!(
            "{}{{\"all\":[]}}{}",
            "{\"not\":".repeat(5_000),
            "}".repeat(5_000)
        );
        let deep = format!("{{\"rules\":[{{\"when\":{when}}}]}}");
        json()
            .body(deep)
            .refused(StatusCode::BAD_REQUEST, "malformed")
            .await;
        let large = format!("{{\"x\":\"{}\"}}", "x".repeat(9 * 1024 * 1024));
        let refused = json()
            .body(large)
            .refused(StatusCode::PAYLOAD_TOO_LARGE, "too_large")
            .await;
        assert_eq!(
            refused.body["limit"],
            json!({"name": "maxBodyBytes", "max": 8 * 1024 * 1024})
        );
    }
}
