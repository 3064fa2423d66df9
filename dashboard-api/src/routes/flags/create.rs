//! Making a flag.

use axum::extract::State;
use axum::response::Response;
use peekaboo_flags::model::Metadata;
use peekaboo_storage::{Command, NewFlag, SubjectKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Flag, FlagType, Variation};
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IdempotencyKey, Once, Path, Reply, Tagged, WriteComment};
use crate::problem::Problem;
use crate::routes::path::ProjectPath;

/// A flag to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "key": "new-checkout", "name": "New checkout", "type": "boolean", "tags": ["checkout"], "clientVisible": true
}))]
pub(crate) struct CreateFlag {
    /// Its key in code and URLs.
    #[schema(value_type = String, pattern = "^[A-Za-z0-9_][A-Za-z0-9._:|~-]{0,255}$")]
    pub key: SubjectKey,
    /// Its name; the key where it is left out.
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
    /// Of what type its values are.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// What it can serve; a boolean flag has `on` and `off` where it is left out. The flag starts disabled everywhere,
    /// serving the last of them while off and the first once on.
    #[schema(nullable = false)]
    pub variations: Option<Vec<Variation>>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Whether client keys (browsers) may see its value.
    #[serde(default)]
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    #[serde(default)]
    pub track: bool,
    /// What applications get beside its value, for their tools: strings, numbers and booleans, as OpenFeature's flag
    /// metadata.
    #[serde(default)]
    #[schema(value_type = std::collections::BTreeMap<String, serde_json::Value>)]
    pub metadata: Metadata,
    /// What its splits are made with, for ever; drawn where it is left out. A flag that comes from elsewhere brings its
    /// own, so that everybody keeps the variation they have.
    #[schema(max_length = 1024, nullable = false)]
    pub salt: Option<String>,
}

