//! Grants: who has which role where.

use peekaboo_policy::{BuiltIn, Grant, PermissionSet, Scope};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::id::{GrantId, OrganizationId, RoleId, ServiceAccountId, TeamId, UserId};

/// Who a grant gives access to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// A person in the organization.
    Member(UserId),
    /// Everybody in a team.
    Team(TeamId),
    /// A machine.
    ServiceAccount(ServiceAccountId),
}

/// The role of a grant to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RoleChoice {
    /// A role that every organization has.
    BuiltIn(BuiltIn),
    /// A role that the organization made.
    Custom(RoleId),
}

/// The role that a grant gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GrantedRole {
    /// A role that every organization has.
    BuiltIn(BuiltIn),
    /// A role that the organization made.
    Custom {
        /// Identifies it.
        id: RoleId,
        /// Its name now.
        name: String,
    },
}

impl GrantedRole {
    /// The role's name.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(role) => role.as_str(),
            Self::Custom { name, .. } => name,
        }
    }
}

/// A role on a scope, for somebody, as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRecord {
    /// Identifies it.
    pub id: GrantId,
    /// The organization that it is in.
    pub organization: OrganizationId,
    /// Who has it.
    pub grantee: Grantee,
    /// The name of the member, team or service account.
    pub grantee_name: String,
    /// Which role.
    pub role: GrantedRole,
    /// What the role allows.
    pub permissions: PermissionSet,
    /// Where.
    pub scope: Scope,
    /// When it was given.
    pub created_at: OffsetDateTime,
}

impl GrantRecord {
    /// What decisions are made from.
    pub fn as_policy(&self) -> Grant {
        Grant {
            permissions: self.permissions,
            scope: self.scope.clone(),
        }
    }

    /// The built-in role that it gives in the whole organization, if it does.
    pub fn organization_role(&self) -> Option<BuiltIn> {
        match (&self.scope, &self.role) {
            (Scope::Organization, GrantedRole::BuiltIn(role)) => Some(*role),
            _ => None,
        }
    }
}

/// The highest built-in role that the grants give in the whole organization.
pub fn highest_role<'a>(grants: impl IntoIterator<Item = &'a GrantRecord>) -> Option<BuiltIn> {
    let roles = grants.into_iter();
    roles.filter_map(GrantRecord::organization_role).max()
}

/// A grant to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGrant {
    /// Who gets it.
    pub grantee: Grantee,
    /// Which role.
    pub role: RoleChoice,
    /// Where.
    pub scope: Scope,
}
