//! A flag: its variations, and who is served which.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Condition, Metadata, Serve, Value, integer, metadata, object};

/// A flag with its targeting in one environment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flag {
    /// The type that every variation's value has.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// A disabled flag serves its off variation to everyone.
    #[serde(default)]
    pub enabled: bool,
    /// The values that the flag can serve, by variation name.
    pub variations: BTreeMap<String, Value>,
    /// Served while disabled and when a prerequisite fails; none means the caller's default.
    #[serde(default)]
    pub off_variation: Option<String>,
    /// Flags that must be enabled and serve one of the given variations first.
    #[serde(default, deserialize_with = "object::list")]
    pub prerequisites: Vec<Prerequisite>,
    /// Individual values, before all rules.
    #[serde(default, deserialize_with = "object::list")]
    pub targets: Vec<Target>,
    /// The first rule that matches serves.
    #[serde(default, deserialize_with = "object::list")]
    pub rules: Vec<Rule>,
    /// Served to whom no target and no rule matched.
    pub fallthrough: Serve,
    /// Seeds the splits and bucket conditions that carry no seed of their own.
    #[serde(default)]
    pub salt: String,
    /// Advances with every change of this flag.
    #[serde(default, deserialize_with = "integer::u64")]
    pub version: u64,
    /// Whether client keys (browsers) may see its evaluated value.
    #[serde(default)]
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    #[serde(default)]
    pub track: bool,
    /// What people noted about it, for their tools.
    #[serde(
        default,
        deserialize_with = "metadata::lenient",
        skip_serializing_if = "Metadata::is_empty"
    )]
    pub metadata: Metadata,
}

/// The type of a flag's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FlagType {
    /// `true` or `false`.
    Boolean,
    /// Text.
    String,
    /// A double.
    Number,
    /// A JSON object; wrap a list in one, so that every SDK's object type can carry it.
    Object,
}

impl<'de> Deserialize<'de> for FlagType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const NAMES: &[&str] = &["boolean", "string", "number", "object"];
        let types = [
            FlagType::Boolean,
            FlagType::String,
            FlagType::Number,
            FlagType::Object,
        ];
        object::name(deserializer, NAMES, &types)
    }
}

impl FlagType {
    /// Whether a value is of this type.
    pub fn admits(self, value: &Value) -> bool {
        match self {
            FlagType::Boolean => value.is_boolean(),
            FlagType::String => value.is_string(),
            FlagType::Number => value.is_number(),
            FlagType::Object => value.is_object(),
        }
    }

    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            FlagType::Boolean => "boolean",
            FlagType::String => "string",
            FlagType::Number => "number",
            FlagType::Object => "object",
        }
    }
}

impl fmt::Display for FlagType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Another flag that must be enabled and serve one of these variations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    /// The other flag's key.
    pub flag: String,
    /// Any of them will do.
    pub variations: Vec<String>,
}

/// Serves a variation to listed values of an attribute, compared as by the operator `in`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// The variation served.
    pub variation: String,
    /// The attribute compared; the targeting key unless told otherwise.
    #[serde(default = "super::value::targeting_key")]
    pub attribute: String,
    /// Strings as a rule; numbers and booleans match attributes of their type.
    #[serde(default)]
    pub values: Vec<Value>,
}

/// Serves those who meet a condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// Stays the same when rules are reordered; reported as `ruleId`.
    #[serde(default)]
    pub id: String,
    /// Who the rule is for.
    pub when: Condition,
    /// What they get.
    pub serve: Serve,
}
