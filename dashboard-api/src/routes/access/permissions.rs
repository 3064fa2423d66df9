//! The table of permissions, for pages that show or edit roles.

use axum::Json;
use peekaboo_policy::Permission;

use crate::auth::Principal;
use crate::http::Page;
use crate::model::PermissionInfo;

/// The permissions.
pub(crate) type PermissionInfoPage = Page<PermissionInfo>;

/// List permissions
///
/// Everything that roles are made of, in the order in which it is shown.
#[utoipa::path(
    get, path = "/permissions", tag = "access", operation_id = "listPermissions",
    responses((status = 200, description = "The permissions, by area.", body = PermissionInfoPage)),
)]
pub(crate) async fn list_permissions(_: Principal) -> Json<PermissionInfoPage> {
    let all = Permission::ALL.iter().copied();
    Json(Page::whole(all.map(PermissionInfo::from).collect()))
}
