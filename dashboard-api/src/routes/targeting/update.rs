//! Changing parts of a flag's targeting in one environment; the toggle.

use axum::extract::State;
use peekaboo_storage::Command;

use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IfMatch, Path, Tagged, WriteComment};
use crate::model::{Targeting, UpdateTargeting};
use crate::problem::Problem;
use crate::routes::path::TargetingPath;

/// Change a flag's targeting
///
/// `{"enabled": true}` turns the flag on there.
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}", tag = "targeting",
    operation_id = "updateTargeting", extensions(("x-permission" = json!("targeting.update"))),
    params(TargetingPath, IfMatch, WriteComment), request_body = UpdateTargeting,
    responses(
        (status = 200, description = "The targeting.", body = Targeting, headers(("ETag" = String, description = "Its version, for If-Match."))),
    ),
)]
pub(crate) async fn update_targeting(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<TargetingPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateTargeting>,
) -> Result<Tagged<Targeting>, Problem> {
    let command = Command::UpdateTargeting {
        project: path.project,
        environment: path.environment,
        flag: path.flag,
        patch: change.into(),
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

    #[tokio::test]
    async fn a_toggle_changes_one_environment_and_nothing_else() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let before = api.get(&owner, CHECKOUT).await;
        let after = api.toggle(&owner, "checkout", "production", true).await;
        let mut expected = before.body.clone();
        expected["enabled"] = json!(true);
        expected["version"] = after.body["version"].clone();
        expected["updatedAt"] = after.body["updatedAt"].clone();
        assert_eq!(after.body, expected);
        let flag = api
            .get(&owner, "/organizations/acme/projects/shop/flags/checkout")
            .await;
        assert_eq!(flag.body["environments"]["production"]["enabled"], true);
        assert_eq!(flag.body["environments"]["staging"]["enabled"], false);
    }

    #[tokio::test]
    async fn a_member_given_replaces_that_member_whole() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let patch = |body| {
            api.call(&owner, Method::PATCH, CHECKOUT)
                .json(body)
                .expect(StatusCode::OK)
        };
        let split =
            json!({"split": {"by": "targetingKey", "weights": [["on", 50_000], ["off", 50_000]]}});
        assert_eq!(
            patch(json!({"fallthrough": split})).await.body["fallthrough"],
            split
        );
        let one = json!({"variation": "on"});
        assert_eq!(
            patch(json!({"fallthrough": one})).await.body["fallthrough"],
            one
        );
        assert_eq!(
            patch(json!({"offVariation": null})).await.body["offVariation"],
            Value::Null
        );
        assert_eq!(patch(json!({})).await.body["offVariation"], Value::Null);
    }

    #[tokio::test]
    async fn a_member_that_cannot_be_null_refuses_it() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        for member in ["enabled", "rules", "fallthrough"] {
            let call = api
                .call(&owner, Method::PATCH, CHECKOUT)
                .json(json!({member: null}));
            call.invalid(&format!("/{member}"), "wrong_type").await;
        }
    }

    #[tokio::test]
    async fn of_two_who_edit_the_same_version_one_is_told() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let read = api.get(&owner, CHECKOUT).await;
        let patch = |enabled: bool| {
            api.call(&owner, Method::PATCH, CHECKOUT)
                .header("if-match", read.etag())
                .json(json!({"enabled": enabled}))
        };
        patch(true).expect(StatusCode::OK).await;
        patch(false)
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
    }

    #[tokio::test]
    async fn a_cycle_over_two_flags_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.flag(&owner, "payments").await;
        let need = |flag: &str, other: &str| {
            let path = CHECKOUT.replace("checkout", flag);
            api.call(&owner, Method::PATCH, &path)
                .json(json!({"prerequisites": [{"flag": other, "variations": ["on"]}]}))
        };
        need("checkout", "payments").expect(StatusCode::OK).await;
        need("payments", "checkout")
            .invalid("/prerequisites/0/flag", "cycle")
            .await;
    }

    #[tokio::test]
    async fn what_is_not_there_is_not_found() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        for path in [
            CHECKOUT.replace("checkout", "nope"),
            CHECKOUT.replace("production", "nope"),
            CHECKOUT.replace("shop", "nope"),
            CHECKOUT.replace("checkout", "No%20Key"),
        ] {
            api.call(&owner, Method::GET, &path)
                .expect(StatusCode::NOT_FOUND)
                .await;
            api.call(&owner, Method::PATCH, &path)
                .json(json!({"enabled": true}))
                .expect(StatusCode::NOT_FOUND)
                .await;
        }
    }
}
