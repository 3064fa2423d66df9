//! Projects: flags and segments that belong together, with their environments.

use serde_json::{Value, json};

use crate::audit_record::Record;
use crate::database::{Transaction, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::{Key, OrganizationId, Project};

/// The columns of [`Project`].
macro_rules! project_columns {
    () => {
        "projects.id, projects.organization, projects.key, projects.name, projects.description, projects.version, \
         projects.created_at, projects.updated_at"
    };
}

pub(crate) use project_columns;

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
            " FROM projects WHERE organization = $1 AND key = $2 AND deleted_at IS NULL"
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
            "UPDATE projects SET turn = turn + 1 WHERE organization = $1 AND key = $2 AND deleted_at IS NULL RETURNING ",
            project_columns!()
        ),
        organization,
        key,
    )?;
    let what = Entity::Project;
    project.ok_or(Error::NotFound { what })
}