/// Create a flag
///
/// It exists at once in every environment, disabled.
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/flags", tag = "flags", operation_id = "createFlag",
    extensions(("x-permission" = json!("flag.create"))), params(ProjectPath, IdempotencyKey, WriteComment),
    request_body = CreateFlag,
    responses(
        (status = 201, description = "The flag.", body = Flag, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "The key is taken."),
    ),
)]
pub(crate) async fn create_flag(
    State(state): State<ApiState>,
    may::FlagCreate(member): may::FlagCreate,
    Path(path): Path<ProjectPath>,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<CreateFlag>,
) -> Result<Response, Problem> {
    let what = ("createFlag", member.tenant(), &path.project);
    let once = Once::new(&member, idempotency, what, &body);
    let command = Command::CreateFlag {
        project: path.project,
        flag: new_flag(body.value)?,
    };
    let reply = |outcome| {
        let flag = Flag::of(outcome)?;
        Reply::tagged(&Tagged::created(flag.version, flag))
    };
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

fn new_flag(create: CreateFlag) -> Result<NewFlag, Problem> {
    let variations = match (create.variations, create.type_) {
        (Some(variations), _) => variations,
        (None, FlagType::Boolean) => vec![switch("on", true), switch("off", false)],
        (None, flag_type) => {
            let flag_type = peekaboo_flags::FlagType::from(flag_type);
            return Err(Problem::field(
                "/variations",
                "required",
                format!("a {flag_type} flag needs `variations`"),
            ));
        }
    };
    Ok(NewFlag {
        name: create
            .name
            .unwrap_or_else(|| create.key.as_str().to_owned()),
        key: create.key,
        description: create.description,
        type_: create.type_.into(),
        variations: variations.into_iter().map(Into::into).collect(),
        tags: create.tags,
        client_visible: create.client_visible,
        track: create.track,
        metadata: create.metadata,
        salt: create.salt,
    })
}

fn switch(key: &str, value: bool) -> Variation {
    Variation {
        key: key.to_owned(),
        value: value.into(),
        name: None,
        description: None,
    }
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const FLAGS: &str = "/organizations/acme/projects/shop/flags";

    #[tokio::test]
    async fn a_boolean_flag_needs_no_more_than_a_key() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api.flag(&owner, "checkout").await;
        assert_eq!(made.body["name"], "checkout");
        assert_eq!(
            made.body["variations"],
            json!([{"key": "on", "value": true}, {"key": "off", "value": false}])
        );
        assert_eq!(made.etag(), "\"1\"");
        let environments = made.body["environments"].as_object().unwrap();
        assert_eq!(environments.len(), 3);
        assert!(
            environments
                .values()
                .all(|environment| environment["enabled"] == false)
        );
        let targeting = api
            .get(&owner, &format!("{FLAGS}/checkout/environments/production"))
            .await;
        assert_eq!(targeting.body["fallthrough"], json!({"variation": "on"}));
        assert_eq!(targeting.body["offVariation"], "off");
    }

    #[tokio::test]
    async fn a_flag_of_another_type_brings_its_values() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, FLAGS).json(body);
        create(json!({"key": "theme", "type": "string"}))
            .invalid("/variations", "required")
            .await;
        let variations = json!([
            {"key": "dark", "value": "#000", "name": "Dark"},
            {"key": "light", "value": "#fff", "description": "As paper"},
        ]);
        let made = create(json!({
            "key": "theme", "name": "Theme", "type": "string", "variations": variations,
            "tags": ["ui"], "clientVisible": true, "track": true
        }))
        .expect(StatusCode::CREATED)
        .await;
        assert_eq!(made.body["variations"], variations);
        assert_eq!(made.body["clientVisible"], true);
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, FLAGS).json(body);
        create(json!({"key": "Bad Key", "type": "boolean"}))
            .invalid("/key", "malformed_key")
            .await;
        create(json!({"key": "a", "type": "maybe"}))
            .invalid("/type", "unknown_value")
            .await;
        let mixed = json!([{"key": "a", "value": 1}, {"key": "b", "value": "two"}]);
        create(json!({"key": "a", "type": "number", "variations": mixed}))
            .invalid("/variations/1", "wrong_type")
            .await;
        api.flag(&owner, "taken").await;
        create(json!({"key": "taken", "type": "boolean"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn a_request_that_is_sent_twice_makes_one_flag() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |key: &str, flag: &str| {
            api.call(&owner, Method::POST, FLAGS)
                .header("idempotency-key", key)
                .json(json!({"key": flag, "type": "boolean"}))
        };
        let first = create("one", "checkout").expect(StatusCode::CREATED).await;
        let second = create("one", "checkout").expect(StatusCode::CREATED).await;
        assert_eq!(second.body, first.body);
        assert_eq!(second.etag(), first.etag());
        assert_eq!(second.headers["idempotency-replayed"], "true");
        assert!(!first.headers.contains_key("idempotency-replayed"));
        create("one", "other")
            .invalid("Idempotency-Key", "reused")
            .await;
        create("two", "checkout")
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
        create("", "checkout")
            .invalid("Idempotency-Key", "malformed_value")
            .await;
    }

    #[tokio::test]
    async fn a_request_that_was_refused_can_be_sent_again() {
        let (api, owner) = TestApi::with_shop().await;
        let body = json!({"key": "checkout", "type": "boolean"});
        let create = || {
            api.call(&owner, Method::POST, FLAGS)
                .header("idempotency-key", "one")
                .json(body.clone())
        };
        api.flag(&owner, "checkout").await;
        create()
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
        api.call(&owner, Method::DELETE, &format!("{FLAGS}/checkout"))
            .expect(StatusCode::NO_CONTENT)
            .await;
        create().expect(StatusCode::CREATED).await;
    }

    #[tokio::test]
    async fn a_secret_that_is_answered_again_is_not_in_the_database() {
        let (api, owner) = TestApi::with_shop().await;
        let create = || {
            api.call(&owner, Method::POST, "/organizations/acme/tokens")
                .header("idempotency-key", "one")
                .json(json!({"name": "ci", "role": "viewer"}))
                .expect(StatusCode::CREATED)
        };
        let (first, second) = (create().await, create().await);
        assert_eq!(first.body, second.body);
        let secret = first.body["token"].as_str().unwrap();
        for file in api.database_files() {
            let stored = std::fs::read(&file).unwrap();
            let found = stored
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }
}
