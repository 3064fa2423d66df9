//! Everything that people set in one environment, as a file holds it.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use peekaboo_flags::model::Metadata;
use peekaboo_storage as storage;
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::ToSchema;

use super::flags::{FlagType, Variation};
use super::path::EnvironmentPath;
use crate::ApiState;
use crate::auth::may;
use crate::http::Path;
use crate::model::{Condition, Prerequisite, Rule, Serve, Target};
use crate::problem::Problem;

/// An environment's ruleset, with what only people see of it and the versions to change it against.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EnvironmentExport {
    /// The history that `version` counts in.
    pub epoch: String,
    /// The version of the environment's ruleset.
    pub version: i64,
    /// The flags that applications get, by key.
    pub flags: BTreeMap<String, ExportedFlag>,
    /// Archived flags, which applications do not get, by key.
    pub archived: BTreeMap<String, ExportedFlag>,
    /// The segments, by key.
    pub segments: BTreeMap<String, ExportedSegment>,
}

/// A flag's definition and its targeting in the environment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportedFlag {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Of what type its values are.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// What it can serve, in the order in which people think of it.
    #[serde(serialize_with = "in_order")]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub variations: Vec<(String, Value)>,
    /// What people say of its variations, where they do.
    pub variation_details: BTreeMap<String, VariationDetails>,
    /// Whether client keys (browsers) may see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What applications get beside its value, for their tools.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub metadata: Metadata,
    /// Seeds the splits and bucket conditions that carry no seed of their own.
    pub salt: String,
    /// Whether the flag is on.
    pub enabled: bool,
    /// What is served where the flag is off; null: the caller's default.
    #[schema(required)]
    pub off_variation: Option<String>,
    /// Other flags that must be enabled and serve one of these variations.
    pub prerequisites: Vec<Prerequisite>,
    /// Keys that always get a variation.
    pub targets: Vec<Target>,
    /// The first that matches decides.
    pub rules: Vec<Rule>,
    /// What is served where nothing above decided.
    pub fallthrough: Serve,
    /// The version of its targeting there.
    pub version: i64,
    /// The version of its definition.
    pub definition_version: i64,
}

/// What people say of a variation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VariationDetails {
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub description: Option<String>,
}

/// A segment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExportedSegment {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The attribute of which `included` and `excluded` list values.
    pub attribute: String,
    /// Keys that belong whatever else holds.
    pub included: Vec<Value>,
    /// Keys that do not belong unless included.
    pub excluded: Vec<Value>,
    /// Decides for all others.
    pub when: Condition,
    /// Its version.
    pub version: i64,
}

/// Export an environment
///
/// Everything that people set there, at one version: what `peekaboo export` writes and `peekaboo plan` compares with.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/export",
    tag = "environments", operation_id = "exportEnvironment", extensions(("x-permission" = json!("environment.read"))),
    params(EnvironmentPath),
    responses((status = 200, description = "The flags and segments.", body = EnvironmentExport)),
)]
pub(crate) async fn export_environment(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
) -> Result<Json<EnvironmentExport>, Problem> {
    let found = state
        .storage()
        .export(member.tenant(), &path.project, &path.environment)
        .await?;
    let what = storage::Entity::Environment;
    let export = found.ok_or(storage::Error::NotFound { what })?;
    Ok(Json(export.into()))
}

impl From<storage::EnvironmentExport> for EnvironmentExport {
    fn from(export: storage::EnvironmentExport) -> Self {
        let (mut flags, mut archived) = (BTreeMap::new(), BTreeMap::new());
        for exported in export.flags {
            let list = match exported.flag.archived_at {
                None => &mut flags,
                Some(_) => &mut archived,
            };
            list.insert(exported.flag.key.to_string(), exported.into());
        }
        let segments = export.segments.into_iter();
        Self {
            epoch: export.environment.epoch,
            version: export.environment.version,
            flags,
            archived,
            segments: segments
                .map(|segment| (segment.key.to_string(), segment.into()))
                .collect(),
        }
    }
}

impl From<storage::ExportedFlag> for ExportedFlag {
    fn from(storage::ExportedFlag { flag, targeting }: storage::ExportedFlag) -> Self {
        let version = targeting.version;
        let targeting = targeting.targeting;
        let mut variations = Vec::with_capacity(flag.variations.len());
        let mut variation_details = BTreeMap::new();
        for variation in flag.variations.into_iter().map(Variation::from) {
            let (name, description) = (variation.name, variation.description);
            if name.is_some() || description.is_some() {
                let details = VariationDetails { name, description };
                variation_details.insert(variation.key.clone(), details);
            }
            variations.push((variation.key, variation.value));
        }
        Self {
            name: flag.name,
            description: flag.description,
            tags: flag.tags,
            type_: flag.type_.into(),
            variations,
            variation_details,
            client_visible: flag.client_visible,
            track: flag.track,
            metadata: flag.metadata,
            salt: flag.salt,
            enabled: targeting.enabled,
            off_variation: targeting.off_variation,
            prerequisites: targeting
                .prerequisites
                .into_iter()
                .map(Into::into)
                .collect(),
            targets: targeting.targets.into_iter().map(Into::into).collect(),
            rules: targeting.rules.into_iter().map(Into::into).collect(),
            fallthrough: targeting.fallthrough.into(),
            version,
            definition_version: flag.version,
        }
    }
}

