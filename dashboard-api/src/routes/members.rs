//! Who belongs to an organization, in which role.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use peekaboo_policy::BuiltIn;
use peekaboo_storage::UserId;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::access_explained;
use super::path::{MemberPath, OrganizationPath};
use super::session::User;
use crate::ApiState;
use crate::auth::{PersonHere, may};
use crate::http::{Body, Page, PageQuery, Path, Query, WriteComment};
use crate::model::{Grant, RoleSchema, grants};
use crate::problem::Problem;

/// The endpoints.
pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list_members))
        .routes(routes!(get_member, update_member, remove_member))
        .routes(routes!(leave_organization))
        .routes(routes!(transfer_ownership))
        .routes(routes!(access_explained::explain_permission))
        .routes(routes!(access_explained::explain_own_permission))
}

/// A member of an organization.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// The person.
    pub user: User,
    /// Their built-in role in the whole organization; null where they have none. Teams may give them more.
    #[schema(value_type = Option<RoleSchema>, required)]
    pub role: Option<BuiltIn>,
    /// The teams that they are in.
    pub teams: Vec<MemberTeam>,
    /// What was granted to themselves, the role included.
    pub grants: Vec<Grant>,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub joined_at: OffsetDateTime,
    /// When they last used the organization, to some minutes; null: never.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub seen_at: Option<OffsetDateTime>,
    /// Whether they need a code to sign in.
    pub second_factor: bool,
}

/// A team that a member is in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MemberTeam {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// A page of members.
pub(crate) type MemberPage = Page<Member>;

/// What changes of a member.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "editor"}))]
pub(crate) struct UpdateMember {
    /// Their role in the whole organization; null takes it away and leaves their other grants.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(value_type = Option<RoleSchema>, required)]
    pub role: Option<BuiltIn>,
}

/// Who will own the organization.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"to": "0193f3a2-6c1e-7c3a-9d52-3f1f6a0e8b11"}))]
pub(crate) struct TransferOwnership {
    /// The id of the member who becomes an owner.
    pub to: Uuid,
}

impl From<peekaboo_storage::Member> for Member {
    fn from(member: peekaboo_storage::Member) -> Self {
        let teams = member.teams.into_iter().map(|team| MemberTeam {
            id: team.id.as_uuid(),
            name: team.name,
        });
        Self {
            user: member.user.into(),
            role: member.role,
            teams: teams.collect(),
            grants: grants(member.grants),
            joined_at: member.joined_at,
            seen_at: member.seen_at,
            second_factor: member.second_factor,
        }
    }
}

/// Which members.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct MemberQuery {
    /// Only members whose name or address contains this, in any case of letters.
    pub search: Option<String>,
}

/// List members
#[utoipa::path(
    get, path = "/organizations/{org}/members", tag = "members", operation_id = "listMembers",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, MemberQuery, PageQuery),
    responses((status = 200, description = "The members, by e-mail.", body = MemberPage)),
)]
pub(crate) async fn list_members(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Query(query): Query<MemberQuery>,
    page: PageQuery,
) -> Result<Json<MemberPage>, Problem> {
    let search = query.search.as_deref().filter(|text| !text.is_empty());
    let members = state
        .storage()
        .members(member.tenant(), search, &page.into())
        .await?;
    Ok(Json(Page::of(members)))
}

