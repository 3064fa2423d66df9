//! Teams: members who have access together.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use peekaboo_storage::{GrantRecord, NewPrincipal, PrincipalPatch, TeamId, UserId};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ApiState;
use crate::auth::may;
use crate::http::{
    Body, IdempotencyKey, IfMatch, Once, Page, PageQuery, Path, Reply, Tagged, WriteComment,
};
use crate::model::{Grant, grants};
use crate::problem::Problem;
use crate::routes::path::{OrganizationPath, TeamMemberPath, TeamPath};
use crate::routes::session::UserPage;

/// A team.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Team {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Rises with each change of name or description; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A team, with what it gives to its members.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TeamDetails {
    /// The team.
    #[serde(flatten)]
    pub team: Team,
    /// What everybody in it has.
    pub grants: Vec<Grant>,
}

/// A page of teams.
pub(crate) type TeamDetailsPage = Page<TeamDetails>;

/// A team to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Checkout"}))]
pub(crate) struct CreateTeam {
    /// Its name, which no other team has.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
}

/// What changes of a team.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Checkout and payment"}))]
pub(crate) struct UpdateTeam {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
}

impl From<peekaboo_storage::Team> for Team {
    fn from(team: peekaboo_storage::Team) -> Self {
        Self {
            id: team.id.as_uuid(),
            name: team.name,
            description: team.description,
            version: team.version,
            created_at: team.created_at,
            updated_at: team.updated_at,
        }
    }
}

impl From<(peekaboo_storage::Team, Vec<GrantRecord>)> for TeamDetails {
    fn from((team, granted): (peekaboo_storage::Team, Vec<GrantRecord>)) -> Self {
        Self {
            team: team.into(),
            grants: grants(granted),
        }
    }
}

impl Team {
    fn reply(team: peekaboo_storage::Team) -> Result<Reply, Problem> {
        Reply::tagged(&Tagged::created(team.version, Self::from(team)))
    }
}

