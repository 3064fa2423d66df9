//! Environments: where a flag has its own targeting, and applications their keys.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use peekaboo_storage::{Command, EnvironmentPatch, Key, NewEnvironment, Outcome};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use super::path::{EnvironmentPath, ProjectPath};
use crate::ApiState;
use crate::auth::may;
use crate::commands;
use crate::http::{Body, IdempotencyKey, IfMatch, Once, Page, Path, Reply, Tagged, WriteComment};
use crate::problem::Problem;

/// Grey: neither safe nor dangerous.
const DEFAULT_COLOR: &str = "#8b8d98";

/// An environment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Environment {
    /// Its id.
    pub id: Uuid,
    /// Its key in URLs; never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The color by which people tell it from others, as `#rrggbb`.
    #[schema(example = "#e5484d")]
    pub color: String,
    /// Whether the dashboard asks before a change.
    pub production: bool,
    /// Its place among the project's environments, from 0.
    pub position: i64,
    /// The version of its ruleset: rises by one with each change of a flag or segment.
    pub version: i64,
    /// Rises with each change of its name, color, place or production; also the `ETag`.
    pub edition: i64,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed itself.
    #[serde(with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A page of environments.
pub(crate) type EnvironmentPage = Page<Environment>;

/// An environment to make.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"key": "qa", "name": "QA", "color": "#0090ff", "production": false, "position": 2}))]
pub(crate) struct CreateEnvironment {
    /// Its key in URLs.
    #[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9._-]{0,99}$")]
    pub key: Key,
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// Its color, as `#rrggbb`.
    #[schema(pattern = "^#[0-9a-fA-F]{6}$", nullable = false)]
    pub color: Option<String>,
    /// Whether the dashboard asks before a change.
    #[serde(default)]
    pub production: bool,
    /// Its place among the project's environments; last where it is left out.
    #[schema(minimum = 0, nullable = false)]
    pub position: Option<i64>,
    /// The key of an environment whose targeting it starts with; every flag is disabled where it is left out.
    #[schema(value_type = Option<String>, nullable = false)]
    pub copy_from: Option<Key>,
}

/// What changes of an environment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Quality assurance"}))]
pub(crate) struct UpdateEnvironment {
    /// Its name.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    pub name: Option<String>,
    /// Its color, as `#rrggbb`.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(pattern = "^#[0-9a-fA-F]{6}$", nullable = false)]
    pub color: Option<String>,
    /// Whether the dashboard asks before a change.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(nullable = false)]
    pub production: Option<bool>,
    /// Its place among the project's environments.
    #[serde(default, deserialize_with = "crate::model::present")]
    #[schema(minimum = 0, nullable = false)]
    pub position: Option<i64>,
}

/// List environments
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments", tag = "environments",
    operation_id = "listEnvironments", extensions(("x-permission" = json!("project.read"))), params(ProjectPath),
    responses((status = 200, description = "The environments that the caller sees, in their order.", body = EnvironmentPage)),
)]
pub(crate) async fn list_environments(
    State(state): State<ApiState>,
    may::ProjectRead(member): may::ProjectRead,
    Path(path): Path<ProjectPath>,
) -> Result<Json<EnvironmentPage>, Problem> {
    let environments = state
        .storage()
        .environments(member.tenant(), &path.project)
        .await?;
    let seen = environments
        .into_iter()
        .filter(|one| member.sees_environment(path.project.as_str(), one.key.as_str()));
    Ok(Json(Page::whole(seen.map(Environment::from).collect())))
}

/// Create an environment
///
/// Every flag of the project exists there at once: disabled, or as in another environment (`copyFrom`).
#[utoipa::path(
    post, path = "/organizations/{org}/projects/{project}/environments", tag = "environments",
    operation_id = "createEnvironment", extensions(("x-permission" = json!("environment.create"))),
    params(ProjectPath, IdempotencyKey, WriteComment), request_body = CreateEnvironment,
    responses(
        (status = 201, description = "The environment.", body = Environment, headers(("ETag" = String, description = "Its version, for If-Match."))),
        (status = 409, description = "The key is taken."),
    ),
)]
pub(crate) async fn create_environment(
    State(state): State<ApiState>,
    may::EnvironmentCreate(member): may::EnvironmentCreate,
    Path(path): Path<ProjectPath>,
    idempotency: IdempotencyKey,
    comment: WriteComment,
    body: Body<CreateEnvironment>,
) -> Result<Response, Problem> {
    let what = ("createEnvironment", member.tenant(), &path.project);
    let once = Once::new(&member, idempotency, what, &body);
    let create = body.value;
    let command = Command::CreateEnvironment {
        project: path.project,
        environment: NewEnvironment {
            key: create.key,
            name: create.name,
            color: create.color.unwrap_or_else(|| DEFAULT_COLOR.to_owned()),
            production: create.production,
            position: create.position,
            copy_from: create.copy_from,
        },
    };
    let reply = |outcome| {
        let environment = Environment::of(outcome)?;
        Reply::tagged(&Tagged::created(environment.edition, environment))
    };
    commands::execute_once(&state, &member, once, comment, command, reply).await
}

