//! A role on a scope.

use crate::permission::Permission;
use crate::role::BuiltIn;
use crate::scope::{Scope, ScopeKind};
use crate::set::PermissionSet;

/// Gives a role's permissions on a scope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The role's permissions.
    pub permissions: PermissionSet,
    /// Where they hold.
    pub scope: Scope,
}

impl Grant {
    /// A built-in role on a scope.
    pub fn built_in(role: BuiltIn, scope: Scope) -> Self {
        Self {
            permissions: role.permissions(),
            scope,
        }
    }

    /// Whether the grant's scope covers an act that needs `permission` on `scope`.
    pub(crate) fn covers(&self, permission: Permission, scope: &Scope) -> bool {
        let from_within = permission.reaches_up() && scope.kind() == ScopeKind::Project;
        self.scope.contains(scope) || (from_within && scope.contains(&self.scope))
    }
}
