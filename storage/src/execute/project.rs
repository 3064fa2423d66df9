//! Commands on projects.

use super::environment::insert_environment;
use super::sdk_key::insert_sdk_key;
use super::work::{Effect, Work, conflict};
use crate::check::{self, Checks};
use crate::database::{Transaction, fetch_count, fetch_one};
use crate::deletion;
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::project_overviews;
use crate::projects::{self, project_columns};
use crate::stamp::Stamp;
use crate::{
    CreatedProject, Key, NewEnvironment, NewProject, NewSdkKey, OrganizationId, Outcome, Project,
    ProjectId, ProjectOverview, ProjectPatch, SdkKeyKind,
};

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

impl Work<'_> {
    pub(super) async fn create_project(&mut self, project: NewProject) -> Result<Effect> {
        check_texts(&project.name, &project.description)?;
        self.raise_organization().await?;
        let (storage, organization) = (self.storage, self.organization);
        let count = count(&mut self.transaction, organization).await?;
        check::limit(count, "projects", storage.limits().projects)?;
        let project = fetch_one!(
            &mut self.transaction,
            Project,
            concat!(
                "INSERT INTO projects (id, organization, key, name, description, version, turn, created_at, updated_at) \
                 VALUES ($1, $2, $3, $4, $5, 1, 0, $6, $6) RETURNING ",
                project_columns!()
            ),
            ProjectId::generate(self.at, storage.source()),
            organization,
            &project.key,
            project.name,
            project.description,
            Stamp(self.at),
        )
        .or_taken(Entity::Project, &project.key)?;
        let record = project.record("project.created");
        self.record(record, None, Some(project.document()));
        let mut keys = Vec::new();
        for environment in first_environments() {
            let environment = insert_environment(self, &project, environment).await?;
            for kind in SdkKeyKind::ALL {
                let new = NewSdkKey::named(*kind, "Default");
                keys.push(insert_sdk_key(self, &project.key, &environment, new).await?);
            }
        }
        let overview = self.overview(&project.key).await?;
        let created = CreatedProject { overview, keys };
        Ok(Effect::Changed(Outcome::CreatedProject(Box::new(created))))
    }

    pub(super) async fn update_project(
        &mut self,
        key: &Key,
        patch: ProjectPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let overview = self.overview(key).await?;
        let before = &overview.project;
        if expected_version.is_some_and(|expected| expected != before.version) {
            return Err(conflict(Outcome::Project(Box::new(overview))));
        }
        let name = patch.name.unwrap_or_else(|| before.name.clone());
        let description = patch
            .description
            .unwrap_or_else(|| before.description.clone());
        if name == before.name && description == before.description {
            return Ok(Effect::Unchanged(Outcome::Project(Box::new(overview))));
        }
        check_texts(&name, &description)?;
        let project = fetch_one!(
            &mut self.transaction,
            Project,
            concat!(
                "UPDATE projects SET name = $2, description = $3, version = version + 1, updated_at = $4 \
                 WHERE id = $1 RETURNING ",
                project_columns!()
            ),
            before.id,
            name,
            description,
            Stamp(self.at),
        )?;
        let record = project.record("project.updated");
        self.record(record, Some(before.document()), Some(project.document()));
        let overview = ProjectOverview {
            project,
            ..overview
        };
        Ok(Effect::Changed(Outcome::Project(Box::new(overview))))
    }

    pub(super) async fn delete_project(
        &mut self,
        key: &Key,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let project = projects::lock(&mut self.transaction, self.organization, key).await?;
        if expected_version.is_some_and(|expected| expected != project.version) {
            let current = self.overview(key).await?;
            return Err(conflict(Outcome::Project(Box::new(current))));
        }
        let (storage, transaction) = (self.storage, &mut self.transaction);
        deletion::mark_project(transaction, project.id, self.at).await?;
        storage.enqueue_deletion(transaction, self.at).await?;
        let record = project.record("project.deleted");
        self.record(record, Some(project.document()), None);
        Ok(Effect::Changed(Outcome::Deleted))
    }

    async fn overview(&mut self, key: &Key) -> Result<ProjectOverview> {
        let what = Entity::Project;
        let found = project_overviews::find(&mut self.transaction, self.organization, key).await?;
        found.ok_or(Error::NotFound { what })
    }
}

fn check_texts(name: &str, description: &str) -> Result<()> {
    let mut checks = Checks::default();
    checks.name(name);
    checks.description(description);
    checks.done()
}

async fn count(transaction: &mut Transaction, organization: OrganizationId) -> Result<i64> {
    let count = fetch_count!(
        transaction,
        "SELECT count(*) FROM projects WHERE organization = $1 AND deleted_at IS NULL",
        organization,
    )?;
    Ok(count)
}
