//! Roles, permissions, scopes and grants, as this API shows them.

use std::borrow::Cow;

use peekaboo_policy::{Area, BuiltIn, Permission, Scope, ScopeKind};
use peekaboo_storage::{GrantRecord, GrantedRole, Grantee};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

/// Describes names that the crate `policy` lists, for the document.
macro_rules! names {
    ($(#[doc = $doc:literal] $schema:ident = $name:literal, $values:expr;)*) => {$(
        #[doc = $doc]
        pub(crate) enum $schema {}

        impl PartialSchema for $schema {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some($doc.trim()))
                    .enum_values(Some($values))
                    .into()
            }
        }

        impl ToSchema for $schema {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed($name)
            }
        }
    )*};
}

names! {
    /// A role that every organization has; each has all permissions of those before it.
    RoleSchema = "BuiltInRole", BuiltIn::ALL.iter().map(|role| role.as_str());
    /// A permission, as the table in the guide to access lists them.
    PermissionSchema = "Permission", Permission::ALL.iter().map(|permission| permission.key());
    /// A kind of place where permissions are decided.
    ScopeKindSchema = "ScopeKind",
        [ScopeKind::Organization, ScopeKind::Project, ScopeKind::Environment].iter().map(|kind| kind.as_str());
}

/// What one permission is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PermissionInfo {
    /// Its name in roles.
    #[schema(value_type = PermissionSchema)]
    pub key: Permission,
    /// The heading under which it is shown.
    pub area: &'static str,
    /// What it allows, as it follows "You need permission to".
    pub words: &'static str,
    /// The narrowest kind of place on which it can be granted.
    #[schema(value_type = ScopeKindSchema)]
    pub scope: &'static str,
    /// The lowest built-in role that has it.
    #[schema(value_type = RoleSchema)]
    pub least_role: BuiltIn,
    /// Whether a custom role may have it.
    pub in_custom_roles: bool,
}

impl From<Permission> for PermissionInfo {
    fn from(permission: Permission) -> Self {
        Self {
            key: permission,
            area: Area::title(permission.area()),
            words: permission.words(),
            scope: permission.scope().as_str(),
            least_role: permission.least_role(),
            in_custom_roles: permission.in_custom_roles(),
        }
    }
}

/// Where a grant holds: in the whole organization where neither is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"project": "storefront", "environment": "production"}))]
pub(crate) struct GrantScope {
    /// The project's key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub project: Option<String>,
    /// The key of an environment of the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub environment: Option<String>,
}

impl From<&Scope> for GrantScope {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Organization => Self::default(),
            Scope::Project { project } => Self {
                project: Some(project.clone()),
                environment: None,
            },
            Scope::Environment {
                project,
                environment,
            } => Self {
                project: Some(project.clone()),
                environment: Some(environment.clone()),
            },
        }
    }
}

/// Who has a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum GranteeKind {
    /// A person in the organization.
    Member,
    /// Everybody in a team.
    Team,
    /// A machine.
    ServiceAccount,
}

impl GranteeKind {
    /// The one of this kind with this id.
    pub(crate) fn of(self, id: Uuid) -> Grantee {
        match self {
            Self::Member => Grantee::Member(peekaboo_storage::UserId::from_uuid(id)),
            Self::Team => Grantee::Team(peekaboo_storage::TeamId::from_uuid(id)),
            Self::ServiceAccount => {
                Grantee::ServiceAccount(peekaboo_storage::ServiceAccountId::from_uuid(id))
            }
        }
    }
}

/// Who has a grant, with their name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct GrantHolder {
    /// What they are.
    pub kind: GranteeKind,
    /// The id of the member, team or service account.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

/// A role, as a grant names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RoleName {
    /// What it is called in requests: the name of a built-in role, or the id of a custom one.
    pub id: String,
    /// For people.
    pub name: String,
    /// Whether every organization has it.
    pub built_in: bool,
}

impl From<&GrantedRole> for RoleName {
    fn from(role: &GrantedRole) -> Self {
        match role {
            GrantedRole::BuiltIn(role) => Self {
                id: role.as_str().to_owned(),
                name: role.as_str().to_owned(),
                built_in: true,
            },
            GrantedRole::Custom { id, name } => Self {
                id: id.to_string(),
                name: name.clone(),
                built_in: false,
            },
        }
    }
}

/// A role on a scope, for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Grant {
    /// Its id.
    pub id: Uuid,
    /// Who has it.
    pub holder: GrantHolder,
    /// Which role.
    pub role: RoleName,
    /// Where.
    pub scope: GrantScope,
    /// When it was given.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl From<GrantRecord> for Grant {
    fn from(grant: GrantRecord) -> Self {
        Self {
            id: grant.id.as_uuid(),
            holder: grant_holder(&grant),
            role: (&grant.role).into(),
            scope: (&grant.scope).into(),
            created_at: grant.created_at,
        }
    }
}

/// Who has a grant.
pub(crate) fn grant_holder(grant: &GrantRecord) -> GrantHolder {
    let (kind, id) = match grant.grantee {
        Grantee::Member(id) => (GranteeKind::Member, id.as_uuid()),
        Grantee::Team(id) => (GranteeKind::Team, id.as_uuid()),
        Grantee::ServiceAccount(id) => (GranteeKind::ServiceAccount, id.as_uuid()),
    };
    GrantHolder {
        kind,
        id,
        name: grant.grantee_name.clone(),
    }
}

/// Grants, as they are shown.
pub(crate) fn grants(records: Vec<GrantRecord>) -> Vec<Grant> {
    records.into_iter().map(Grant::from).collect()
}
