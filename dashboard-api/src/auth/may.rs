//! Extractors that ask for a permission before anything else of the request is read.
//!
//! The scope comes from the path: the environment, project or organization that it names, as far as the permission is
//! decided there. A project or environment that the caller cannot see is not found, whether it exists or not.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use peekaboo_policy::{Decision, Permission, Scope, ScopeKind, decide, require};

use super::member::Member;
use crate::ApiState;
use crate::problem::Problem;

impl Member {
    /// Refuses an act that the member's grants do not allow.
    pub(crate) fn require(&self, permission: Permission, scope: &Scope) -> Result<(), Problem> {
        require(&self.grants, permission, scope).map_err(|refusal| Problem::refused(&refusal))
    }

    /// Refuses what needs the permission anywhere: the handler shows, or storage changes, only what lies where it is
    /// held.
    fn require_somewhere(&self, permission: Permission) -> Result<(), Problem> {
        match decide(&self.grants, permission, &Scope::Organization) {
            Decision::Allowed(_) | Decision::Elsewhere => Ok(()),
            Decision::Missing => self.require(permission, &Scope::Organization),
        }
    }
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
    match scope(permission, &path) {
        // The path names no project: it is a list of what the caller may see, or its body names the place.
        Scope::Organization if permission.scope() != ScopeKind::Organization => {
            member.require_somewhere(permission)?;
        }
        scope => member.require(permission, &scope)?,
    }
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
    AccessGrant,
    AuditExport,
    AuditRead,
    AuditReadAccess,
    EnvironmentCreate,
    EnvironmentDelete,
    EnvironmentRead,
    EnvironmentUpdate,
    FlagCreate,
    FlagDelete,
    FlagRead,
    KeyManage,
    KeyRead,
    MemberInvite,
    MemberManage,
    MemberRead,
    OrganizationDelete,
    OrganizationExport,
    OrganizationSecurity,
    OrganizationUpdate,
    ProjectCreate,
    ProjectDelete,
    ProjectRead,
    ProjectUpdate,
    RoleManage,
    SegmentRead,
    SegmentUpdate,
    ServiceAccountManage,
    TargetingUpdate,
    TeamManage,
    UsageErase,
);
