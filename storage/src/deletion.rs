//! Deleting the rows of organizations, projects and environments that were deleted, a bounded number at a time.
//!
//! The command only marks them: their keys are dead and nothing shows them from its commit on. An environment may have
//! millions of rows of usage, which no single statement deletes in time.

use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::database::{Transaction, execute, fetch_all, fetch_optional};
use crate::error::Result;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::tasks::TaskPayload;
use crate::{EnvironmentId, OrganizationId, ProjectId};

/// The work of deleting what is left of everything that was deleted. There is one such task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteRemains {}

impl TaskPayload for DeleteRemains {
    const KIND: &'static str = "deletion";

    fn key(&self) -> Option<String> {
        Some("remains".to_owned())
    }
}

/// A deleted project or environment whose rows are not all gone yet.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PendingDeletion {
    /// The project's name.
    pub project: String,
    /// The environment's name; none where the whole project is deleted.
    pub environment: Option<String>,
    /// Since when it is deleted.
    pub deleted_at: OffsetDateTime,
}

/// Every table of which an environment may have many rows, with the column that an index orders them by next after the
/// environment. What else an environment has goes with its own row.
const OF_ENVIRONMENT: &[(&str, &str)] = &[
    ("usage_counts", "hour"),
    ("usage_days", "flag"),
    ("exposures", "targeting_key"),
    ("exposure_days", "flag"),
    ("impact_days", "flag"),
    ("custom_events", "targeting_key"),
    ("event_counts", "hour"),
    ("event_batches", "id"),
    ("flag_usage", "flag"),
    ("change_log", "version"),
    ("recorded_states", "flag"),
    ("flag_references", "flag"),
    ("flag_environments", "flag"),
];

/// The same of projects, once their environments are gone.
const OF_PROJECT: &[(&str, &str)] = &[
    ("segment_references", "segment"),
    ("segments", "key"),
    ("flags", "key"),
];

/// The same of organizations, once their projects are gone.
const OF_ORGANIZATION: &[(&str, &str)] = &[("audit_log", "id")];

impl Storage {
    /// Deletes at most about `limit` rows of what was deleted first. Returns how many: none when nothing is left.
    pub async fn delete_remains(&self, transaction: &mut Transaction, limit: u32) -> Result<u64> {
        #[derive(FromRow)]
        struct Deleted<T> {
            id: T,
        }
        let environment = fetch_optional!(
            transaction,
            Deleted<EnvironmentId>,
            "SELECT id FROM environments WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1",
        )?;
        if let Some(Deleted { id }) = environment {
            let rows = delete(
                transaction,
                OF_ENVIRONMENT,
                "environment",
                id.as_uuid(),
                limit,
            )
            .await?;
            if rows >= u64::from(limit) {
                return Ok(rows);
            }
            let own = execute!(transaction, "DELETE FROM environments WHERE id = $1", id)?;
            return Ok(rows + own);
        }
        let project = fetch_optional!(
            transaction,
            Deleted<ProjectId>,
            "SELECT id FROM projects WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1",
        )?;
        if let Some(Deleted { id }) = project {
            let rows = delete(transaction, OF_PROJECT, "project", id.as_uuid(), limit).await?;
            if rows >= u64::from(limit) {
                return Ok(rows);
            }
            let own = execute!(transaction, "DELETE FROM projects WHERE id = $1", id)?;
            return Ok(rows + own);
        }
        let organization = fetch_optional!(
            transaction,
            Deleted<OrganizationId>,
            "SELECT id FROM organizations WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT 1",
        )?;
        let Some(Deleted { id }) = organization else {
            return Ok(0);
        };
        let rows = delete(
            transaction,
            OF_ORGANIZATION,
            "organization",
            id.as_uuid(),
            limit,
        )
        .await?;
        if rows >= u64::from(limit) {
            return Ok(rows);
        }
        let own = execute!(transaction, "DELETE FROM organizations WHERE id = $1", id)?;
        Ok(rows + own)
    }

    /// What was deleted and is not gone yet, the oldest first.
    pub async fn pending_deletions(&self) -> Result<Vec<PendingDeletion>> {
        let pending = fetch_all!(
            &mut self.read().await?,
            PendingDeletion,
            "SELECT name AS project, NULL AS environment, deleted_at FROM projects WHERE deleted_at IS NOT NULL \
             UNION ALL SELECT projects.name, environments.name, environments.deleted_at FROM environments \
             JOIN projects ON projects.id = environments.project \
             WHERE environments.deleted_at IS NOT NULL AND projects.deleted_at IS NULL ORDER BY 3, 1, 2",
        )?;
        Ok(pending)
    }

    /// Makes the task due that deletes what a command of this transaction marks.
    pub(crate) async fn enqueue_deletion(
        &self,
        transaction: &mut Transaction,
        at: OffsetDateTime,
    ) -> Result<()> {
        self.enqueue_task(transaction, &DeleteRemains {}, at, at)
            .await?;
        Ok(())
    }
}