/// Get a member
#[utoipa::path(
    get, path = "/organizations/{org}/members/{member}", tag = "members", operation_id = "getMember",
    extensions(("x-permission" = json!("member.read"))), params(MemberPath),
    responses((status = 200, description = "The member.", body = Member)),
)]
pub(crate) async fn get_member(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Path(path): Path<MemberPath>,
) -> Result<Json<Member>, Problem> {
    let id = UserId::from_uuid(path.member);
    let found = state.storage().member(member.tenant(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("member"))?;
    Ok(Json(found.into()))
}

/// Change a member's role
///
/// The caller needs everything that the former role gives and that the new one will. An organization keeps an owner.
#[utoipa::path(
    patch, path = "/organizations/{org}/members/{member}", tag = "members", operation_id = "updateMember",
    extensions(("x-permission" = json!("member.manage"))), params(MemberPath, WriteComment),
    request_body = UpdateMember,
    responses(
        (status = 200, description = "The member.", body = Member),
        (status = 409, description = "The organization would have no owner."),
    ),
)]
pub(crate) async fn update_member(
    State(state): State<ApiState>,
    may::MemberManage(member): may::MemberManage,
    Path(path): Path<MemberPath>,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateMember>,
) -> Result<Json<Member>, Problem> {
    let id = UserId::from_uuid(path.member);
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let updated = Box::pin(storage.set_role(tenant, id, change.role, &by)).await?;
    Ok(Json(updated.into()))
}

