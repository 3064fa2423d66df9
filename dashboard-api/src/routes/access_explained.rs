//! Why somebody may do something: each of their grants, and what it contributes.

use axum::Json;
use axum::extract::State;
use peekaboo_policy::{Judgement, Permission, Scope, ScopeKind, decide, explain, sees_project};
use peekaboo_storage::{GrantRecord, OrganizationId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::given;
use super::path::{MemberPath, OrganizationPath};
use crate::ApiState;
use crate::auth::{Member, may};
use crate::http::{Path, Query};
use crate::model::{Grant, GrantScope, PermissionInfo};
use crate::problem::Problem;

/// What is asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExplanationQuery {
    /// The permission.
    #[param(example = "project.create")]
    pub permission: String,
    /// The project's key, for a permission that is decided in a project or an environment.
    pub project: Option<String>,
    /// The key of an environment of the project; every environment of the project where it is left out.
    pub environment: Option<String>,
}

/// Whether a member may do something, and why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Explanation {
    /// What is asked about.
    pub permission: PermissionInfo,
    /// Where.
    pub scope: GrantScope,
    /// Whether they may.
    pub allowed: bool,
    /// The same as a sentence.
    pub sentence: String,
    /// Each of their grants, those of their teams included.
    pub grants: Vec<JudgedGrant>,
    /// Members who can give them the permission there, by name; none where they have it.
    pub givers: Vec<PermissionGiver>,
}

/// Somebody who can give a permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PermissionGiver {
    /// Their id.
    pub id: Uuid,
    /// Their name.
    pub name: String,
}

/// How many of those who can give a permission are named.
const GIVERS: usize = 10;

/// A grant, and what it contributes to the answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct JudgedGrant {
    /// The grant.
    pub grant: Grant,
    /// What it contributes.
    pub judgement: JudgementKind,
}

/// What a grant contributes to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum JudgementKind {
    /// It allows it.
    Allows,
    /// It covers the place, and its role lacks the permission.
    LacksPermission,
    /// Its role has the permission, and it is on another place.
    OtherScope,
    /// Neither.
    Neither,
}

impl From<Judgement> for JudgementKind {
    fn from(judgement: Judgement) -> Self {
        match judgement {
            Judgement::Allows => Self::Allows,
            Judgement::LacksPermission => Self::LacksPermission,
            Judgement::OtherScope => Self::OtherScope,
            Judgement::Neither => Self::Neither,
        }
    }
}

/// Explain what a member may do
///
/// For example why somebody can change production: `permission=targeting.update&project=shop&environment=production`.
#[utoipa::path(
    get, path = "/organizations/{org}/members/{member}/permissions", tag = "members",
    operation_id = "explainPermission", extensions(("x-permission" = json!("member.read"))),
    params(MemberPath, ExplanationQuery),
    responses((status = 200, description = "Whether they may, and what each of their grants contributes.", body = Explanation)),
)]
pub(crate) async fn explain_permission(
    State(state): State<ApiState>,
    may::MemberRead(member): may::MemberRead,
    Path(path): Path<MemberPath>,
    Query(query): Query<ExplanationQuery>,
) -> Result<Json<Explanation>, Problem> {
    let (storage, tenant) = (state.storage(), member.tenant());
    let question = Question::read(query, &member)?;
    let id = UserId::from_uuid(path.member);
    let found = storage.member(tenant, id).await?;
    let name = found.ok_or_else(|| Problem::not_found("member"))?.user.name;
    let held = storage.access_of_member(tenant, id).await?;
    let held = held.ok_or_else(|| Problem::not_found("member"))?;
    Ok(Json(question.answer(&state, tenant, &name, held).await?))
}

/// Explain what the caller may do
///
/// For any member: what stands behind "you need permission to …", and who can give it.
#[utoipa::path(
    get, path = "/organizations/{org}/access/permissions", tag = "access", operation_id = "explainOwnPermission",
    params(OrganizationPath, ExplanationQuery),
    responses(
        (status = 200, description = "Whether the caller may, and what each of their grants contributes.", body = Explanation),
    ),
)]
pub(crate) async fn explain_own_permission(
    State(state): State<ApiState>,
    member: Member,
    Query(query): Query<ExplanationQuery>,
) -> Result<Json<Explanation>, Problem> {
    let question = Question::read(query, &member)?;
    let name = member.actor().name;
    let tenant = member.tenant();
    Ok(Json(
        question.answer(&state, tenant, &name, member.held).await?,
    ))
}

/// A permission, and where.
struct Question {
    permission: Permission,
    scope: Scope,
}

impl Question {
    /// Reads what is asked; about a project that the asker does not see, nothing is.
    fn read(query: ExplanationQuery, asker: &Member) -> Result<Self, Problem> {
        let permission: Permission =
            query
                .permission
                .parse()
                .map_err(|error: peekaboo_policy::UnknownPermission| {
                    Problem::field("?permission", "unknown_value", error.to_string())
                })?;
        let scope = scope(permission, query.project, query.environment)?;
        if let Some(project) = scope.project_key()
            && !sees_project(&asker.grants, project)
        {
            return Err(Problem::not_found("project"));
        }
        if let Scope::Environment {
            project,
            environment,
        } = &scope
            && !asker.sees_environment(project, environment)
        {
            return Err(Problem::not_found("environment"));
        }
        Ok(Self { permission, scope })
    }

