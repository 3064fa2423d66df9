//! Projects: the flags of one product, in several environments.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use peekaboo_policy::{Permission, Reach, Scope, reach};
use peekaboo_storage::{Command, Key, NewProject, Outcome, ProjectOverview, ProjectPatch};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::environments::Environment;
use super::keys::KeyKind;
use super::path::{OrganizationPath, ProjectPath};
use crate::ApiState;
use crate::auth::{Member, may};
use crate::commands;
use crate::http::{
    Body, IdempotencyKey, IfMatch, Once, Page, PageQuery, Path, Reply, Tagged, WriteComment,
};
use crate::problem::Problem;

/// A project.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Project {
    /// Its id.
    pub id: Uuid,
    /// Its key in URLs; never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// Rises with each change of name or description; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
    /// How many flags it has, without those archived.
    pub flag_count: i64,
    /// How many segments it has.
    pub segment_count: i64,
    /// Its environments, in their order.
    pub environments: Vec<Environment>,
}

/// A page of projects.
pub(crate) type ProjectPage = Page<Project>;

/// A new project, with the secrets of its first keys, which are shown only now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CreatedProject {
    /// The project.
    #[serde(flatten)]
    pub project: Project,
    /// One key of each kind in each environment.
    pub keys: Vec<ProjectKey>,
}

/// A key that came with a new project.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"environment": "production", "kind": "server", "secret": "pbs_…"}))]
pub(crate) struct ProjectKey {
    /// The environment's key.
    pub environment: String,
    /// For which kind of application.
    pub kind: KeyKind,
    /// The key itself.
    pub secret: String,
}

/// A project to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "storefront", "name": "Storefront"}))]
pub(crate) struct CreateProject {
    /// Its key in URLs.
    #[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9._-]{0,99}$")]
    pub key: Key,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
}

/// What changes of a project.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"description": "The shop's pages"}))]
pub(crate) struct UpdateProject {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// What it is about.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(max_length = 5000, nullable = false)]
    pub description: Option<String>,
}

/// List projects
#[utoipa::path(
    get, path = "/organizations/{org}/projects", tag = "projects", operation_id = "listProjects",
    extensions(("x-permission" = json!("project.read"))), params(OrganizationPath, PageQuery),
    responses((status = 200, description = "The projects that the caller sees, by key.", body = ProjectPage)),
)]
pub(crate) async fn list_projects(
    State(state): State<ApiState>,
    may::ProjectRead(member): may::ProjectRead,
    page: PageQuery,
) -> Result<Json<ProjectPage>, Problem> {
    let (storage, tenant, page) = (state.storage(), member.tenant(), page.into());
    let projects = match reach(&member.grants, Permission::ProjectRead) {
        Reach::Everywhere => storage.projects(tenant, &page).await?,
        Reach::Within(scopes) => {
            let keys = scopes.iter().filter_map(Scope::project_key);
            let keys: Vec<_> = keys.map(ToOwned::to_owned).collect();
            storage.projects_among(tenant, &keys, &page).await?
        }
    };
    let projects = projects.map(|project| Project::seen_by(&member, project));
    Ok(Json(Page::of(projects)))
}

