//! Making, changing and deleting projects.

use sqlx::FromRow;

use super::{
    CreatedProject, NewProject, Project, ProjectPatch, expect, lock, overview, project_columns,
};
use crate::check::{self, Checks};
use crate::database::{Transaction, execute, fetch_one};
use crate::environments::{self, NewEnvironment};
use crate::error::{Current, Entity, Error, OrTaken as _, Result};
use crate::sdk_keys::{self, NewSdkKey};
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;
use crate::{Attribution, Key, OrganizationId, ProjectId, SdkKeyKind};

/// The environments of a new project.
fn first_environments() -> [NewEnvironment; 3] {
    let environment = |key: &str, name: &str, color: &str, production| NewEnvironment {
        key: Key::parse(key).unwrap_or_else(|_| unreachable!("a key by its form")),
        name: name.to_owned(),
        color: color.to_owned(),
        production,
        position: None,
        copy_from: None,
    };
    [
        environment("development", "Development", "#3b82f6", false),
        environment("staging", "Staging", "#f59e0b", false),
        environment("production", "Production", "#ef4444", true),
    ]
}

impl Storage {
    /// Makes a project with the environments `development`, `staging` and `production`, and a key of each kind in each.
    pub async fn create_project(
        &self,
        organization: OrganizationId,
        project: NewProject,
        by: &Attribution,
    ) -> Result<CreatedProject> {
        let mut checks = Checks::default();
        checks.name(&project.name);
        checks.description(&project.description);
        checks.done()?;
        let at = truncate(by.at);
        let mut change = self.change(organization, by).await?;
        let count = count_projects(&mut change.transaction, organization).await?;
        check::limit(count, "projects", self.limits().projects)?;
        let project = fetch_one!(
            &mut change.transaction,
            Project,
            concat!(
                "INSERT INTO projects (id, organization, key, name, description, version, turn, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, 1, 0, $6, $6) RETURNING ",
                project_columns!()
            ),
            ProjectId::generate(at, self.source()),
            organization,
            &project.key,
            project.name,
            project.description,
            Stamp(at),
        )
        .or_taken(Entity::Project, &project.key)?;
        let record = project.record("project.created");
        change
            .record(record, None, Some(project.document()))
            .await?;
        let mut keys = Vec::new();
        for environment in first_environments() {
            let environment = environments::insert(&mut change, &project, environment).await?;
            for kind in SdkKeyKind::ALL {
                let new = NewSdkKey::named(*kind, "Default");
                keys.push(sdk_keys::insert(&mut change, &project.key, &environment, new).await?);
            }
        }
        let overview = overview(&mut change.transaction, organization, &project.key).await?;
        change.commit().await?;
        let what = Entity::Project;
        let overview = overview.ok_or(Error::NotFound { what })?;
        Ok(CreatedProject { overview, keys })
    }

    /// Changes a project's name or description.
    pub async fn update_project(
        &self,
        organization: OrganizationId,
        key: &Key,
        patch: ProjectPatch,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<Project> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change.transaction, organization, key).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::Project(before));
            return Err(Error::VersionConflict { current });
        }
        let name = patch.name.unwrap_or_else(|| before.name.clone());
        let description = patch
            .description
            .unwrap_or_else(|| before.description.clone());
        if name == before.name && description == before.description {
            return Ok(before);
        }
        let mut checks = Checks::default();
        checks.name(&name);
        checks.description(&description);
        checks.done()?;
        let after = fetch_one!(
            &mut change.transaction,
            Project,
            concat!(
                "UPDATE projects SET name = $2, description = $3, version = version + 1, updated_at = $4 \
                 WHERE id = $1 RETURNING ",
                project_columns!()
            ),
            before.id,
            name,
            description,
            Stamp(by.at),
        )?;
        let record = after.record("project.updated");
        change
            .record(record, Some(before.document()), Some(after.document()))
            .await?;
        change.commit().await?;
        Ok(after)
    }

    /// Deletes a project with all that is in it: flags, segments, environments and their keys.
    pub async fn delete_project(
        &self,
        organization: OrganizationId,
        key: &Key,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let project = lock(&mut change.transaction, organization, key).await?;
        if expected_version.is_some_and(|expected| expected != project.version) {
            let current = Box::new(Current::Project(project));
            return Err(Error::VersionConflict { current });
        }
        // Environments are locked in order, as by every writer, before the deletion reaches for them.
        environments::lock_all(&mut change.transaction, project.id).await?;
        execute!(
            &mut change.transaction,
            "DELETE FROM projects WHERE id = $1",
            project.id
        )?;
        let record = project.record("project.deleted");
        change
            .record(record, Some(project.document()), None)
            .await?;
        change.commit().await
    }
}

async fn count_projects(
    transaction: &mut Transaction,
    organization: OrganizationId,
) -> Result<i64> {
    #[derive(FromRow)]
    struct Count {
        count: i64,
    }
    let count = fetch_one!(
        transaction,
        Count,
        "SELECT count(*) AS count FROM projects WHERE organization = $1",
        organization,
    )?;
    Ok(count.count)
}