/// Remove a member
///
/// With their grants, places in teams and personal tokens; they keep their account. The caller needs everything that the
/// member was granted. An organization keeps an owner.
#[utoipa::path(
    delete, path = "/organizations/{org}/members/{member}", tag = "members", operation_id = "removeMember",
    extensions(("x-permission" = json!("member.manage"))), params(MemberPath, WriteComment),
    responses(
        (status = 204, description = "They no longer belong to the organization."),
        (status = 409, description = "The organization would have no owner."),
    ),
)]
pub(crate) async fn remove_member(
    State(state): State<ApiState>,
    may::MemberManage(member): may::MemberManage,
    Path(path): Path<MemberPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = UserId::from_uuid(path.member);
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.remove_member(tenant, id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave an organization
///
/// For any member who is signed in, but for the last owner.
#[utoipa::path(
    delete, path = "/organizations/{org}/membership", tag = "members", operation_id = "leaveOrganization",
    security(("session" = [])), params(OrganizationPath, WriteComment),
    responses(
        (status = 204, description = "The caller no longer belongs to the organization."),
        (status = 409, description = "The organization would have no owner."),
    ),
)]
pub(crate) async fn leave_organization(
    State(state): State<ApiState>,
    PersonHere { member, id }: PersonHere,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.remove_member(tenant, id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hand an organization over
///
/// The other member becomes an owner and the caller, who must be one, an admin.
#[utoipa::path(
    post, path = "/organizations/{org}/ownership", tag = "members", operation_id = "transferOwnership",
    security(("session" = [])), extensions(("x-permission" = json!("organization.update"))),
    params(OrganizationPath, WriteComment), request_body = TransferOwnership,
    responses((status = 200, description = "The new owner.", body = Member)),
)]
pub(crate) async fn transfer_ownership(
    State(state): State<ApiState>,
    may::OrganizationUpdate(member): may::OrganizationUpdate,
    WriteComment { comment }: WriteComment,
    Body { value, .. }: Body<TransferOwnership>,
) -> Result<Json<Member>, Problem> {
    member.person()?;
    let to = UserId::from_uuid(value.to);
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let owner = Box::pin(storage.transfer_ownership(tenant, to, &by)).await?;
    Ok(Json(owner.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::{Caller, TestApi};
    use axum::http::Method;
    use serde_json::json;

    #[tokio::test]
    async fn an_admin_sees_who_belongs() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        let listed = api.get(&owner, "/organizations/acme/members").await;
        assert_eq!(listed.each("role"), ["owner", "viewer"]);
        let first = api.get(&owner, "/organizations/acme/members?limit=1").await;
        assert_eq!(first.each("role"), ["owner"]);
        let cursor = first.body["nextCursor"].as_str().unwrap();
        let path = format!("/organizations/acme/members?limit=1&cursor={cursor}");
        let second = api.get(&owner, &path).await;
        assert_eq!(second.each("role"), ["viewer"]);
        assert!(second.body["nextCursor"].is_null());
    }

    #[tokio::test]
    async fn members_are_found_by_name_and_address() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        for (search, found) in [("BOB", 1), ("example", 2), ("nobody", 0), ("", 2)] {
            let path = format!("/organizations/acme/members?search={search}");
            assert_eq!(
                api.get(&owner, &path).await.each("role").len(),
                found,
                "{search}"
            );
        }
    }

    #[tokio::test]
    async fn a_member_shows_when_they_were_last_here_and_not_elsewhere() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Owner).await;
        let seen = async || {
            let path = "/organizations/acme/members?search=bob";
            api.get(&owner, path).await.each("seenAt")[0].clone()
        };
        assert!(seen().await.is_null(), "signing in is not a visit");
        api.get(&bob, "/organizations/acme").await;
        assert!(seen().await.is_string());
    }

    #[tokio::test]
    async fn a_made_up_page_is_refused() {
        let (api, owner) = TestApi::with_shop().await;
        for (query, pointer, code) in [
            ("cursor=nope", "?cursor", "invalid_cursor"),
            ("limit=0", "?limit", "out_of_range"),
            ("limit=201", "?limit", "out_of_range"),
            ("limit=many", "?limit", "malformed_value"),
        ] {
            let path = format!("/organizations/acme/members?{query}");
            api.call(&owner, Method::GET, &path)
                .invalid(pointer, code)
                .await;
        }
    }

    async fn id_of(api: &TestApi, owner: &Caller, email: &str) -> String {
        let listed = api.get(owner, "/organizations/acme/members").await;
        let items = listed.body["items"].as_array().unwrap();
        let found = items.iter().find(|item| item["user"]["email"] == email);
        found.unwrap()["user"]["id"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_role_is_changed_and_taken_away() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        let path = format!(
            "/organizations/acme/members/{}",
            id_of(&api, &owner, "bob@example.com").await
        );
        let update = |caller: &Caller, body| api.call(caller, Method::PATCH, &path).json(body);
        let updated = update(&owner, json!({"role": "editor"}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(updated.body["role"], "editor");
        api.flag(&bob, "checkout").await;
        update(&bob, json!({"role": "owner"}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        update(&owner, json!({})).invalid("/role", "required").await;
        let without = update(&owner, json!({"role": null}))
            .expect(StatusCode::OK)
            .await;
        assert!(without.body["role"].is_null());
        api.call(&bob, Method::GET, "/organizations/acme/projects")
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        let own = api.get(&bob, "/organizations/acme").await;
        assert!(own.body["role"].is_null(), "still a member");
    }

    #[tokio::test]
    async fn an_admin_removes_no_owner_and_the_last_owner_does_not_leave() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Admin).await;
        let ada = api.sign_in("ada@example.com").await;
        let path = format!(
            "/organizations/acme/members/{}",
            id_of(&api, &owner, "ada@example.com").await
        );
        api.call(&bob, Method::DELETE, &path)
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        api.call(&bob, Method::PATCH, &path)
            .json(json!({"role": "viewer"}))
            .refused(StatusCode::FORBIDDEN, "forbidden")
            .await;
        let leave =
            |caller: &Caller| api.call(caller, Method::DELETE, "/organizations/acme/membership");
        leave(&ada)
            .refused(StatusCode::CONFLICT, "last_owner")
            .await;
        let bobs = id_of(&api, &owner, "bob@example.com").await;
        let transferred = api
            .call(&ada, Method::POST, "/organizations/acme/ownership")
            .json(json!({"to": bobs}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(transferred.body["role"], "owner");
        leave(&ada).expect(StatusCode::NO_CONTENT).await;
        api.call(&ada, Method::GET, "/organizations/acme")
            .expect(StatusCode::NOT_FOUND)
            .await;
        assert_eq!(api.get(&ada, "/organizations").await.each("key").len(), 0);
        api.call(&bob, Method::DELETE, &path)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
