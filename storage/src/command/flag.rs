//! What commands say of a flag's definition.

use peekaboo_flags::FlagType;
use peekaboo_flags::model::Metadata;
use serde::{Deserialize, Serialize};

use super::given::given;
use crate::{SubjectKey, Variation};

/// A flag to create. Its targeting starts disabled, serving the first variation when enabled and the last when not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewFlag {
    /// Its key; it never changes.
    pub key: SubjectKey,
    /// Its display name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The type of every variation's value; it never changes.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// At least one.
    pub variations: Vec<Variation>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What people note about it for their tools.
    #[serde(default, skip_serializing_if = "Metadata::is_empty")]
    pub metadata: Metadata,
    /// Seeds its splits and never changes. An imported flag brings its own, so that everyone keeps the variation they
    /// have. Generated if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

/// Changes to a flag's definition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlagPatch {
    /// Its display name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// What it is about.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// All variations; any other is removed, unless something refers to it.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub variations: Option<Vec<Variation>>,
    /// All tags.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub tags: Option<Vec<String>>,
    /// Whether client keys see its value.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub client_visible: Option<bool>,
    /// Whether evaluations are reported as exposures.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub track: Option<bool>,
    /// All that people note about it for their tools.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub metadata: Option<Metadata>,
    /// `true` removes the flag from every ruleset but keeps it; `false` puts it back.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub archived: Option<bool>,
}
