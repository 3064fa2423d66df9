//! Roles that an organization makes of permissions.

use peekaboo_policy::PermissionSet;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::id::{OrganizationId, RoleId};

/// A role that an organization made.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CustomRole {
    /// Identifies it.
    pub id: RoleId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// For people; unique in the organization, whatever the case of its letters.
    pub name: String,
    /// For people.
    pub description: String,
    /// What it allows.
    pub permissions: Json<PermissionSet>,
    /// Rises by one with every change.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

/// A role to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRole {
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// What it allows.
    pub permissions: PermissionSet,
}

/// What changes of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RolePatch {
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
    /// What it allows.
    pub permissions: Option<PermissionSet>,
}