/// Get an environment
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}", tag = "environments",
    operation_id = "getEnvironment", extensions(("x-permission" = json!("environment.read"))), params(EnvironmentPath),
    responses((status = 200, description = "The environment.", body = Environment, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn get_environment(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
) -> Result<Tagged<Environment>, Problem> {
    let environment = state
        .storage()
        .environment(member.tenant(), &path.project, &path.environment)
        .await?;
    let environment = environment.map(Environment::from);
    let environment = environment.ok_or_else(|| Problem::not_found("environment"))?;
    Ok(Tagged::ok(environment.edition, environment))
}

/// Change an environment
#[utoipa::path(
    patch, path = "/organizations/{org}/projects/{project}/environments/{environment}", tag = "environments",
    operation_id = "updateEnvironment", extensions(("x-permission" = json!("environment.update"))),
    params(EnvironmentPath, IfMatch, WriteComment), request_body = UpdateEnvironment,
    responses((status = 200, description = "The environment.", body = Environment, headers(("ETag" = String, description = "Its version, for If-Match.")))),
)]
pub(crate) async fn update_environment(
    State(state): State<ApiState>,
    may::EnvironmentUpdate(member): may::EnvironmentUpdate,
    Path(path): Path<EnvironmentPath>,
    if_match: IfMatch,
    comment: WriteComment,
    Body { value: change, .. }: Body<UpdateEnvironment>,
) -> Result<Tagged<Environment>, Problem> {
    let command = Command::UpdateEnvironment {
        project: path.project,
        environment: path.environment,
        patch: EnvironmentPatch {
            name: change.name,
            color: change.color,
            production: change.production,
            position: change.position,
        },
        expected_version: if_match.version,
    };
    let outcome = commands::execute(&state, &member, comment, command).await?;
    let environment = Environment::of(outcome)?;
    Ok(Tagged::ok(environment.edition, environment))
}

