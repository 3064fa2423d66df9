//! Environments of a project: each has its own targeting, keys and history of versions.

use serde_json::{Value, json};

use crate::audit_record::Record;
use crate::database::{Transaction, execute, fetch_all, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::projects;
use crate::storage::Storage;
use crate::{Environment, EnvironmentId, Key, OrganizationId, ProjectId};

/// The columns of [`Environment`].
macro_rules! environment_columns {
    () => {
        "environments.id, environments.project, environments.key, environments.name, environments.color, \
         environments.production, environments.position, environments.version, environments.epoch, \
         environments.edition, environments.created_at, environments.updated_at"
    };
}

pub(crate) use environment_columns;

impl Environment {
    pub(crate) fn document(&self) -> Value {
        json!({
            "key": self.key,
            "name": self.name,
            "color": self.color,
            "production": self.production,
            "position": self.position,
        })
    }

    pub(crate) fn record<'a>(&'a self, project: &'a Key, action: &'static str) -> Record<'a> {
        Record {
            action,
            project: Some(project),
            environment: Some(&self.key),
            kind: "environment",
            key: self.key.as_str(),
            restored: None,
        }
    }
}

impl Storage {
    /// A project's environments, in its order.
    pub async fn environments(
        &self,
        organization: OrganizationId,
        project: &Key,
    ) -> Result<Vec<Environment>> {
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        of_project(&mut transaction, project.id).await
    }

    /// An environment.
    pub async fn environment(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &Key,
    ) -> Result<Option<Environment>> {
        find(&mut self.read().await?, organization, project, key).await
    }
}

/// A project's environments, in its order.
pub(crate) async fn of_project(
    transaction: &mut Transaction,
    project: ProjectId,
) -> Result<Vec<Environment>> {
    let environments = fetch_all!(
        transaction,
        Environment,
        concat!(
            "SELECT ",
            environment_columns!(),
            " FROM environments WHERE project = $1 AND deleted_at IS NULL ORDER BY position, key"
        ),
        project,
    )?;
    Ok(environments)
}

/// An environment, if it exists.
pub(crate) async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    project: &Key,
    key: &Key,
) -> Result<Option<Environment>> {
    let project = projects::expect(transaction, organization, project).await?;
    find_in(transaction, project.id, key).await
}

/// An environment of a project, if it exists.
pub(crate) async fn find_in(
    transaction: &mut Transaction,
    project: ProjectId,
    key: &Key,
) -> Result<Option<Environment>> {
    let environment = fetch_optional!(
        transaction,
        Environment,
        concat!(
            "SELECT ",
            environment_columns!(),
            " FROM environments WHERE project = $1 AND key = $2 AND deleted_at IS NULL"
        ),
        project,
        key,
    )?;
    Ok(environment)
}

/// An environment that must exist.
pub(crate) async fn expect(
    transaction: &mut Transaction,
    organization: OrganizationId,
    project: &Key,
    key: &Key,
) -> Result<Environment> {
    let what = Entity::Environment;
    let found = find(transaction, organization, project, key).await?;
    found.ok_or(Error::NotFound { what })
}

/// Raises an environment's version, which locks it until the transaction ends; `None` when it has gone meanwhile.
pub(crate) async fn raise(
    transaction: &mut Transaction,
    id: EnvironmentId,
) -> Result<Option<Environment>> {
    let environment = fetch_optional!(
        transaction,
        Environment,
        concat!(
            "UPDATE environments SET version = version + 1 WHERE id = $1 AND deleted_at IS NULL RETURNING ",
            environment_columns!()
        ),
        id,
    )?;
    Ok(environment)
}

/// Locks an environment until the transaction ends, without raising its version.
pub(crate) async fn lock(transaction: &mut Transaction, id: EnvironmentId) -> Result<()> {
    execute!(
        transaction,
        "UPDATE environments SET version = version WHERE id = $1",
        id,
    )?;
    Ok(())
}

/// Raises the version of every environment of a project, which locks them until the transaction ends; returns them in the
/// project's order.
///
/// The project must be locked: two of these would lock the rows in different orders.
pub(crate) async fn raise_all(
    transaction: &mut Transaction,
    project: ProjectId,
) -> Result<Vec<Environment>> {
    let mut raised = fetch_all!(
        transaction,
        Environment,
        concat!(
            "UPDATE environments SET version = version + 1 WHERE project = $1 AND deleted_at IS NULL RETURNING ",
            environment_columns!()
        ),
        project,
    )?;
    raised.sort_by(|a, b| (a.position, &a.key).cmp(&(b.position, &b.key)));
    Ok(raised)
}
