//! What the caller may do.

use axum::Json;
use peekaboo_policy::Permission;
use peekaboo_storage::GrantRecord;
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::Member;
use crate::model::{GrantHolder, GrantScope, PermissionSchema, RoleName, grant_holder};
use crate::routes::path::OrganizationPath;

/// What the caller may do in an organization: everything that any of these gives, and nothing else.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OwnAccess {
    /// The caller's grants, those of their teams included.
    pub grants: Vec<HeldGrant>,
}

/// A grant, with the permissions that it gives.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct HeldGrant {
    /// Who was granted the role: the caller, or a team that they are in.
    pub holder: GrantHolder,
    /// Which role.
    pub role: RoleName,
    /// Where.
    pub scope: GrantScope,
    /// What it gives there and on everything within.
    #[schema(value_type = Vec<PermissionSchema>)]
    pub permissions: Vec<Permission>,
}

impl From<GrantRecord> for HeldGrant {
    fn from(grant: GrantRecord) -> Self {
        let permissions = grant.permissions.effective_on(grant.scope.kind());
        Self {
            holder: grant_holder(&grant),
            role: (&grant.role).into(),
            scope: (&grant.scope).into(),
            permissions: permissions.iter().collect(),
        }
    }
}

/// Get the caller's own access
///
/// For any member. A permission that is held in a project holds in each of its environments, and one that is held in the
/// organization holds everywhere.
#[utoipa::path(
    get, path = "/organizations/{org}/access", tag = "access", operation_id = "getAccess", params(OrganizationPath),
    responses((status = 200, description = "What the caller may do.", body = OwnAccess)),
)]
pub(crate) async fn get_access(member: Member) -> Json<OwnAccess> {
    let grants = member.held.into_iter().map(HeldGrant::from).collect();
    Json(OwnAccess { grants })
}
