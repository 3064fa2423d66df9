//! Projects with their environments, and with how many flags and segments they have.

use sqlx::FromRow;
use sqlx::query::QueryAs;

use crate::database::{Transaction, fetch_all, fetch_all_with, fetch_optional, parameters};
use crate::environments::{self, environment_columns};
use crate::error::Result;
use crate::page::{Cursor, List, Page};
use crate::projects::project_columns;
use crate::storage::Storage;
use crate::{Environment, Key, OrganizationId, Project, ProjectOverview};

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

impl Storage {
    /// An organization's projects, by key.
    pub async fn projects(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<ProjectOverview>> {
        self.list_projects(organization, None, page).await
    }

    /// Those of an organization's projects that have one of these keys, by key.
    pub async fn projects_among(
        &self,
        organization: OrganizationId,
        keys: &[String],
        page: &Page,
    ) -> Result<List<ProjectOverview>> {
        self.list_projects(organization, Some(keys), page).await
    }

    async fn list_projects(
        &self,
        organization: OrganizationId,
        keys: Option<&[String]>,
        page: &Page,
    ) -> Result<List<ProjectOverview>> {
        let after: Option<String> = page.cursor()?;
        let mut transaction = self.read().await?;
        let among = match keys {
            None => String::new(),
            Some([]) => " AND FALSE".to_owned(),
            Some(keys) => format!(" AND key IN {}", parameters(4, keys.len())),
        };
        let sql = format!(
            "SELECT {} FROM projects WHERE organization = $1 AND deleted_at IS NULL AND key > COALESCE($2, ''){among} \
             ORDER BY key LIMIT $3",
            overview_columns!()
        );
        let rows = fetch_all_with!(&mut transaction, OverviewRow, sql, query => keys
            .unwrap_or_default()
            .iter()
            .fold(query.bind(organization).bind(after).bind(page.fetch()), QueryAs::bind))?;
        let list = page.list(rows, |row| Cursor::of(&row.project.key));
        let environments = fetch_all!(
            &mut transaction,
            Environment,
            concat!(
                "SELECT ",
                environment_columns!(),
                " FROM environments WHERE organization = $1 AND deleted_at IS NULL ORDER BY position, key"
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
        find(&mut self.read().await?, organization, key).await
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
pub(crate) async fn find(
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
            " FROM projects WHERE organization = $1 AND key = $2 AND deleted_at IS NULL"
        ),
        organization,
        key,
    )?;
    let Some(row) = row else { return Ok(None) };
    let environments = environments::of_project(transaction, row.project.id).await?;
    Ok(Some(row.overview(&environments)))
}
