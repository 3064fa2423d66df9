//! Roles: the built-in ones, and those that the organization makes of permissions.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use peekaboo_policy::{BuiltIn, Permission, PermissionSet};
use peekaboo_storage::{CustomRole, NewRole, RoleId, RolePatch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::may;
use crate::http::{
    Body, IdempotencyKey, IfMatch, Once, Page, PageQuery, Path, Reply, Tagged, WriteComment,
};
use crate::model::{Grant, PermissionSchema, grants};
use crate::problem::Problem;
use crate::routes::path::{OrganizationPath, RolePath};

/// A role.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Role {
    /// What grants call it: the name of a built-in role, or the id of a custom one.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether every organization has it. Such a role cannot be changed.
    pub built_in: bool,
    /// What it allows.
    #[schema(value_type = Vec<PermissionSchema>)]
    pub permissions: Vec<Permission>,
    /// Rises with each change; also the `ETag`. 0 for a built-in role.
    pub version: i64,
}

/// A page of roles.
pub(crate) type RolePage = Page<Role>;

/// A custom role, with who has it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RoleDetails {
    /// The role.
    #[serde(flatten)]
    pub role: Role,
    /// Where it is granted, and to whom.
    pub grants: Vec<Grant>,
}

/// A role to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Release manager", "permissions": ["environment.read", "flag.toggle"]}))]
pub(crate) struct CreateRole {
    /// Its name, which no other role has.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is for.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
    /// What it allows. Some permissions cannot be part of a custom role: `inCustomRoles` says which can.
    #[schema(value_type = Vec<PermissionSchema>)]
    pub permissions: Vec<Permission>,
}

/// What changes of a role.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Release manager"}))]
pub(crate) struct UpdateRole {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is for.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
    /// What it allows, replacing what it allowed.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(value_type = Option<Vec<PermissionSchema>>, nullable = false)]
    pub permissions: Option<Vec<Permission>>,
}

impl From<BuiltIn> for Role {
    fn from(role: BuiltIn) -> Self {
        let description = match role {
            BuiltIn::Viewer => "Views flags, targeting and usage.",
            BuiltIn::Editor => "Changes flags, targeting and segments.",
            BuiltIn::Admin => "Manages projects, environments, keys and members.",
            BuiltIn::Owner => "Controls the organization.",
        };
        Self {
            id: role.as_str().to_owned(),
            name: role.as_str().to_owned(),
            description: description.to_owned(),
            built_in: true,
            permissions: role.permissions().iter().collect(),
            version: 0,
        }
    }
}

impl From<CustomRole> for Role {
    fn from(role: CustomRole) -> Self {
        Self {
            id: role.id.to_string(),
            name: role.name,
            description: role.description,
            built_in: false,
            permissions: role.permissions.0.iter().collect(),
            version: role.version,
        }
    }
}

impl Role {
    fn reply(role: CustomRole) -> Result<Reply, Problem> {
        Reply::tagged(&Tagged::created(role.version, Self::from(role)))
    }
}

/// List roles
///
/// The built-in ones come first, on the first page.
#[utoipa::path(
    get, path = "/organizations/{org}/roles", tag = "access", operation_id = "listRoles",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The roles.", body = RolePage)),
)]
pub(crate) async fn list_roles(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    page: PageQuery,
) -> Result<Json<RolePage>, Problem> {
    let is_first = page.cursor.is_none();
    let roles = state.storage().roles(member.tenant(), &page.into()).await?;
    let mut page: RolePage = Page::of(roles);
    if is_first {
        let built_in = BuiltIn::ALL.iter().copied().map(Role::from);
        page.items.splice(0..0, built_in);
    }
    Ok(Json(page))
}