/// List teams
#[utoipa::path(
    get, path = "/organizations/{org}/teams", tag = "access", operation_id = "listTeams",
    extensions(("x-permission" = json!("member.read"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The teams, oldest first.", body = TeamDetailsPage)),
)]
pub(crate) async fn list_teams(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    page: PageQuery,
) -> Result<Json<TeamDetailsPage>, Problem> {
    let teams = state.storage().teams(member.tenant(), &page.into()).await?;
    Ok(Json(Page::of(teams)))
}

/// Create a team
///
/// It has nobody and gives nothing until members and grants are added.
#[utoipa::path(
    post, path = "/organizations/{org}/teams", tag = "access", operation_id = "createTeam",
    extensions(("x-permission" = json!("team.manage"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateTeam,
    responses(
        (status = 201, description = "The team.", body = Team, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "Another team has this name."),
    ),
)]
pub(crate) async fn create_team(
    State(state): State<ApiState>,
    may::TeamManage(member): may::TeamManage,
    idempotency: IdempotencyKey,
    WriteComment { comment }: WriteComment,
    body: Body<CreateTeam>,
) -> Result<Response, Problem> {
    let once = Once::new(&member, idempotency, ("createTeam", member.tenant()), &body);
    let value = body.value;
    let new = NewPrincipal {
        name: value.name,
        description: value.description,
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let Some(once) = once else {
        let created = Box::pin(storage.create_team(tenant, new, &by)).await?;
        return Ok(Team::reply(created)?.into_response());
    };
    let request = once.request(Team::reply);
    let created = storage.create_team_once(tenant, new, &by, request);
    once.respond(Box::pin(created).await?)
}

/// Get a team
#[utoipa::path(
    get, path = "/organizations/{org}/teams/{team}", tag = "access", operation_id = "getTeam",
    extensions(("x-permission" = json!("member.read"))), params(TeamPath),
    responses((status = 200, description = "The team.", body = TeamDetails, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_team(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Path(path): Path<TeamPath>,
) -> Result<Tagged<TeamDetails>, Problem> {
    let id = TeamId::from_uuid(path.team);
    let found = state.storage().team(member.tenant(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("team"))?;
    Ok(Tagged::ok(found.0.version, found.into()))
}

/// Change a team
#[utoipa::path(
    patch, path = "/organizations/{org}/teams/{team}", tag = "access", operation_id = "updateTeam",
    extensions(("x-permission" = json!("team.manage"))), params(TeamPath, IfMatch, WriteComment),
    request_body = UpdateTeam,
    responses(
        (status = 200, description = "The team.", body = Team, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "Another team has this name."),
    ),
)]
pub(crate) async fn update_team(
    State(state): State<ApiState>,
    may::TeamManage(member): may::TeamManage,
    Path(path): Path<TeamPath>,
    if_match: IfMatch,
    WriteComment { comment }: WriteComment,
    Body { value: change, .. }: Body<UpdateTeam>,
) -> Result<Tagged<Team>, Problem> {
    let id = TeamId::from_uuid(path.team);
    let wanted = PrincipalPatch {
        name: change.name,
        description: change.description,
    };
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    let updated = storage.update_team(tenant, id, wanted, if_match.version, &by);
    let team = Box::pin(updated).await?;
    Ok(Tagged::ok(team.version, team.into()))
}

/// Delete a team
///
/// With its grants; the members stay in the organization. The caller needs everything that the team's grants give.
#[utoipa::path(
    delete, path = "/organizations/{org}/teams/{team}", tag = "access", operation_id = "deleteTeam",
    extensions(("x-permission" = json!("team.manage"))), params(TeamPath, WriteComment),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_team(
    State(state): State<ApiState>,
    may::TeamManage(member): may::TeamManage,
    Path(path): Path<TeamPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let id = TeamId::from_uuid(path.team);
    let by = member.attribution(&state, comment);
    Box::pin(state.storage().delete_team(member.tenant(), id, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List a team's members
#[utoipa::path(
    get, path = "/organizations/{org}/teams/{team}/members", tag = "access", operation_id = "listTeamMembers",
    extensions(("x-permission" = json!("member.read"))), params(TeamPath, PageQuery),
    responses((status = 200, description = "The people, by e-mail.", body = UserPage)),
)]
pub(crate) async fn list_team_members(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Path(path): Path<TeamPath>,
    page: PageQuery,
) -> Result<Json<UserPage>, Problem> {
    let id = TeamId::from_uuid(path.team);
    let (storage, tenant) = (state.storage(), member.tenant());
    let found = storage.team(tenant, id).await?;
    found.ok_or_else(|| Problem::not_found("team"))?;
    let users = storage.team_members(tenant, id, &page.into()).await?;
    Ok(Json(Page::of(users)))
}

/// Put a member in a team
///
/// The caller needs everything that the team's grants give. Doing it twice is as good as once.
#[utoipa::path(
    put, path = "/organizations/{org}/teams/{team}/members/{member}", tag = "access", operation_id = "addTeamMember",
    extensions(("x-permission" = json!("team.manage"))), params(TeamMemberPath, WriteComment),
    responses((status = 204, description = "They are in the team.")),
)]
pub(crate) async fn add_team_member(
    State(state): State<ApiState>,
    may::TeamManage(member): may::TeamManage,
    Path(path): Path<TeamMemberPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let (id, user) = (TeamId::from_uuid(path.team), UserId::from_uuid(path.member));
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.add_team_member(tenant, id, user, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a member out of a team
///
/// The caller needs everything that the team's grants give.
#[utoipa::path(
    delete, path = "/organizations/{org}/teams/{team}/members/{member}", tag = "access",
    operation_id = "removeTeamMember", extensions(("x-permission" = json!("team.manage"))),
    params(TeamMemberPath, WriteComment),
    responses((status = 204, description = "They are not in the team any more.")),
)]
pub(crate) async fn remove_team_member(
    State(state): State<ApiState>,
    may::TeamManage(member): may::TeamManage,
    Path(path): Path<TeamMemberPath>,
    WriteComment { comment }: WriteComment,
) -> Result<StatusCode, Problem> {
    let (id, user) = (TeamId::from_uuid(path.team), UserId::from_uuid(path.member));
    let by = member.attribution(&state, comment);
    let (storage, tenant) = (state.storage(), member.tenant());
    Box::pin(storage.remove_team_member(tenant, id, user, &by)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use peekaboo_policy::BuiltIn;
    use serde_json::json;

    const TEAMS: &str = "/organizations/acme/teams";

    #[tokio::test]
    async fn members_of_a_team_have_its_grants() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        let bob = api.member(acme, "bob@example.com", BuiltIn::Viewer).await;
        let made = api
            .call(&owner, Method::POST, TEAMS)
            .json(json!({"name": "Checkout"}))
            .expect(StatusCode::CREATED)
            .await;
        api.call(&owner, Method::POST, TEAMS)
            .json(json!({"name": "checkout"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
        let id = made.body["id"].as_str().unwrap();
        let holder = json!({"kind": "team", "id": id});
        api.call(&owner, Method::POST, "/organizations/acme/grants")
            .json(json!({"holder": holder, "role": "editor", "scope": {"project": "shop"}}))
            .expect(StatusCode::CREATED)
            .await;
        let members = api.get(&owner, "/organizations/acme/members").await;
        let bobs = members.body["items"][1]["user"]["id"].as_str().unwrap();
        let place = format!("{TEAMS}/{id}/members/{bobs}");
        for _ in 0..2 {
            api.call(&owner, Method::PUT, &place)
                .expect(StatusCode::NO_CONTENT)
                .await;
        }
        api.flag(&bob, "checkout").await;
        let inside = api.get(&owner, &format!("{TEAMS}/{id}/members")).await;
        assert_eq!(inside.each("email"), ["bob@example.com"]);
        let listed = api.get(&owner, TEAMS).await;
        assert_eq!(listed.body["items"][0]["grants"][0]["role"]["id"], "editor");
        let member = api
            .get(&owner, &format!("/organizations/acme/members/{bobs}"))
            .await;
        assert_eq!(
            member.body["teams"],
            json!([{"id": id, "name": "Checkout"}])
        );
        assert_eq!(
            member.body["role"], "viewer",
            "the team's is another matter"
        );

        let path = format!("{TEAMS}/{id}");
        let renamed = api
            .call(&owner, Method::PATCH, &path)
            .header("if-match", made.etag())
            .json(json!({"name": "Payment"}))
            .expect(StatusCode::OK)
            .await;
        assert_eq!(renamed.body["name"], "Payment");
        let leave = || api.call(&owner, Method::DELETE, &place);
        leave().expect(StatusCode::NO_CONTENT).await;
        leave().expect(StatusCode::NOT_FOUND).await;
        api.call(
            &bob,
            Method::POST,
            "/organizations/acme/projects/shop/flags",
        )
        .json(json!({"key": "search", "type": "boolean"}))
        .refused(StatusCode::FORBIDDEN, "forbidden")
        .await;
        api.call(&owner, Method::DELETE, &path)
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&owner, Method::GET, &format!("{path}/members"))
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
