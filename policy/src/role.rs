//! The built-in roles.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The roles that every organization has; each has all permissions of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BuiltIn {
    /// Views flags, targeting and usage.
    Viewer,
    /// Changes flags, targeting and segments.
    Editor,
    /// Manages projects, environments, keys and members.
    Admin,
    /// Controls the organization.
    Owner,
}

impl BuiltIn {
    /// Every built-in role, lowest first.
    pub const ALL: &[Self] = &[Self::Viewer, Self::Editor, Self::Admin, Self::Owner];

    /// The name used in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is not a built-in role's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown role `{0}`; built in are viewer, editor, admin and owner")]
pub struct UnknownRole(pub String);

impl FromStr for BuiltIn {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        let found = Self::ALL.iter().find(|role| role.as_str() == name);
        found.copied().ok_or_else(|| UnknownRole(name.to_owned()))
    }
}