/// Create a role
///
/// It gives nobody anything until it is granted.
#[utoipa::path(
    post, path = "/organizations/{org}/roles", tag = "access", operation_id = "createRole",
    extensions(("x-permission" = json!("role.manage"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateRole,
    responses(
        (status = 201, description = "The role.", body = Role, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "Another role has this name."),
    ),
)]
pub(crate) async fn create_role(
    State(state): State<ApiState>,
    may::RoleManage(member): may::RoleManage,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateRole>,
) -> Result<Response, Problem> {
    let once = Once::new(&member, idempotency, ("createRole", member.tenant()), &body);
    let value = body.value;
    let new = NewRole {
        name: value.name,
        description: value.description,
        permissions: value.permissions.into_iter().collect(),
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let Some(once) = once else {
        let created = Box::pin(storage.create_role(tenant, new, &by)).await?;
        return Ok(Role::reply(created)?.into_response());
    };
    let request = once.request(Role::reply);
    let created = storage.create_role_once(tenant, new, &by, request);
    once.respond(Box::pin(created).await?)
}

/// Get a custom role
///
/// With the grants that use it: a change of the role applies to all of them.
#[utoipa::path(
    get, path = "/organizations/{org}/roles/{role}", tag = "access", operation_id = "getRole",
    extensions(("x-permission" = json!("member.read"))), params(RolePath),
    responses((status = 200, description = "The role.", body = RoleDetails, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_role(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Path(path): Path<RolePath>,
) -> Result<Tagged<RoleDetails>, Problem> {
    let id = RoleId::from_uuid(path.role);
    let found = state.storage().custom_role(member.tenant(), id).await?;
    let (role, granted) = found.ok_or_else(|| Problem::not_found("role"))?;
    let details = RoleDetails {
        role: role.into(),
        grants: grants(granted),
    };
    Ok(Tagged::ok(details.role.version, details))
}

/// Change a custom role
///
/// Everybody who has it has what it then allows. The caller needs what is added, wherever the role is granted.
#[utoipa::path(
    patch, path = "/organizations/{org}/roles/{role}", tag = "access", operation_id = "updateRole",
    extensions(("x-permission" = json!("role.manage"))), params(RolePath, IfMatch, WriteComment),
    request_body = UpdateRole,
    responses(
        (status = 200, description = "The role.", body = Role, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "Another role has this name."),
    ),
)]
pub(crate) async fn update_role(
    State(state): State<ApiState>,
    may::RoleManage(member): may::RoleManage,
    Path(path): Path<RolePath>,
    if_match: IfMatch,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateRole>,
) -> Result<Tagged<Role>, Problem> {
    let id = RoleId::from_uuid(path.role);
    let set = |permissions: Vec<Permission>| permissions.into_iter().collect::<PermissionSet>();
    let wanted = RolePatch {
        name: change.name,
        description: change.description,
        permissions: change.permissions.map(set),
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let updated = storage.update_role(tenant, id, wanted, if_match.version, &by);
    let role = Box::pin(updated).await?;
    Ok(Tagged::ok(role.version, role.into()))
}

/// Delete a custom role
///
/// Only one that is granted to nobody.
#[utoipa::path(
    delete, path = "/organizations/{org}/roles/{role}", tag = "access", operation_id = "deleteRole",
    extensions(("x-permission" = json!("role.manage"))), params(RolePath, WriteComment),
    responses(
        (status = 204, description = "It is gone."),
        (status = 409, description = "Somebody has it."),
    ),
)]
pub(crate) async fn delete_role(
    State(state): State<ApiState>,
    may::RoleManage(member): may::RoleManage,
    Path(path): Path<RolePath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = RoleId::from_uuid(path.role);
    let by = member.attribution(&state, comment);
    Box::pin(state.storage().delete_role(member.tenant(), id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use serde_json::json;

    const ROLES: &str = "/organizations/acme/roles";

    #[tokio::test]
    async fn a_role_of_ones_own_is_made_changed_and_deleted() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, ROLES)
            .json(json!({"name": "Release manager", "permissions": ["flag.toggle", "environment.read"]}))
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(made.body["builtIn"], false);
        let path = format!("{ROLES}/{}", made.body["id"].as_str().unwrap());
        let update = |tag: &str| {
            api.call(&owner, Method::PATCH, &path)
                .header("if-match", tag)
                .json(json!({"permissions": ["flag.toggle"]}))
        };
        let changed = update(made.etag()).expect(StatusCode::OK).await;
        assert_eq!(changed.body["permissions"], json!(["flag.toggle"]));
        assert_eq!(changed.body["name"], "Release manager");
        let refused = update(made.etag())
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
        let listed = api.get(&owner, ROLES).await;
        let names = ["viewer", "editor", "admin", "owner", "Release manager"];
        assert_eq!(listed.each("name"), names);

        let holder = json!({"kind": "team", "id": team(&api, &owner).await});
        let granted = api
            .call(&owner, Method::POST, "/organizations/acme/grants")
            .json(json!({"holder": holder, "role": made.body["id"]}))
            .expect(StatusCode::CREATED)
            .await;
        let read = api.get(&owner, &path).await;
        assert_eq!(read.body["grants"], json!([granted.body]));
        let delete = || api.call(&owner, Method::DELETE, &path);
        delete().refused(StatusCode::CONFLICT, "role_in_use").await;
        let grant = granted.body["id"].as_str().unwrap();
        let grant = format!("/organizations/acme/grants/{grant}");
        api.call(&owner, Method::DELETE, &grant)
            .expect(StatusCode::NO_CONTENT)
            .await;
        delete().expect(StatusCode::NO_CONTENT).await;
        delete().expect(StatusCode::NOT_FOUND).await;
    }

    async fn team(api: &TestApi, owner: &crate::harness::Caller) -> serde_json::Value {
        let made = api
            .call(owner, Method::POST, "/organizations/acme/teams")
            .json(json!({"name": "Team"}))
            .expect(StatusCode::CREATED)
            .await;
        made.body["id"].clone()
    }

    #[tokio::test]
    async fn a_role_that_makes_no_sense_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, ROLES).json(body);
        create(json!({"name": "R", "permissions": ["flag.fly"]}))
            .invalid("/permissions/0", "malformed_value")
            .await;
        let refused = create(json!({"name": "R", "permissions": ["access.grant"]}))
            .invalid("/permissions", "not_applicable")
            .await;
        let detail = refused.body["detail"].as_str().unwrap();
        assert!(detail.contains("give others access"), "{detail}");
        create(json!({"name": "", "permissions": []}))
            .invalid("/name", "required")
            .await;
        create(json!({"name": "R", "permissions": []}))
            .expect(StatusCode::CREATED)
            .await;
        create(json!({"name": "r", "permissions": []}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn the_table_of_permissions_is_for_everybody_who_is_signed_in() {
        let (api, _) = TestApi::with_shop().await;
        let viewer = api.acme(BuiltIn::Viewer).await;
        let listed = api.get(&viewer, "/permissions").await;
        assert_eq!(listed.each("key").len(), Permission::ALL.len());
        let toggle = listed.body["items"].as_array().unwrap().iter();
        let toggle = toggle.clone().find(|one| one["key"] == "flag.toggle");
        assert_eq!(
            *toggle.unwrap(),
            json!({
                "key": "flag.toggle", "area": "Flags", "words": "turn flags on and off", "scope": "environment",
                "leastRole": "editor", "inCustomRoles": true
            })
        );
        let own = api.get(&viewer, "/organizations/acme/access").await;
        let grants = own.body["grants"].as_array().unwrap();
        assert_eq!(grants.len(), 1);
        assert_eq!(grants[0]["role"]["id"], "viewer");
        assert_eq!(grants[0]["holder"]["kind"], "serviceAccount");
        let permissions = grants[0]["permissions"].as_array().unwrap();
        assert!(permissions.contains(&json!("flag.read")));
        assert!(!permissions.contains(&json!("flag.toggle")));
    }
}
