//! A flag's targeting in one environment, in the ruleset's own shapes.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::model::Condition;

/// What a flag does in one environment.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Targeting {
    /// The flag's key.
    pub flag: String,
    /// The environment's key.
    pub environment: String,
    /// A flag that is not enabled serves its off variation.
    pub enabled: bool,
    /// What is served where the flag is off; null: the caller's default.
    #[schema(required)]
    pub off_variation: Option<String>,
    /// Other flags that must be enabled and serve one of these variations; looked at in order.
    pub prerequisites: Vec<Prerequisite>,
    /// Keys that always get a variation; looked at in order, before the rules.
    pub targets: Vec<Target>,
    /// The first that matches decides.
    pub rules: Vec<Rule>,
    /// What is served where nothing above decided.
    pub fallthrough: Serve,
    /// Rises with each change; also the `ETag`.
    pub version: i64,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// The whole targeting of a flag in one environment, to replace what is there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "enabled": true,
    "offVariation": "off",
    "rules": [{
        "id": "nordics",
        "when": {"attribute": "country", "op": "in", "values": ["SE", "NO"]},
        "serve": {"variation": "on"}
    }],
    "fallthrough": {"split": {"by": "targetingKey", "weights": [["on", 10000], ["off", 90000]]}}
}))]
pub(crate) struct ReplaceTargeting {
    /// Whether the flag is on.
    pub enabled: bool,
    /// What is served where the flag is off; null: the caller's default.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub off_variation: Option<String>,
    /// Other flags that must be enabled and serve one of these variations.
    #[serde(default)]
    pub prerequisites: Vec<Prerequisite>,
    /// Keys that always get a variation.
    #[serde(default)]
    pub targets: Vec<Target>,
    /// The first that matches decides.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// What is served where nothing above decided.
    pub fallthrough: Serve,
}

/// Parts of a flag's targeting in one environment; each member given replaces that member whole, the others stay.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"enabled": true}))]
pub(crate) struct UpdateTargeting {
    /// Whether the flag is on.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(nullable = false)]
    pub enabled: Option<bool>,
    /// What is served where the flag is off; null: the caller's default.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(value_type = Option<String>)]
    #[expect(clippy::option_option, reason = "absent and null differ")]
    pub off_variation: Option<Option<String>>,
    /// Other flags that must be enabled and serve one of these variations.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(nullable = false)]
    pub prerequisites: Option<Vec<Prerequisite>>,
    /// Keys that always get a variation.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(nullable = false)]
    pub targets: Option<Vec<Target>>,
    /// The first that matches decides.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(nullable = false)]
    pub rules: Option<Vec<Rule>>,
    /// What is served where nothing above decided.
    #[serde(default, deserialize_with = "super::present")]
    #[schema(nullable = false)]
    pub fallthrough: Option<Serve>,
}

/// Another flag that must be enabled and serve one of these variations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"flag": "payments-v2", "variations": ["on"]}))]
pub(crate) struct Prerequisite {
    /// The other flag's key.
    pub flag: String,
    /// Its variations that will do.
    pub variations: Vec<String>,
}

/// Keys that always get a variation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"variation": "on", "attribute": "targetingKey", "values": ["user-1"]}))]
pub(crate) struct Target {
    /// The variation that they get.
    pub variation: String,
    /// The attribute that holds the key.
    #[serde(default = "super::targeting_key")]
    #[schema(default = "targetingKey")]
    pub attribute: String,
    /// The keys.
    pub values: Vec<Value>,
}

/// Serves something where its condition holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    /// Names the rule in details and history; unique within the targeting.
    pub id: String,
    /// When it applies.
    pub when: Condition,
    /// What it serves.
    pub serve: Serve,
}

/// What is served: one variation, or a split of the keys.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"variation": "on"}))]
pub(crate) enum Serve {
    /// One variation.
    Variation(ServeVariation),
    /// A split of the keys.
    Split(ServeSplit),
}

/// Serves one variation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServeVariation {
    /// Its key.
    pub variation: String,
}

/// Serves variations by shares of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServeSplit {
    /// The shares.
    pub split: Split,
}

/// Shares of the keys, in parts of 100,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"by": "targetingKey", "weights": [["on", 10000], ["off", 90000]]}))]
pub(crate) struct Split {
    /// The attribute whose value is hashed.
    #[serde(default = "super::targeting_key")]
    #[schema(default = "targetingKey")]
    pub by: String,
    /// Splits of one seed put a key in the same bucket. None: the flag's salt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seed: Option<String>,
    /// Variation and weight, in order; the weights add up to 100,000.
    pub weights: Vec<(String, u32)>,
}

/// Both forms' members, so that an error keeps its path.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServeMembers {
    variation: Option<String>,
    split: Option<Split>,
}

impl<'de> Deserialize<'de> for Serve {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match ServeMembers::deserialize(deserializer)? {
            ServeMembers {
                variation: Some(variation),
                split: None,
            } => Ok(Self::Variation(ServeVariation { variation })),
            ServeMembers {
                variation: None,
                split: Some(split),
            } => Ok(Self::Split(ServeSplit { split })),
            _ => Err(serde::de::Error::custom(
                "serve needs either a variation or a split",
            )),
        }
    }
}
