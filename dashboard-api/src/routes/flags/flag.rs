//! A flag as this API shows it.

use std::collections::BTreeMap;

use peekaboo_flags::model::Metadata;
use peekaboo_storage::{FlagOverview, Key, Outcome};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::auth::Member;
use crate::http::{Page, Tagged};
use crate::problem::Problem;

/// A flag's definition, and in short what it does where.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Flag {
    /// Its id.
    pub id: Uuid,
    /// Its key in code and URLs; never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Of what type its values are; never changes.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// What it can serve, in the order in which people think of it.
    pub variations: Vec<Variation>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whether client keys (browsers) may see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What applications get beside its value, for their tools.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub metadata: Metadata,
    /// When it was archived; null while it lives.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub archived_at: Option<OffsetDateTime>,
    /// Rises with each change of the definition; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its definition last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// What it does in each environment, by the environment's key.
    pub environments: BTreeMap<String, FlagEnvironment>,
}

/// A page of flags.
pub(crate) type FlagPage = Page<Flag>;

/// Of what type a flag's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FlagType {
    /// True or false.
    Boolean,
    /// Text.
    String,
    /// A number.
    Number,
    /// A JSON object.
    Object,
}

/// One of the values that a flag can serve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "on", "value": true, "name": "New checkout"}))]
pub(crate) struct Variation {
    /// Its key, unique within the flag: what rules call it.
    #[schema(min_length = 1, max_length = 100)]
    pub key: String,
    /// What is served; of the flag's type.
    pub value: Value,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 200)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub description: Option<String>,
}

/// What a flag does in one environment, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FlagEnvironment {
    /// Whether it is on there.
    pub enabled: bool,
    /// The version of its targeting there.
    pub version: i64,
    /// How many rules it has there.
    pub rule_count: i64,
    /// How many keys are targeted there one by one.
    pub target_count: i64,
    /// When its targeting there last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// When an application last evaluated it there, to the minute; null where none told of it.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_evaluated_at: Option<OffsetDateTime>,
}

impl From<FlagOverview> for Flag {
    fn from(overview: FlagOverview) -> Self {
        let flag = overview.flag;
        let environments = overview.environments.into_iter().map(|summary| {
            let environment = FlagEnvironment {
                enabled: summary.enabled,
                version: summary.version,
                rule_count: summary.rule_count,
                target_count: summary.target_count,
                updated_at: summary.updated_at,
                last_evaluated_at: summary.last_evaluated_at,
            };
            (summary.environment.into(), environment)
        });
        Self {
            id: flag.id.as_uuid(),
            key: flag.key.into(),
            name: flag.name,
            description: flag.description,
            type_: flag.type_.into(),
            variations: flag.variations.into_iter().map(Variation::from).collect(),
            tags: flag.tags,
            client_visible: flag.client_visible,
            track: flag.track,
            metadata: flag.metadata,
            archived_at: flag.archived_at,
            version: flag.version,
            created_at: flag.created_at,
            updated_at: flag.updated_at,
            environments: environments.collect(),
        }
    }
}

impl From<peekaboo_storage::Variation> for Variation {
    fn from(variation: peekaboo_storage::Variation) -> Self {
        Self {
            key: variation.key,
            value: variation.value,
            name: variation.name,
            description: variation.description,
        }
    }
}

impl From<Variation> for peekaboo_storage::Variation {
    fn from(variation: Variation) -> Self {
        Self {
            key: variation.key,
            value: variation.value,
            name: variation.name,
            description: variation.description,
        }
    }
}

impl From<peekaboo_flags::FlagType> for FlagType {
    fn from(flag_type: peekaboo_flags::FlagType) -> Self {
        match flag_type {
            peekaboo_flags::FlagType::Boolean => Self::Boolean,
            peekaboo_flags::FlagType::String => Self::String,
            peekaboo_flags::FlagType::Number => Self::Number,
            peekaboo_flags::FlagType::Object => Self::Object,
        }
    }
}

impl From<FlagType> for peekaboo_flags::FlagType {
    fn from(flag_type: FlagType) -> Self {
        match flag_type {
            FlagType::Boolean => Self::Boolean,
            FlagType::String => Self::String,
            FlagType::Number => Self::Number,
            FlagType::Object => Self::Object,
        }
    }
}

impl Flag {
    /// Without the environments that the member does not see.
    pub(super) fn seen_by(member: &Member, project: &Key, mut overview: FlagOverview) -> Self {
        let seen =
            |environment: &Key| member.sees_environment(project.as_str(), environment.as_str());
        overview.environments.retain(|one| seen(&one.environment));
        overview.into()
    }

    /// The flag that a command answered.
    pub(super) fn of(outcome: Outcome) -> Result<Self, Problem> {
        let flag = outcome.flag().map(Flag::from);
        flag.ok_or_else(|| Problem::unexpected("a command on a flag"))
    }

    pub(super) fn tagged(self) -> Tagged<Self> {
        Tagged::ok(self.version, self)
    }
}
