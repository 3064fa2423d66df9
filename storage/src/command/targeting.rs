//! What commands say of a flag's targeting in one environment.

use peekaboo_flags::model::{Prerequisite, Rule, Serve, Target};
use serde::{Deserialize, Serialize};

use super::given::given;
use crate::Targeting;

/// Changes to a flag's targeting in one environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetingPatch {
    /// The toggle.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub enabled: Option<bool>,
    /// Served while disabled; `Some(None)`, in JSON null, leaves it to the caller's default.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub off_variation: Option<Option<String>>,
    /// All prerequisites.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub prerequisites: Option<Vec<Prerequisite>>,
    /// All target lists.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub targets: Option<Vec<Target>>,
    /// All rules; one without an identifier is given one.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub rules: Option<Vec<Rule>>,
    /// Served when no target and no rule matches.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub fallthrough: Option<Serve>,
}

impl TargetingPatch {
    /// The toggle.
    pub fn enabled(enabled: bool) -> Self {
        TargetingPatch {
            enabled: Some(enabled),
            ..TargetingPatch::default()
        }
    }
}

impl From<Targeting> for TargetingPatch {
    fn from(targeting: Targeting) -> Self {
        TargetingPatch {
            enabled: Some(targeting.enabled),
            off_variation: Some(targeting.off_variation),
            prerequisites: Some(targeting.prerequisites),
            targets: Some(targeting.targets),
            rules: Some(targeting.rules),
            fallthrough: Some(targeting.fallthrough),
        }
    }
}
