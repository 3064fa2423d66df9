//! What someone learns who may not do something.

use crate::confer::may_confer;
use crate::decide::{decide, sees_project};
use crate::grant::Grant;
use crate::permission::Permission;
use crate::role::BuiltIn;
use crate::scope::{Scope, ScopeKind};
use crate::set::PermissionSet;

/// Why an act is refused; shows nothing of what the caller cannot see.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The caller cannot see the project, so for them it does not exist.
    #[error("project not found")]
    HiddenProject,
    /// The caller sees the project and not the environment.
    #[error("environment not found")]
    HiddenEnvironment,
    /// The caller lacks a permission.
    #[error("you need permission to {} in {scope}; {}", .permission.words(), source(*.permission))]
    Lacking {
        /// What they lack.
        permission: Permission,
        /// Where.
        scope: Scope,
    },
    /// The caller would give, or take away, more than they have.
    #[error("you cannot grant or revoke permissions that you do not have in {scope}: {}", words(*.permissions))]
    Excess {
        /// What they lack.
        permissions: PermissionSet,
        /// Where.
        scope: Scope,
    },
}

/// Refuses an act that `grants` do not allow.
///
/// # Errors
/// What the holder of the grants may learn about why.
pub fn require(grants: &[Grant], permission: Permission, scope: &Scope) -> Result<(), Refusal> {
    let can = |permission| decide(grants, permission, scope).is_allowed();
    if can(permission) {
        return Ok(());
    }
    if let Some(project) = scope.project_key()
        && !sees_project(grants, project)
    {
        return Err(Refusal::HiddenProject);
    }
    if scope.kind() == ScopeKind::Environment && !can(Permission::EnvironmentRead) {
        return Err(Refusal::HiddenEnvironment);
    }
    let scope = scope.clone();
    Err(Refusal::Lacking { permission, scope })
}

/// Refuses to give `permissions` on `scope` to others, or to take them away, by someone who lacks some of them there.
///
/// # Errors
/// What they lack.
pub fn require_to_confer(
    grants: &[Grant],
    permissions: PermissionSet,
    scope: &Scope,
) -> Result<(), Refusal> {
    may_confer(grants, permissions, scope).map_err(|excess| Refusal::Excess {
        permissions: excess.0,
        scope: scope.clone(),
    })
}

/// Which built-in roles have the permission, and who can give it.
fn source(permission: Permission) -> String {
    let least = permission.least_role();
    let having: Vec<_> = BuiltIn::ALL
        .iter()
        .filter(|role| **role >= least)
        .map(|role| role.as_str())
        .collect();
    let giver = if least == BuiltIn::Owner {
        "an owner"
    } else {
        "an admin or owner"
    };
    let roles = having.join(", ");
    format!("built-in roles with this permission: {roles}; ask {giver}")
}

fn words(permissions: PermissionSet) -> String {
    let words: Vec<_> = permissions.iter().map(Permission::words).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_permission_the_place_and_who_can_give_it() {
        let grants = [Grant::built_in(BuiltIn::Viewer, Scope::Organization)];
        let production = Scope::environment("shop", "production");
        let refused = require(&grants, Permission::TargetingUpdate, &production).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "you need permission to change targeting in environment production of project shop; built-in roles \
             with this permission: editor, admin, owner; ask an admin or owner"
        );
        let refused = require(
            &grants,
            Permission::OrganizationDelete,
            &Scope::Organization,
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "you need permission to delete the organization in the organization; built-in roles with this \
             permission: owner; ask an owner"
        );
    }

    #[test]
    fn hidden_projects_and_environments_are_not_found() {
        let development = Scope::environment("shop", "development");
        let grants = [Grant::built_in(BuiltIn::Editor, development.clone())];
        let toggle = |scope: &Scope| require(&grants, Permission::FlagToggle, scope);
        assert_eq!(toggle(&development), Ok(()));
        let production = Scope::environment("shop", "production");
        assert_eq!(toggle(&production), Err(Refusal::HiddenEnvironment));
        let elsewhere = Scope::environment("app", "development");
        assert_eq!(toggle(&elsewhere), Err(Refusal::HiddenProject));
        let delete = require(&grants, Permission::FlagDelete, &Scope::project("shop"));
        assert!(matches!(delete, Err(Refusal::Lacking { .. })));
    }

    #[test]
    fn no_one_grants_permissions_they_lack_and_the_refusal_names_them() {
        let grants = [Grant::built_in(BuiltIn::Admin, Scope::Organization)];
        let owner = BuiltIn::Owner.permissions();
        let shop = Scope::project("shop");
        assert_eq!(require_to_confer(&grants, owner, &shop), Ok(()));
        let refused = require_to_confer(&grants, owner, &Scope::Organization).unwrap_err();
        assert!(
            refused.to_string().contains("delete the organization"),
            "{refused}"
        );
    }
}