impl From<storage::Segment> for ExportedSegment {
    fn from(segment: storage::Segment) -> Self {
        Self {
            name: segment.name,
            description: segment.description,
            attribute: segment.attribute,
            included: segment.included,
            excluded: segment.excluded,
            when: segment.when.into(),
            version: segment.version,
        }
    }
}

/// An object whose members keep their order.
fn in_order<S: Serializer>(
    variations: &[(String, Value)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(variations.iter().map(|(key, value)| (key, value)))
}

#[cfg(test)]
mod tests {
    use crate::harness::TestApi;
    use axum::http::{Method, StatusCode};
    use serde_json::json;

    const SHOP: &str = "/organizations/acme/projects/shop";
    const EXPORT: &str = "/organizations/acme/projects/shop/environments/production/export";

    #[tokio::test]
    async fn everything_that_was_set_is_in_the_export_with_its_versions() {
        let (api, owner) = TestApi::with_shop().await;
        api.call(&owner, Method::POST, &format!("{SHOP}/flags"))
            .json(json!({
                "key": "theme", "name": "Theme", "description": "Colors", "type": "string", "tags": ["ui"],
                "variations": [{"key": "light", "value": "#fff", "name": "Light"}, {"key": "dark", "value": "#000"}],
                "clientVisible": true, "salt": "from elsewhere"
            }))
            .expect(StatusCode::CREATED)
            .await;
        api.toggle(&owner, "theme", "production", true).await;
        api.toggle(&owner, "theme", "staging", true).await;
        api.flag(&owner, "old").await;
        api.call(&owner, Method::PATCH, &format!("{SHOP}/flags/old"))
            .json(json!({"archived": true}))
            .expect(StatusCode::OK)
            .await;
        api.call(&owner, Method::POST, &format!("{SHOP}/segments"))
            .json(json!({"key": "beta", "name": "Beta", "included": ["user-1"]}))
            .expect(StatusCode::CREATED)
            .await;

        let export = api.get(&owner, EXPORT).await.body;
        assert_eq!(
            export["flags"]["theme"],
            json!({
                "name": "Theme", "description": "Colors", "tags": ["ui"], "type": "string",
                "variations": {"light": "#fff", "dark": "#000"}, "variationDetails": {"light": {"name": "Light"}},
                "clientVisible": true, "track": false, "metadata": {}, "salt": "from elsewhere", "enabled": true,
                "offVariation": "dark", "prerequisites": [], "targets": [], "rules": [],
                "fallthrough": {"variation": "light"}, "version": 2, "definitionVersion": 1
            })
        );
        assert_eq!(export["flags"].as_object().unwrap().len(), 1);
        assert_eq!(export["archived"]["old"]["definitionVersion"], 2);
        assert_eq!(export["segments"]["beta"]["included"], json!(["user-1"]));
        assert_eq!(export["segments"]["beta"]["version"], 1);
        let environment = api
            .get(&owner, &format!("{SHOP}/environments/production"))
            .await;
        assert_eq!(export["version"], environment.body["version"]);
        let targeting = format!("{SHOP}/flags/theme/environments/production");
        assert_eq!(api.get(&owner, &targeting).await.etag(), "\"2\"");
    }

    #[tokio::test]
    async fn variations_come_in_the_order_that_people_gave_them() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        let [project, environment] = ["shop", "production"].map(|key| key.parse().unwrap());
        let acme = api.acme_id().await;
        let stored = api.storage.export(acme, &project, &environment).await;
        let export = super::EnvironmentExport::from(stored.unwrap().unwrap());
        let text = serde_json::to_string(&export).unwrap();
        assert!(
            text.contains(r#""variations":{"on":true,"off":false}"#),
            "{text}"
        );
    }

    #[tokio::test]
    async fn an_environment_that_is_not_there_has_no_export() {
        let (api, owner) = TestApi::with_shop().await;
        let nowhere = EXPORT.replace("production", "nowhere");
        api.call(&owner, Method::GET, &nowhere)
            .refused(StatusCode::NOT_FOUND, "not_found")
            .await;
        api.call(&crate::harness::Caller::Nobody, Method::GET, EXPORT)
            .expect(StatusCode::UNAUTHORIZED)
            .await;
    }
}
