//! Bringing back a flag's targeting from its history.

use axum::extract::State;
use peekaboo_storage::{AuditId, AuditState, Command, RestoredFrom};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::may;
use crate::http::{Body, IfMatch, Path, Tagged, WriteComment};
use crate::model::Targeting;
use crate::problem::Problem;
use crate::routes::path::TargetingPath;

/// Which state to bring back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"entry": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11", "state": "before"}))]
pub(crate) struct RestoreTargeting {
    /// The audit entry of a change of this flag's targeting in this environment.
    pub entry: Uuid,
    /// Which side of that change.
    pub state: RestoredState,
}

/// Which side of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RestoredState {
    /// As it was before: takes the change back.
    Before,
    /// As it was afterwards.
    After,
}

impl From<RestoredState> for AuditState {
    fn from(state: RestoredState) -> Self {
        match state {
            RestoredState::Before => AuditState::Before,
            RestoredState::After => AuditState::After,
        }
    }
}

impl From<AuditState> for RestoredState {
    fn from(state: AuditState) -> Self {
        match state {
            AuditState::Before => RestoredState::Before,
            AuditState::After => RestoredState::After,
        }
    }
}

/// Restore a flag's targeting
///
/// A new change that brings the targeting back to what an audit entry holds; it must still be valid.
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/flags/{flag}/environments/{environment}/restore",
    tag = "targeting", operation_id = "restoreTargeting", extensions(("x-permission" = json!("targeting.update"))),
    params(TargetingPath, IfMatch, WriteComment), request_body = RestoreTargeting,
    responses(
        (status = 200, description = "The targeting.", body = Targeting, headers(("ETag" = String, description = "Its version, for If-Match."))),
    ),
)]
pub(crate) async fn restore_targeting(
    State(state): State<ApiState>,
    may::TargetingUpdate(member): may::TargetingUpdate,
    Path(path): Path<TargetingPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: restore, .. }: Body<RestoreTargeting>,
) -> Result<Tagged<Targeting>, Problem> {
    let from = RestoredFrom {
        entry: AuditId::from_uuid(restore.entry),
        state: restore.state.into(),
    };
    let TargetingPath {
        project,
        environment,
        flag,
        ..
    } = path;
    let targeting = state
        .storage()
        .recorded_targeting(member.tenant(), &project, &environment, &flag, from)
        .await?;
    let command = Command::RestoreTargeting {
        project,
        environment,
        flag,
        targeting,
        from,
        expected_version: if_match.version,
    };
    super::execute(&state, &member, comment, command).await
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const CHECKOUT: &str =
        "/organizations/acme/projects/shop/flags/checkout/environments/production";

    #[tokio::test]
    async fn a_change_can_be_taken_back_and_made_again() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.toggle(&owner, "checkout", "production", true).await;
        let path = "/organizations/acme/audit?action=targeting.updated";
        let entry = api.get(&owner, path).await.each("id")[0].clone();
        let restore = |state: &str| {
            api.call(&owner, Method::POST, &format!("{CHECKOUT}/restore"))
                .json(json!({"entry": entry, "state": state}))
                .expect(StatusCode::OK)
        };
        assert_eq!(restore("before").await.body["enabled"], false);
        assert_eq!(restore("after").await.body["enabled"], true);
        assert_eq!(api.get(&owner, CHECKOUT).await.body["enabled"], true);
        let path = "/organizations/acme/audit?action=targeting.restored";
        let restored = &api.get(&owner, path).await.body["items"][0]["restoredFrom"];
        assert_eq!(*restored, json!({"entry": entry, "state": "after"}));
    }

    #[tokio::test]
    async fn an_entry_of_elsewhere_brings_nothing_back() {
        let (api, owner) = TestApi::with_shop().await;
        for flag in ["checkout", "search"] {
            api.flag(&owner, flag).await;
        }
        api.toggle(&owner, "search", "production", true).await;
        api.toggle(&owner, "checkout", "staging", true).await;
        let other = api.organization("other", "eve@example.com").await;
        let eve = api.token(other, peekaboo_policy::BuiltIn::Owner).await;
        api.call(&eve, Method::POST, "/organizations/other/projects")
            .json(json!({"key": "shop", "name": "Shop"}))
            .expect(StatusCode::CREATED)
            .await;
        let flags = "/organizations/other/projects/shop/flags";
        api.call(&eve, Method::POST, flags)
            .json(json!({"key": "checkout", "type": "boolean"}))
            .expect(StatusCode::CREATED)
            .await;
        api.call(
            &eve,
            Method::PATCH,
            &format!("{flags}/checkout/environments/production"),
        )
        .json(json!({"enabled": true}))
        .expect(StatusCode::OK)
        .await;

        let entry = async |caller, organization: &str, filter: &str| {
            let path =
                format!("/organizations/{organization}/audit?action=targeting.updated{filter}");
            let listed = api.get(caller, &path).await;
            listed.each("id")[0].clone()
        };
        let before = api.get(&owner, CHECKOUT).await;
        let elsewhere = [
            (
                "of another flag",
                entry(&owner, "acme", "&flag=search").await,
            ),
            (
                "of another environment",
                entry(&owner, "acme", "&flag=checkout").await,
            ),
            ("of another organisation", entry(&eve, "other", "").await),
        ];
        for (whose, entry) in elsewhere {
            for state in ["before", "after"] {
                let answer = api
                    .call(&owner, Method::POST, &format!("{CHECKOUT}/restore"))
                    .json(json!({"entry": entry, "state": state}))
                    .send()
                    .await;
                assert_eq!(
                    answer.status,
                    StatusCode::NOT_FOUND,
                    "{whose}: {}",
                    answer.body
                );
            }
        }
        assert_eq!(api.get(&owner, CHECKOUT).await.body, before.body);
    }

    #[tokio::test]
    async fn an_entry_of_something_else_brings_nothing_back() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let created = api
            .get(&owner, "/organizations/acme/audit?action=project.created")
            .await;
        let restore = |entry: &serde_json::Value, state: &str| {
            api.call(&owner, Method::POST, &format!("{CHECKOUT}/restore"))
                .json(json!({"entry": entry, "state": state}))
        };
        restore(created.each("id")[0], "after")
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
        let nothing = json!("0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11");
        restore(&nothing, "after")
            .expect(StatusCode::NOT_FOUND)
            .await;
        restore(&nothing, "during")
            .invalid("/state", "unknown_value")
            .await;
        restore(&json!("nope"), "after")
            .invalid("/entry", "malformed_value")
            .await;
    }
}
