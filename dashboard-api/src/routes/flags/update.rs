//! Changing a flag's definition, archiving and restoring it.

use axum::extract::State;
use peekaboo_flags::model::Metadata;
use peekaboo_storage::{Command, FlagPatch};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Flag, Variation};
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IfMatch, Path, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::FlagPath;

/// What changes of a flag's definition; each member given replaces that member whole, the others stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"name": "Checkout, rebuilt", "tags": ["checkout", "2026"]}))]
pub(crate) struct UpdateFlag {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
    /// What it can serve. A variation that is served somewhere cannot go.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub variations: Option<Vec<Variation>>,
    /// Words to find it by.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub tags: Option<Vec<String>>,
    /// Whether client keys (browsers) may see its value.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub client_visible: Option<bool>,
    /// Whether evaluations are reported as exposures.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub track: Option<bool>,
    /// What applications get beside its value, for their tools: strings, numbers and booleans, as OpenFeature's flag
    /// metadata. `{}` removes all of it.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, serde_json::Value>>, nullable = false)]
    pub metadata: Option<Metadata>,
    /// An archived flag answers `FLAG_NOT_FOUND` everywhere; its targeting is kept for when it comes back.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub archived: Option<bool>,
}

/// Change a flag
///
/// A change of what is served (variations, visibility, archiving) reaches every environment at once.
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/flags/{flag}", tag = "flags", operation_id = "updateFlag",
    extensions(("x-permission" = json!("flag.update"))), params(FlagPath, IfMatch, WriteComment), request_body = UpdateFlag,
    responses(
        (status = 200, description = "The flag.", body = Flag, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "Others depend on what would go."),
    ),
)]
pub(crate) async fn update_flag(
    State(state): State<ApiState>,
    may::FlagRead(member): may::FlagRead,
    Path(path): Path<FlagPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateFlag>,
) -> Result<Tagged<Flag>, Problem> {
    let variations = |variations: Vec<Variation>| variations.into_iter().map(Into::into).collect();
    let command = Command::UpdateFlag {
        project: path.project,
        flag: path.flag,
        patch: FlagPatch {
            name: change.name,
            description: change.description,
            variations: change.variations.map(variations),
            tags: change.tags,
            client_visible: change.client_visible,
            track: change.track,
            metadata: change.metadata,
            archived: change.archived,
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    Ok(Flag::of(outcome)?.tagged())
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::{Value, json};

    const FLAG: &str = "/organizations/acme/projects/shop/flags/checkout";
    const PRODUCTION: &str =
        "/organizations/acme/projects/shop/flags/checkout/environments/production";

    #[tokio::test]
    async fn what_is_given_changes_and_the_rest_stays() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api.flag(&owner, "checkout").await;
        let changed = api
            .call(&owner, Method::PATCH, FLAG)
            .json(json!({"name": "Checkout", "tags": ["b", "a"], "clientVisible": true}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(changed.body["name"], "Checkout");
        assert_eq!(changed.body["tags"], json!(["a", "b"]));
        assert_eq!(changed.body["variations"], made.body["variations"]);
        assert_eq!(changed.etag(), "\"2\"");
        assert_eq!(api.get(&owner, FLAG).await.body, changed.body);
    }

    #[tokio::test]
    async fn a_change_of_nothing_changes_nothing() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api.flag(&owner, "checkout").await;
        let same = api
            .call(&owner, Method::PATCH, FLAG)
            .json(json!({"name": "checkout"}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(same.body, made.body);
        assert_eq!(same.etag(), made.etag());
    }

    #[tokio::test]
    async fn a_change_against_an_older_version_is_refused_with_the_present_one() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api.flag(&owner, "checkout").await;
        let change = |name: &str| {
            api.call(&owner, Method::PATCH, FLAG)
                .header("if-match", made.etag())
                .json(json!({"name": name}))
        };
        let changed = change("First").expect(StatusCode::OK).await;
        let refused = change("Second")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
    }

    #[tokio::test]
    async fn an_archived_flag_comes_back_as_it_was() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.toggle(&owner, "checkout", "production", true).await;
        let archive = |archived: bool| {
            api.call(&owner, Method::PATCH, FLAG)
                .json(json!({"archived": archived}))
                .expect(StatusCode::OK)
        };
        assert!(archive(true).await.body["archivedAt"].is_string());
        let evaluate = async || {
            api.call(
                &owner,
                Method::POST,
                "/organizations/acme/projects/shop/environments/production/evaluate",
            )
            .json(json!({"context": {}, "flags": ["checkout"]}))
            .expect(StatusCode::OK)
            .await
            .body["results"]["checkout"]
                .clone()
        };
        assert_eq!(evaluate().await["errorCode"], "FLAG_NOT_FOUND");
        assert_eq!(archive(false).await.body["archivedAt"], Value::Null);
        assert_eq!(evaluate().await["value"], true);
    }

    #[tokio::test]
    async fn a_variation_that_is_served_cannot_go() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.call(&owner, Method::PATCH, FLAG)
            .json(json!({"variations": [{"key": "on", "value": true}]}))
            .invalid("/environments/production/offVariation", "unknown_variation")
            .await;
        api.get(&owner, PRODUCTION).await;
        let kept = api.get(&owner, FLAG).await;
        assert_eq!(kept.body["variations"].as_array().unwrap().len(), 2);
    }

    #[tokio::test]
    async fn the_key_and_the_type_never_change() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        for member in ["key", "type"] {
            api.call(&owner, Method::PATCH, FLAG)
                .json(json!({member: "string"}))
                .invalid(&format!("/{member}"), "unknown_field")
                .await;
        }
    }
}