/// Marks an environment as deleted: from the commit on its SDK keys open nothing, grants on it are gone, and its key is
/// free.
pub(crate) async fn mark_environment(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "UPDATE environments SET deleted_at = $2, key = $3 WHERE id = $1",
        environment,
        Stamp(at),
        environment.to_string(),
    )?;
    execute!(
        transaction,
        "DELETE FROM sdk_keys WHERE environment = $1",
        environment,
    )?;
    execute!(
        transaction,
        "DELETE FROM grants WHERE environment = $1",
        environment,
    )?;
    Ok(())
}

/// Marks a project as deleted, with its environments.
pub(crate) async fn mark_project(
    transaction: &mut Transaction,
    project: ProjectId,
    at: OffsetDateTime,
) -> Result<()> {
    execute!(
        transaction,
        "UPDATE environments SET deleted_at = $2 WHERE project = $1 AND deleted_at IS NULL",
        project,
        Stamp(at),
    )?;
    execute!(
        transaction,
        "DELETE FROM sdk_keys WHERE environment IN (SELECT id FROM environments WHERE project = $1)",
        project,
    )?;
    execute!(
        transaction,
        "DELETE FROM grants WHERE project = $1",
        project,
    )?;
    execute!(
        transaction,
        "UPDATE projects SET deleted_at = $2, key = $3 WHERE id = $1",
        project,
        Stamp(at),
        project.to_string(),
    )?;
    Ok(())
}

/// Marks an organization as deleted, with its projects: from the commit on nobody belongs to it, nothing opens it, and its
/// key is free.
pub(crate) async fn mark_organization(
    transaction: &mut Transaction,
    organization: OrganizationId,
    at: OffsetDateTime,
) -> Result<()> {
    #[derive(FromRow)]
    struct Project {
        id: ProjectId,
    }
    let projects = fetch_all!(
        transaction,
        Project,
        "SELECT id FROM projects WHERE organization = $1 AND deleted_at IS NULL ORDER BY id",
        organization,
    )?;
    for Project { id } in projects {
        mark_project(transaction, id, at).await?;
    }
    for table in ["memberships", "invitations", "api_tokens"] {
        execute!(
            transaction,
            AssertSqlSafe(format!("DELETE FROM {table} WHERE organization = $1")),
            organization,
        )?;
    }
    execute!(
        transaction,
        "UPDATE organizations SET deleted_at = $2, key = $3 WHERE id = $1",
        organization,
        Stamp(at),
        organization.to_string(),
    )?;
    Ok(())
}

/// Deletes rows of one owner, table by table, until there are `limit`.
async fn delete(
    transaction: &mut Transaction,
    tables: &[(&str, &str)],
    owner: &str,
    id: Uuid,
    limit: u32,
) -> Result<u64> {
    let (mut deleted, place) = (0, transaction.row_place());
    for (table, order) in tables {
        let left = u64::from(limit).saturating_sub(deleted);
        if left == 0 {
            break;
        }
        let sql = format!(
            "DELETE FROM {table} WHERE {place} IN (\
               SELECT {place} FROM {table} WHERE {owner} = $1 ORDER BY {owner}, {order} LIMIT $2)"
        );
        deleted += execute!(
            transaction,
            AssertSqlSafe(sql),
            id,
            i64::try_from(left).unwrap_or(i64::MAX),
        )?;
    }
    Ok(deleted)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// Tables whose rows belong to one of `owner` and that are not among those few that go with it.
    fn owned_by(owner: &str, few: &[&str]) -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
        let mut tables = BTreeSet::new();
        for file in std::fs::read_dir(folder).expect("the migrations") {
            let sql = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            for definition in sql.split("CREATE TABLE ").skip(1) {
                let (name, columns) = definition.split_once(" (").expect("columns");
                let columns = columns.split(';').next().unwrap_or_default();
                let renamed = sql.split_once(&format!("ALTER TABLE {name} RENAME TO "));
                let name = renamed.map_or(name, |(_, rest)| rest.split(';').next().unwrap_or(name));
                if columns.contains(&format!("REFERENCES {owner} ON DELETE CASCADE")) {
                    tables.insert(name.to_owned());
                }
            }
        }
        tables.retain(|table| !few.contains(&table.as_str()));
        tables
    }

    #[test]
    fn every_table_that_an_environment_may_have_many_rows_in_is_emptied_in_chunks() {
        let listed: BTreeSet<_> = OF_ENVIRONMENT
            .iter()
            .map(|(table, _)| (*table).to_owned())
            .collect();
        assert_eq!(
            listed,
            owned_by("environments", &["sdk_keys", "impact_turns", "grants"])
        );
        let listed: BTreeSet<_> = OF_PROJECT
            .iter()
            .map(|(table, _)| (*table).to_owned())
            .collect();
        assert_eq!(listed, owned_by("projects", &["environments", "grants"]));
        let listed: BTreeSet<_> = OF_ORGANIZATION
            .iter()
            .map(|(table, _)| (*table).to_owned())
            .collect();
        let few = [
            "memberships",
            "roles",
            "teams",
            "service_accounts",
            "grants",
            "projects",
            "environments",
            "api_tokens",
            "invitations",
        ];
        assert_eq!(listed, owned_by("organizations", &few));
    }
}
