//! No one confers what they lack.

use crate::decide::decide;
use crate::grant::Grant;
use crate::permission::Permission;
use crate::scope::{Scope, ScopeKind};
use crate::set::PermissionSet;

/// What someone would confer without having it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("grants more than you have")]
pub struct Excess(pub PermissionSet);

/// Whether someone with `grants` may give `permissions` on `scope` to others: only what they hold there themselves.
///
/// It is asked whenever access is given (an invitation, a grant, a token, a change of a role, a team or a service
/// account) and again when an invitation is accepted.
///
/// # Errors
/// The permissions that they lack.
pub fn may_confer(
    grants: &[Grant],
    permissions: PermissionSet,
    scope: &Scope,
) -> Result<(), Excess> {
    let lacking = |&permission: &Permission| !holds(grants, permission, scope);
    let excess: PermissionSet = permissions
        .effective_on(scope.kind())
        .iter()
        .filter(lacking)
        .collect();
    if excess.is_empty() {
        Ok(())
    } else {
        Err(Excess(excess))
    }
}

fn holds(grants: &[Grant], permission: Permission, scope: &Scope) -> bool {
    // What reaches up from an environment is held on its project.
    if scope.kind() == ScopeKind::Environment && permission.scope() == ScopeKind::Project {
        let project = Scope::project(scope.project_key().unwrap_or_default());
        return decide(grants, permission, &project).is_allowed();
    }
    // What reaches up must be held on the whole of a wider scope to be given there.
    let mut covering = grants.iter().filter(|grant| grant.scope.contains(scope));
    covering.any(|grant| grant.permissions.has(permission))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::BuiltIn;

    #[test]
    fn an_admin_makes_admins_but_no_owners() {
        let grants = [Grant::built_in(BuiltIn::Admin, Scope::Organization)];
        let organization = &Scope::Organization;
        let admin = BuiltIn::Admin.permissions();
        assert_eq!(may_confer(&grants, admin, organization), Ok(()));
        let owner = BuiltIn::Owner.permissions();
        let excess = owner.minus(admin);
        assert_eq!(
            may_confer(&grants, owner, organization),
            Err(Excess(excess))
        );
    }

    #[test]
    fn a_projects_admin_gives_access_to_that_project_and_to_nothing_wider() {
        let shop = Scope::project("shop");
        let grants = [Grant::built_in(BuiltIn::Admin, shop.clone())];
        let editor = BuiltIn::Editor.permissions();
        assert_eq!(may_confer(&grants, editor, &shop), Ok(()));
        let production = Scope::environment("shop", "production");
        assert_eq!(may_confer(&grants, editor, &production), Ok(()));
        assert!(may_confer(&grants, editor, &Scope::Organization).is_err());
        assert!(may_confer(&grants, editor, &Scope::project("app")).is_err());
    }

    #[test]
    fn sight_of_a_project_through_one_environment_is_not_given_on_the_project() {
        let grants = [Grant::built_in(
            BuiltIn::Admin,
            Scope::environment("shop", "development"),
        )];
        let viewer = BuiltIn::Viewer.permissions();
        assert!(may_confer(&grants, viewer, &Scope::project("shop")).is_err());
        let development = Scope::environment("shop", "development");
        assert_eq!(may_confer(&grants, viewer, &development), Ok(()));
        let production = Scope::environment("shop", "production");
        assert!(may_confer(&grants, viewer, &production).is_err());
    }

    #[test]
    fn a_role_on_a_scope_grants_only_permissions_decided_there_or_below() {
        // The owner's role on a project holds no permission of the organization, so a project's owner may give it on.
        let shop = Scope::project("shop");
        let grants = [Grant::built_in(BuiltIn::Owner, shop.clone())];
        assert_eq!(
            may_confer(&grants, BuiltIn::Owner.permissions(), &shop),
            Ok(())
        );
    }
}
