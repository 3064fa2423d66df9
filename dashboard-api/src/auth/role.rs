//! What a member or token may do in an organisation.

use std::fmt;

use peekaboo_policy::BuiltIn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a member or token may do in an organisation; each includes those before it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sees everything but members and tokens.
    Viewer,
    /// Changes flags, segments and targeting.
    Editor,
    /// Changes projects, environments, keys and tokens; sees members.
    Admin,
    /// Everything.
    Owner,
}

impl Role {
    /// The name used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl From<peekaboo_storage::Role> for Role {
    fn from(role: peekaboo_storage::Role) -> Self {
        match role {
            peekaboo_storage::Role::Viewer => Self::Viewer,
            peekaboo_storage::Role::Editor => Self::Editor,
            peekaboo_storage::Role::Admin => Self::Admin,
            peekaboo_storage::Role::Owner => Self::Owner,
        }
    }
}

impl From<Role> for BuiltIn {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Editor => Self::Editor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

impl From<Role> for peekaboo_storage::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Viewer => Self::Viewer,
            Role::Editor => Self::Editor,
            Role::Admin => Self::Admin,
            Role::Owner => Self::Owner,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