/// Create a project
///
/// It comes with the environments development, staging and production, and one key of each kind in each.
#[utoipa::path(
    post, path = "/organizations/{org}/projects", tag = "projects", operation_id = "createProject",
    extensions(("x-permission" = json!("project.create"))), params(OrganizationPath, IdempotencyKey, WriteComment),
    request_body = CreateProject,
    responses(
        (status = 201, description = "The project, with the secrets of its keys.", body = CreatedProject, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "The key is taken."),
    ),
)]
pub(crate) async fn create_project(
    State(state): State<ApiState>,
    may::ProjectCreate(member): may::ProjectCreate,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<CreateProject>,
) -> Result<Response, Problem> {
    let what = ("createProject", member.tenant());
    let once = Once::new(&member, idempotency, what, &body);
    let command = Command::CreateProject {
        project: NewProject {
            key: body.value.key,
            name: body.value.name,
            description: body.value.description,
        },
    };
    let reply = |outcome: Outcome| {
        let created = outcome.created_project();
        let created = created.ok_or_else(|| Problem::unexpected("a new project"))?;
        let created = CreatedProject::from(created);
        Reply::tagged(&Tagged::created(created.project.version, created))
    };
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

/// Get a project
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}", tag = "projects", operation_id = "getProject",
    extensions(("x-permission" = json!("project.read"))), params(ProjectPath),
    responses((status = 200, description = "The project.", body = Project, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_project(
    State(state): State<ApiState>,
    may::ProjectRead(member): may::ProjectRead,
    Path(path): Path<ProjectPath>,
) -> Result<Tagged<Project>, Problem> {
    let project = state
        .storage()
        .project(member.tenant(), &path.project)
        .await?;
    let project = project.map(|project| Project::seen_by(&member, project));
    let project = project.ok_or_else(|| Problem::not_found("project"))?;
    Ok(Tagged::ok(project.version, project))
}

/// Change a project
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}", tag = "projects", operation_id = "updateProject",
    extensions(("x-permission" = json!("project.update"))), params(ProjectPath, IfMatch, WriteComment),
    request_body = UpdateProject,
    responses((status = 200, description = "The project.", body = Project, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn update_project(
    State(state): State<ApiState>,
    may::ProjectUpdate(member): may::ProjectUpdate,
    Path(path): Path<ProjectPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateProject>,
) -> Result<Tagged<Project>, Problem> {
    let command = Command::UpdateProject {
        project: path.project,
        patch: ProjectPatch {
            name: change.name,
            description: change.description,
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    let project = outcome.project().map(Project::from);
    let project = project.ok_or_else(|| Problem::unexpected("a command on a project"))?;
    Ok(Tagged::ok(project.version, project))
}

/// Delete a project
///
/// With its environments, flags, segments and keys; what is connected to it is disconnected. The audit log stays.
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}", tag = "projects", operation_id = "deleteProject",
    extensions(("x-permission" = json!("project.delete"))), params(ProjectPath, IfMatch, WriteComment),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_project(
    State(state): State<ApiState>,
    may::ProjectDelete(member): may::ProjectDelete,
    Path(path): Path<ProjectPath>,
    if_match: IfMatch,
    comment: WriteComment,
) -> Result<StatusCode, Problem> {
    let command = Command::DeleteProject {
        project: path.project,
        expected_version: if_match.version,
    };
    commands::execute(&state, &member, comment, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<peekaboo_storage::CreatedProject> for CreatedProject {
    fn from(created: peekaboo_storage::CreatedProject) -> Self {
        let keys = created.keys.into_iter().map(|created| ProjectKey {
            environment: created.environment.into(),
            kind: created.key.kind.into(),
            secret: created.secret.expose().to_owned(),
        });
        Self {
            keys: keys.collect(),
            project: Project::from(created.overview),
        }
    }
}

impl Project {
    /// Without the environments that the member does not see.
    fn seen_by(member: &Member, mut overview: ProjectOverview) -> Self {
        let project = overview.project.key.as_str();
        overview
            .environments
            .retain(|one| member.sees_environment(project, one.key.as_str()));
        overview.into()
    }
}

impl From<ProjectOverview> for Project {
    fn from(overview: ProjectOverview) -> Self {
        let project = overview.project;
        Self {
            id: project.id.as_uuid(),
            key: project.key.into(),
            name: project.name,
            description: project.description,
            version: project.version,
            created_at: project.created_at,
            updated_at: project.updated_at,
            flag_count: overview.flag_count,
            segment_count: overview.segment_count,
            environments: overview
                .environments
                .into_iter()
                .map(Environment::from)
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use serde_json::json;

    const PROJECTS: &str = "/organizations/acme/projects";
    const SHOP: &str = "/organizations/acme/projects/shop";

    #[tokio::test]
    async fn a_project_comes_with_environments_and_keys() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, PROJECTS)
            .json(json!({"key": "blog", "name": "Blog", "description": "Words"}))
            .expect(StatusCode::CREATED)
            .await;
        let keys = made.body["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 6, "one of each kind in each environment");
        for key in keys {
            let prefix = if key["kind"] == "server" {
                "pbs_"
            } else {
                "pbc_"
            };
            assert!(key["secret"].as_str().unwrap().starts_with(prefix));
        }
        let environments = made.body["environments"].as_array().unwrap();
        let keys: Vec<_> = environments
            .iter()
            .map(|environment| &environment["key"])
            .collect();
        assert_eq!(keys, ["development", "staging", "production"]);
        assert_eq!(environments[2]["production"], true);
        let listed = api.get(&owner, PROJECTS).await;
        assert_eq!(listed.each("key"), ["blog", "shop"]);
        assert!(!listed.body.to_string().contains("pbs_"), "shown once");
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, PROJECTS).json(body);
        create(json!({"key": "Blog", "name": "Blog"}))
            .invalid("/key", "malformed_key")
            .await;
        create(json!({"key": "blog"}))
            .invalid("/name", "required")
            .await;
        create(json!({"key": "blog", "name": " "}))
            .invalid("/name", "required")
            .await;
        create(json!({"key": "blog", "name": "B", "colour": 1}))
            .invalid("/colour", "unknown_field")
            .await;
        create(json!({"key": "shop", "name": "Shop"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn a_change_against_an_older_version_is_refused_with_the_present_one() {
        let (api, owner) = TestApi::with_shop().await;
        let read = api.get(&owner, SHOP).await;
        let change = |tag: &str, name: &str| {
            api.call(&owner, Method::PATCH, SHOP)
                .header("if-match", tag)
                .json(json!({"name": name}))
        };
        let changed = change(read.etag(), "The shop").expect(StatusCode::OK).await;
        assert_eq!(changed.body["name"], "The shop");
        assert_ne!(changed.etag(), read.etag());
        let refused = change(read.etag(), "A shop")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
        change("7", "A shop")
            .invalid("If-Match", "malformed_value")
            .await;
        api.call(&owner, Method::PATCH, SHOP)
            .json(json!({"name": null}))
            .invalid("/name", "wrong_type")
            .await;
    }

    #[tokio::test]
    async fn a_deleted_project_is_gone() {
        let (api, owner) = TestApi::with_shop().await;
        let refused = api
            .call(&owner, Method::DELETE, SHOP)
            .header("if-match", "\"99\"")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        let read = api.get(&owner, SHOP).await;
        assert_eq!(refused.body["current"], read.body);
        api.call(&owner, Method::DELETE, SHOP)
            .header("if-match", read.etag())
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&owner, Method::GET, SHOP)
            .expect(StatusCode::NOT_FOUND)
            .await;
        api.call(&owner, Method::DELETE, SHOP)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
