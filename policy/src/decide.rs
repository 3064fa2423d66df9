//! Whether grants allow an act, and why.

use crate::grant::Grant;
use crate::permission::Permission;
use crate::scope::{Scope, ScopeKind};

/// Whether an act is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The grant at this index allows it; the first that does.
    Allowed(usize),
    /// No grant has the permission on any scope.
    Missing,
    /// Some grant has the permission, but none on a scope that covers this one.
    Elsewhere,
}

impl Decision {
    /// Whether the act is allowed.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }
}

/// What one grant contributes to a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It has the permission and covers the scope.
    Allows,
    /// It covers the scope but lacks the permission.
    LacksPermission,
    /// It has the permission but is on another scope.
    OtherScope,
    /// Neither.
    Neither,
}

/// Whether `grants` allow an act that needs `permission` on `scope`.
///
/// `grants` are those of one member, service account or token in the organization of the request. A permission decided
/// on a narrower kind of scope than asked for needs a grant that covers the asked one: `targeting.update` on a project is
/// allowed by a grant on the project or the organization, which hold in every environment.
pub fn decide(grants: &[Grant], permission: Permission, scope: &Scope) -> Decision {
    let judged = |grant: &Grant| judge(grant, permission, scope);
    if let Some(index) = grants
        .iter()
        .position(|grant| judged(grant) == Judgement::Allows)
    {
        return Decision::Allowed(index);
    }
    if grants
        .iter()
        .any(|grant| judged(grant) == Judgement::OtherScope)
    {
        return Decision::Elsewhere;
    }
    Decision::Missing
}

/// What each of `grants` contributes to the decision, in their order.
pub fn explain(grants: &[Grant], permission: Permission, scope: &Scope) -> Vec<Judgement> {
    grants
        .iter()
        .map(|grant| judge(grant, permission, scope))
        .collect()
}

/// Whether someone with `grants` knows that the project exists.
pub fn sees_project(grants: &[Grant], project: &str) -> bool {
    decide(grants, Permission::ProjectRead, &Scope::project(project)).is_allowed()
}

fn judge(grant: &Grant, permission: Permission, scope: &Scope) -> Judgement {
    // A permission of the organization is nothing that a project's grant could hold.
    let effective = grant.permissions.effective_on(grant.scope.kind());
    match (
        effective.has(permission),
        grant.covers(permission, scope) && within_reach(permission, scope.kind()),
    ) {
        (true, true) => Judgement::Allows,
        (false, true) => Judgement::LacksPermission,
        (true, false) => Judgement::OtherScope,
        (false, false) => Judgement::Neither,
    }
}

/// Whether the question makes sense: no one holds `project.create` on an environment.
fn within_reach(permission: Permission, asked: ScopeKind) -> bool {
    asked <= permission.scope()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::BuiltIn;
    use crate::set::PermissionSet;

    fn production() -> Scope {
        Scope::environment("shop", "production")
    }

    fn development() -> Scope {
        Scope::environment("shop", "development")
    }

    #[test]
    fn no_grant_allows_nothing() {
        for &permission in Permission::ALL {
            for scope in [Scope::Organization, Scope::project("shop"), production()] {
                assert_eq!(decide(&[], permission, &scope), Decision::Missing);
            }
        }
    }

    #[test]
    fn an_editor_of_development_who_views_the_rest_changes_development_only() {
        let grants = [
            Grant::built_in(BuiltIn::Viewer, Scope::project("shop")),
            Grant::built_in(BuiltIn::Editor, development()),
        ];
        let allowed = |permission, scope: Scope| decide(&grants, permission, &scope).is_allowed();
        assert!(allowed(Permission::FlagToggle, development()));
        assert!(allowed(Permission::TargetingUpdate, development()));
        assert!(!allowed(Permission::FlagToggle, production()));
        assert!(!allowed(
            Permission::TargetingUpdate,
            Scope::project("shop")
        ));
        assert!(!allowed(Permission::FlagUpdate, Scope::project("shop")));
        assert!(!allowed(Permission::SegmentUpdate, Scope::project("shop")));
        assert!(allowed(Permission::EnvironmentRead, production()));
        assert!(!allowed(Permission::FlagRead, Scope::project("app")));
    }

    #[test]
    fn a_grant_on_an_environment_shows_its_project_and_none_of_its_neighbors() {
        let grants = [Grant::built_in(BuiltIn::Viewer, development())];
        assert!(sees_project(&grants, "shop"));
        assert!(!sees_project(&grants, "app"));
        let read = Permission::EnvironmentRead;
        assert!(decide(&grants, read, &development()).is_allowed());
        assert_eq!(decide(&grants, read, &production()), Decision::Elsewhere);
        // Seeing the organization's own pages is another matter.
        let organization = decide(&grants, Permission::FlagRead, &Scope::Organization);
        assert_eq!(organization, Decision::Elsewhere);
    }

    #[test]
    fn an_owner_of_a_project_has_none_of_the_organizations_permissions() {
        let grants = [Grant::built_in(BuiltIn::Owner, Scope::project("shop"))];
        for &permission in Permission::ALL {
            if permission.scope() == ScopeKind::Organization {
                let decision = decide(&grants, permission, &Scope::Organization);
                assert_eq!(decision, Decision::Missing, "{permission}");
            }
        }
    }

    #[test]
    fn a_permission_is_not_asked_for_below_where_it_is_decided() {
        let grants = [Grant::built_in(BuiltIn::Owner, Scope::Organization)];
        let decision = decide(&grants, Permission::ProjectCreate, &production());
        assert!(!decision.is_allowed());
    }

    #[test]
    fn each_grant_says_what_it_lacks() {
        let grants = [
            Grant::built_in(BuiltIn::Viewer, Scope::Organization),
            Grant::built_in(BuiltIn::Editor, development()),
            Grant::built_in(BuiltIn::Viewer, Scope::project("app")),
            Grant::built_in(BuiltIn::Editor, production()),
        ];
        let explained = explain(&grants, Permission::FlagToggle, &production());
        let expected = [
            Judgement::LacksPermission,
            Judgement::OtherScope,
            Judgement::Neither,
            Judgement::Allows,
        ];
        assert_eq!(explained, expected);
        let decision = decide(&grants, Permission::FlagToggle, &production());
        assert_eq!(decision, Decision::Allowed(3));
    }

    /// Adding a grant never takes anything away.
    #[test]
    fn grants_only_add() {
        let scopes = [
            Scope::Organization,
            Scope::project("shop"),
            Scope::project("app"),
            development(),
            production(),
        ];
        let roles = BuiltIn::ALL.iter().map(|role| role.permissions());
        let every: Vec<Grant> = roles
            .chain([PermissionSet::EMPTY])
            .flat_map(|permissions| {
                scopes.iter().map(move |scope| Grant {
                    permissions,
                    scope: scope.clone(),
                })
            })
            .collect();
        for first in &every {
            for second in &every {
                let both = [first.clone(), second.clone()];
                for &permission in Permission::ALL {
                    for scope in &scopes {
                        let alone = |index: usize| {
                            decide(&both[index..=index], permission, scope).is_allowed()
                        };
                        let together = decide(&both, permission, scope).is_allowed();
                        assert_eq!(together, alone(0) || alone(1), "{permission} on {scope}");
                    }
                }
            }
        }
    }
}
