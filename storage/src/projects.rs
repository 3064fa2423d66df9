//! Projects: flags and segments that belong together, with their environments.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit::Record;
use crate::command::given;
use crate::database::{Transaction, fetch_all, fetch_optional};
use crate::environments::{self, environment_columns};
use crate::error::{Entity, Error, Result};
use crate::page::{Cursor, List, Page};
use crate::storage::Storage;
use crate::{Environment, Key, OrganizationId, ProjectId, SdkKey, Secret};

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Project {
    /// Identifies it.
    pub id: ProjectId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Rises by one with every change of name and description: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    pub updated_at: OffsetDateTime,
}

/// A project as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectOverview {
    /// The project.
    pub project: Project,
    /// Flags that are not archived.
    pub flag_count: i64,
    /// Segments.
    pub segment_count: i64,
    /// In the project's order.
    pub environments: Vec<Environment>,
}

/// A project to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewProject {
    /// Its key, for ever.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
}

/// Changes to a project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProjectPatch {
    /// Its display name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// What it is about.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
}

/// A project just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedProject {
    /// The project, with its first environments.
    pub overview: ProjectOverview,
    /// A key of each kind for each environment. This is the one time that the secrets are seen.
    pub keys: Vec<CreatedKey>,
}

/// A key just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedKey {
    /// The environment that it opens.
    pub environment: Key,
    /// The key as it is listed.
    pub key: SdkKey,
    /// The key itself; of a server key this is the one time that it is seen.
    pub secret: Secret,
}

/// The columns of [`Project`].
macro_rules! project_columns {
    () => {
        "projects.id, projects.organization, projects.key, projects.name, projects.description, projects.version, \
         projects.created_at, projects.updated_at"
    };
}

pub(crate) use project_columns;

#[derive(FromRow)]
struct OverviewRow {
    #[sqlx(flatten)]
    project: Project,
    flag_count: i64,
    segment_count: i64,
}

/// The columns of [`OverviewRow`].
macro_rules! overview_columns {
    () => {
        concat!(
            project_columns!(),
            ", (SELECT count(*) FROM flags WHERE flags.project = projects.id AND flags.archived_at IS NULL) \
             AS flag_count, \
             (SELECT count(*) FROM segments WHERE segments.project = projects.id) AS segment_count"
        )
    };
}

impl Project {
    pub(crate) fn document(&self) -> Value {
        json!({ "key": self.key, "name": self.name, "description": self.description })
    }

    pub(crate) fn record(&self, action: &'static str) -> Record<'_> {
        Record {
            action,
            project: Some(&self.key),
            environment: None,
            kind: "project",
            key: self.key.as_str(),
            restored: None,
        }
    }
}

impl Storage {
    /// An organisation's projects, by key.
    pub async fn projects(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<ProjectOverview>> {
        let after: Option<String> = page.cursor()?;
        let mut transaction = self.read().await?;
        let rows = fetch_all!(
            &mut transaction,
            OverviewRow,
            concat!(
                "SELECT ",
                overview_columns!(),
                " FROM projects WHERE organization = $1 AND ($2 IS NULL OR key > $2) ORDER BY key LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        let list = page.list(rows, |row| Cursor::of(&row.project.key));
        let environments = fetch_all!(
            &mut transaction,
            Environment,
            concat!(
                "SELECT ",
                environment_columns!(),
                " FROM environments WHERE organization = $1 ORDER BY position, key"
            ),
            organization,
        )?;
        Ok(list.map(|row| row.overview(&environments)))
    }

    /// A project.
    pub async fn project(
        &self,
        organization: OrganizationId,
        key: &Key,
    ) -> Result<Option<ProjectOverview>> {
        overview(&mut self.read().await?, organization, key).await
    }
}

impl OverviewRow {
    fn overview(self, environments: &[Environment]) -> ProjectOverview {
        let own = environments
            .iter()
            .filter(|environment| environment.project == self.project.id);
        ProjectOverview {
            environments: own.cloned().collect(),
            project: self.project,
            flag_count: self.flag_count,
            segment_count: self.segment_count,
        }
    }
}

/// A project with its counts and environments.
pub(crate) async fn overview(
    transaction: &mut Transaction,
    organization: OrganizationId,
    key: &Key,
) -> Result<Option<ProjectOverview>> {
    let row = fetch_optional!(
        transaction,
        OverviewRow,
        concat!(
            "SELECT ",
            overview_columns!(),
            " FROM projects WHERE organization = $1 AND key = $2"
        ),
        organization,
        key,
    )?;
    let Some(row) = row else { return Ok(None) };
    let environments = environments::of_project(transaction, row.project.id).await?;
    Ok(Some(row.overview(&environments)))
}

/// A project that must exist.
pub(crate) async fn expect(
    transaction: &mut Transaction,
    organization: OrganizationId,
    key: &Key,
) -> Result<Project> {
    let project = fetch_optional!(
        transaction,
        Project,
        concat!(
            "SELECT ",
            project_columns!(),
            " FROM projects WHERE organization = $1 AND key = $2"
        ),
        organization,
        key,
    )?;
    let what = Entity::Project;
    project.ok_or(Error::NotFound { what })
}

/// A project that must exist, locked: changes that concern all of its environments take turns.
pub(crate) async fn lock(
    transaction: &mut Transaction,
    organization: OrganizationId,
    key: &Key,
) -> Result<Project> {
    let project = fetch_optional!(
        transaction,
        Project,
        concat!(
            "UPDATE projects SET turn = turn + 1 WHERE organization = $1 AND key = $2 RETURNING ",
            project_columns!()
        ),
        organization,
        key,
    )?;
    let what = Entity::Project;
    project.ok_or(Error::NotFound { what })
}