/// Delete an environment
///
/// With its keys and every flag's targeting there; what is connected to it is disconnected.
#[utoipa::path(
    delete, path = "/organizations/{org}/projects/{project}/environments/{environment}", tag = "environments",
    operation_id = "deleteEnvironment", extensions(("x-permission" = json!("environment.delete"))),
    params(EnvironmentPath, IfMatch, WriteComment),
    responses((status = 204, description = "It is gone.")),
)]
pub(crate) async fn delete_environment(
    State(state): State<ApiState>,
    may::EnvironmentDelete(member): may::EnvironmentDelete,
    Path(path): Path<EnvironmentPath>,
    if_match: IfMatch,
    comment: WriteComment,
) -> Result<StatusCode, Problem> {
    let command = Command::DeleteEnvironment {
        project: path.project,
        environment: path.environment,
        expected_version: if_match.version,
    };
    commands::execute(&state, &member, comment, command).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Environment {
    /// The environment that a command answered.
    fn of(outcome: Outcome) -> Result<Self, Problem> {
        let environment = outcome.environment().map(Environment::from);
        environment.ok_or_else(|| Problem::unexpected("a command on an environment"))
    }
}

impl From<peekaboo_storage::Environment> for Environment {
    fn from(environment: peekaboo_storage::Environment) -> Self {
        Self {
            id: environment.id.as_uuid(),
            key: environment.key.into(),
            name: environment.name,
            color: environment.color,
            production: environment.production,
            position: environment.position,
            version: environment.version,
            edition: environment.edition,
            created_at: environment.created_at,
            updated_at: environment.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::TestApi;
    use axum::http::Method;
    use serde_json::json;

    const ENVIRONMENTS: &str = "/organizations/acme/projects/shop/environments";
    const STAGING: &str = "/organizations/acme/projects/shop/environments/staging";

    #[tokio::test]
    async fn environments_stand_in_their_order() {
        let (api, owner) = TestApi::with_shop().await;
        let made = api
            .call(&owner, Method::POST, ENVIRONMENTS)
            .json(json!({"key": "qa", "name": "QA", "color": "#0090ff", "position": 0}))
            .expect(StatusCode::CREATED)
            .await;
        assert_eq!(made.body["production"], false);
        assert_eq!(made.etag(), "\"1\"");
        let listed = api.get(&owner, ENVIRONMENTS).await;
        assert!(listed.each("key").contains(&&json!("qa")));
        let path = format!("{ENVIRONMENTS}/qa");
        assert_eq!(api.get(&owner, &path).await.body, made.body);
    }

    #[tokio::test]
    async fn an_environment_can_start_as_a_copy() {
        let (api, owner) = TestApi::with_shop().await;
        api.flag(&owner, "checkout").await;
        api.toggle(&owner, "checkout", "staging", true).await;
        for (key, source, enabled) in [("copy", Some("staging"), true), ("fresh", None, false)] {
            api.call(&owner, Method::POST, ENVIRONMENTS)
                .json(json!({"key": key, "name": key, "copyFrom": source}))
                .expect(StatusCode::CREATED)
                .await;
            let path =
                format!("/organizations/acme/projects/shop/flags/checkout/environments/{key}");
            assert_eq!(api.get(&owner, &path).await.body["enabled"], enabled);
        }
    }

    #[tokio::test]
    async fn each_mistake_is_told_by_field() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |body| api.call(&owner, Method::POST, ENVIRONMENTS).json(body);
        create(json!({"key": "qa", "name": "QA", "color": "red"}))
            .invalid("/color", "malformed")
            .await;
        create(json!({"key": "qa", "name": "QA", "copyFrom": "nowhere"}))
            .invalid("/copyFrom", "unknown_environment")
            .await;
        create(json!({"key": "staging", "name": "S"}))
            .refused(StatusCode::CONFLICT, "already_exists")
            .await;
    }

    #[tokio::test]
    async fn a_limit_that_is_reached_is_named() {
        let (api, owner) = TestApi::with_shop().await;
        let create = |n: usize| {
            let body = json!({"key": format!("e{n}"), "name": "E"});
            api.call(&owner, Method::POST, ENVIRONMENTS).json(body)
        };
        for n in 3..20 {
            create(n).expect(StatusCode::CREATED).await;
        }
        let refused = create(20)
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "limit_exceeded")
            .await;
        assert_eq!(
            refused.body["limit"],
            json!({"name": "environments", "max": 20})
        );
    }

    #[tokio::test]
    async fn a_change_against_an_older_edition_is_refused_with_the_present_one() {
        let (api, owner) = TestApi::with_shop().await;
        let read = api.get(&owner, STAGING).await;
        let change = |tag: &str, name: &str| {
            api.call(&owner, Method::PATCH, STAGING)
                .header("if-match", tag)
                .json(json!({"name": name}))
        };
        let changed = change(read.etag(), "Stage").expect(StatusCode::OK).await;
        let refused = change(read.etag(), "Stage two")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], changed.body);
    }

    #[tokio::test]
    async fn a_change_of_flags_leaves_an_environments_own_version_alone() {
        let (api, owner) = TestApi::with_shop().await;
        let before = api.get(&owner, STAGING).await;
        api.flag(&owner, "checkout").await;
        let after = api.get(&owner, STAGING).await;
        assert_eq!(before.etag(), after.etag());
        let version = |body: &serde_json::Value| body["version"].as_i64().unwrap();
        assert_eq!(version(&after.body), version(&before.body) + 1);
    }

    #[tokio::test]
    async fn a_deleted_environment_is_gone() {
        let (api, owner) = TestApi::with_shop().await;
        let read = api.get(&owner, STAGING).await;
        let refused = api
            .call(&owner, Method::DELETE, STAGING)
            .header("if-match", "\"99\"")
            .refused(StatusCode::PRECONDITION_FAILED, "version_conflict")
            .await;
        assert_eq!(refused.body["current"], read.body);
        api.call(&owner, Method::DELETE, STAGING)
            .expect(StatusCode::NO_CONTENT)
            .await;
        api.call(&owner, Method::GET, STAGING)
            .expect(StatusCode::NOT_FOUND)
            .await;
    }
}
