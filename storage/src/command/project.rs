//! What commands say of a project.

use serde::{Deserialize, Serialize};

use super::given::given;
use crate::key::Key;

/// A project to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its key, which never changes.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
}

/// Changes to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
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
}