    /// What the grants of somebody contribute.
    async fn answer(
        self,
        state: &ApiState,
        tenant: OrganizationId,
        name: &str,
        held: Vec<GrantRecord>,
    ) -> Result<Explanation, Problem> {
        let Self { permission, scope } = self;
        let grants: Vec<_> = held.iter().map(GrantRecord::as_policy).collect();
        let allowed = decide(&grants, permission, &scope).is_allowed();
        let givers = if allowed {
            Vec::new()
        } else {
            let storage = state.storage();
            storage
                .who_can_give(tenant, permission, &scope, GIVERS)
                .await?
        };
        let can = if allowed { "can" } else { "cannot" };
        let judged = explain(&grants, permission, &scope);
        let judged = held
            .into_iter()
            .zip(judged)
            .map(|(grant, judgement)| JudgedGrant {
                grant: grant.into(),
                judgement: judgement.into(),
            });
        let givers = givers.into_iter().map(|giver| PermissionGiver {
            id: giver.id.as_uuid(),
            name: giver.name,
        });
        Ok(Explanation {
            sentence: format!("{name} {can} {} in {scope}", permission.words()),
            permission: permission.into(),
            scope: (&scope).into(),
            allowed,
            grants: judged.collect(),
            givers: givers.collect(),
        })
    }
}

/// Where the question is about.
fn scope(
    permission: Permission,
    project: Option<String>,
    environment: Option<String>,
) -> Result<Scope, Problem> {
    let asked = GrantScope {
        project,
        environment,
    };
    let scope = given::scope("?", asked)?;
    let wrong = |pointer, code, detail: String| Err(Problem::field(pointer, code, detail));
    match (permission.scope(), scope.kind()) {
        (ScopeKind::Organization, ScopeKind::Project | ScopeKind::Environment) => wrong(
            "?project",
            "not_applicable",
            format!("`{permission}` applies to the whole organization; omit the project"),
        ),
        (ScopeKind::Project, ScopeKind::Environment) => wrong(
            "?environment",
            "not_applicable",
            format!("`{permission}` applies to a whole project; omit the environment"),
        ),
        (ScopeKind::Project | ScopeKind::Environment, ScopeKind::Organization) => wrong(
            "?project",
            "required",
            format!("`{permission}` applies to a project; name one"),
        ),
        _ => Ok(scope),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{Method, StatusCode};
    use peekaboo_policy::BuiltIn;
    use serde_json::json;

    use crate::harness::TestApi;

    #[tokio::test]
    async fn each_grant_says_what_it_contributes() {
        let (api, owner) = TestApi::with_shop().await;
        let acme = api.acme_id().await;
        api.member(acme, "maja@example.com", BuiltIn::Viewer).await;
        let members = api.get(&owner, "/organizations/acme/members").await;
        let maja = members.body["items"][1]["user"]["id"].as_str().unwrap();
        let create = |role, scope| {
            api.call(&owner, Method::POST, "/organizations/acme/grants")
                .json(
                    json!({"holder": {"kind": "member", "id": maja}, "role": role, "scope": scope}),
                )
        };
        let development = json!({"project": "shop", "environment": "development"});
        create("editor", development)
            .expect(StatusCode::CREATED)
            .await;
        let path = format!("/organizations/acme/members/{maja}/permissions");
        let ask = async |query: &str| api.get(&owner, &format!("{path}?{query}")).await.body;
        let production = "permission=targeting.update&project=shop&environment=production";
        let no = ask(production).await;
        assert_eq!(no["allowed"], false);
        assert_eq!(
            no["sentence"],
            "maja@example.com cannot change targeting in environment production of project shop"
        );
        let judged = |answer: &serde_json::Value| {
            let grants = answer["grants"].as_array().unwrap().iter();
            grants
                .map(|grant| grant["judgement"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(judged(&no), ["lacksPermission", "otherScope"]);
        assert_eq!(no["givers"][0]["name"], "ada@example.com");
        let sign_in = api.sign_in("maja@example.com").await;
        let own = format!("/organizations/acme/access/permissions?{production}");
        assert_eq!(
            api.get(&sign_in, &own).await.body,
            no,
            "the same answer as for others"
        );
        let yes = ask("permission=flag.toggle&project=shop&environment=development").await;
        assert_eq!(
            (&yes["allowed"], judged(&yes)),
            (
                &json!(true),
                vec![json!("lacksPermission"), json!("allows")]
            )
        );

        for (query, pointer, code) in [
            ("permission=flag.fly", "?permission", "unknown_value"),
            ("permission=flag.toggle", "?project", "required"),
            (
                "permission=flag.create&project=shop&environment=production",
                "?environment",
                "not_applicable",
            ),
            (
                "permission=project.create&project=shop",
                "?project",
                "not_applicable",
            ),
        ] {
            api.call(&owner, Method::GET, &format!("{path}?{query}"))
                .invalid(pointer, code)
                .await;
        }
    }
}
