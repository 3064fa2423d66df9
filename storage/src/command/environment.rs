//! What commands say of an environment.

use serde::{Deserialize, Serialize};

use super::given::given;
use crate::key::Key;

/// An environment to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewEnvironment {
    /// Its key, which never changes.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people: `#rrggbb`.
    pub color: String,
    /// Whether the dashboard asks before it changes anything here.
    pub production: bool,
    /// Where in the project's order; after all others by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i64>,
    /// The environment whose targeting it starts with; without one, every flag starts disabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_from: Option<Key>,
}

/// Changes to an environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvironmentPatch {
    /// Its display name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// Its color, as `#rrggbb`.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub color: Option<String>,
    /// Whether the dashboard asks for confirmation before a change.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub production: Option<bool>,
    /// Its place in the project's order.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub position: Option<i64>,
}
