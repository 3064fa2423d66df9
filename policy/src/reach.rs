//! Where someone holds a permission.

use crate::grant::Grant;
use crate::permission::Permission;
use crate::scope::Scope;

/// Where someone holds a permission: what lists are narrowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// In the whole organization.
    Everywhere,
    /// Within these places only; perhaps none.
    Within(Vec<Scope>),
}

/// Where someone with `grants` holds `permission`.
pub fn reach(grants: &[Grant], permission: Permission) -> Reach {
    let mut scopes = Vec::new();
    for grant in grants {
        let effective = grant.permissions.effective_on(grant.scope.kind());
        if !effective.has(permission) {
            continue;
        }
        if grant.scope == Scope::Organization {
            return Reach::Everywhere;
        }
        if !scopes.contains(&grant.scope) {
            scopes.push(grant.scope.clone());
        }
    }
    Reach::Within(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::BuiltIn;

    #[test]
    fn a_permission_reaches_as_far_as_the_grants_that_hold_it() {
        let development = Scope::environment("shop", "development");
        let mut grants = vec![
            Grant::built_in(BuiltIn::Editor, development.clone()),
            Grant::built_in(BuiltIn::Viewer, development.clone()),
            Grant::built_in(BuiltIn::Viewer, Scope::project("app")),
        ];
        let seen = Reach::Within(vec![development.clone(), Scope::project("app")]);
        assert_eq!(reach(&grants, Permission::ProjectRead), seen);
        let toggled = Reach::Within(vec![development]);
        assert_eq!(reach(&grants, Permission::FlagToggle), toggled);
        assert_eq!(
            reach(&grants, Permission::ProjectUpdate),
            Reach::Within(Vec::new())
        );
        grants.push(Grant::built_in(BuiltIn::Viewer, Scope::Organization));
        assert_eq!(reach(&grants, Permission::ProjectRead), Reach::Everywhere);
        let none = Reach::Within(Vec::new());
        assert_eq!(reach(&[], Permission::ProjectRead), none);
    }
}
