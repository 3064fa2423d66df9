//! Extractors that ask for a permission before anything else of the request is read.
//!
//! The scope comes from the path: the environment, project or organization that it names, as far as the permission is
//! decided there. A project or environment that the caller cannot see is not found, whether it exists or not.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use peekaboo_policy::{BuiltIn, Grant, Permission, Scope, ScopeKind, decide, sees_project};

use super::member::Member;
use crate::ApiState;
use crate::problem::Problem;

impl Member {
    /// Refuses an act that the member's grants do not allow.
    pub(crate) fn require(&self, permission: Permission, scope: &Scope) -> Result<(), Problem> {
        check(&self.grants, permission, scope)
    }
}

fn check(grants: &[Grant], permission: Permission, scope: &Scope) -> Result<(), Problem> {
    let can = |permission| decide(grants, permission, scope).is_allowed();
    if can(permission) {
        return Ok(());
    }
    if let Some(project) = scope.project_key()
        && !sees_project(grants, project)
    {
        return Err(Problem::not_found("project"));
    }
    if scope.kind() == ScopeKind::Environment && !can(Permission::EnvironmentRead) {
        return Err(Problem::not_found("environment"));
    }
    Err(refused(permission, scope))
}

fn refused(permission: Permission, scope: &Scope) -> Problem {
    let roles = BuiltIn::ALL
        .iter()
        .filter(|role| **role >= permission.least_role())
        .map(|role| role.as_str())
        .collect::<Vec<_>>();
    Problem::forbidden(format!(
        "you need permission to {} in {scope}; of the built-in roles, it comes with: {}",
        permission.words(),
        roles.join(", ")
    ))
}

/// Where an act takes place that needs `permission`, by what the path names.
fn scope(permission: Permission, path: &RawPathParams) -> Scope {
    let named = |wanted: &str| {
        let mut found = path.iter().filter(|(name, _)| *name == wanted);
        found.next().map(|(_, key)| key)
    };
    match (permission.scope(), named("project"), named("environment")) {
        (ScopeKind::Environment, Some(project), Some(environment)) => {
            Scope::environment(project, environment)
        }
        (ScopeKind::Environment | ScopeKind::Project, Some(project), _) => Scope::project(project),
        _ => Scope::Organization,
    }
}

async fn extract(
    permission: Permission,
    parts: &mut Parts,
    state: &ApiState,
) -> Result<Member, Problem> {
    let member = Member::from_request_parts(parts, state).await?;
    let path = RawPathParams::from_request_parts(parts, state).await;
    let path = path.map_err(|_| Problem::not_found("organization"))?;
    member.require(permission, &scope(permission, &path))?;
    Ok(member)
}

macro_rules! may {
    ($($permission:ident),* $(,)?) => {$(
        #[doc = concat!("A member who has [`Permission::", stringify!($permission), "`] where the path leads.")]
        pub(crate) struct $permission(pub Member);

        impl FromRequestParts<ApiState> for $permission {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
                extract(Permission::$permission, parts, state).await.map(Self)
            }
        }
    )*};
}

may!(
    AuditRead,
    EnvironmentCreate,
    EnvironmentDelete,
    EnvironmentRead,
    EnvironmentUpdate,
    FlagCreate,
    FlagDelete,
    FlagRead,
    KeyManage,
    KeyRead,
    MemberRead,
    OrganizationUpdate,
    ProjectCreate,
    ProjectDelete,
    ProjectRead,
    ProjectUpdate,
    SegmentRead,
    SegmentUpdate,
    ServiceAccountManage,
    TargetingUpdate,
);

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn a_refusal_names_the_permission_the_place_and_who_has_it() {
        let grants = [Grant::built_in(BuiltIn::Viewer, Scope::Organization)];
        let production = Scope::environment("shop", "production");
        let refused = check(&grants, Permission::TargetingUpdate, &production).unwrap_err();
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(
            refused.detail,
            "you need permission to change targeting in environment production of project shop; of the built-in \
             roles, it comes with: editor, admin, owner"
        );
    }

    #[test]
    fn what_a_member_cannot_see_is_not_found() {
        let development = Scope::environment("shop", "development");
        let grants = [Grant::built_in(BuiltIn::Editor, development.clone())];
        let toggle = |scope: &Scope| check(&grants, Permission::FlagToggle, scope);
        assert_eq!(toggle(&development), Ok(()));
        let production = Scope::environment("shop", "production");
        assert_eq!(
            toggle(&production).unwrap_err(),
            Problem::not_found("environment")
        );
        let elsewhere = Scope::environment("app", "development");
        assert_eq!(
            toggle(&elsewhere).unwrap_err(),
            Problem::not_found("project")
        );
        let delete = check(&grants, Permission::FlagDelete, &Scope::project("shop"));
        assert_eq!(delete.unwrap_err().status, StatusCode::FORBIDDEN);
    }
}
