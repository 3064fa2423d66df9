//! Commands on environments.

use super::work::{Effect, Work, conflict};
use crate::check::{self, Checks};
use crate::database::{execute, fetch_all, fetch_one};
use crate::deletion;
use crate::environments::{self, environment_columns, of_project};
use crate::error::{Entity, Error, OrTaken as _, Problem, Result};
use crate::id::Source;
use crate::projects;
use crate::secret::random_characters;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::targeting;
use crate::{
    Attribution, Command, Environment, EnvironmentId, EnvironmentPatch, Key, NewEnvironment,
    OrganizationId, Outcome, Project,
};

impl Work<'_> {
    pub(super) async fn create_environment(
        &mut self,
        project: &Key,
        environment: NewEnvironment,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let project = projects::lock(&mut self.transaction, self.organization, project).await?;
        let others = of_project(&mut self.transaction, project.id).await?;
        let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
        check::limit(count, "environments", self.storage.limits().environments)?;
        let source = match &environment.copy_from {
            None => None,
            Some(key) => {
                let Some(found) = others.iter().find(|other| other.key == *key) else {
                    let detail = format!("there is no environment `{key}` to copy from");
                    let problem = Problem::new("/copyFrom", "unknown_environment", detail);
                    return Err(Error::Invalid(vec![problem]));
                };
                Some(found.id)
            }
        };
        let created = insert_environment(self, &project, environment).await?;
        let (transaction, at) = (&mut self.transaction, self.at);
        match source {
            Some(source) => {
                // What is copied must be of one moment: its targeting may change meanwhile.
                environments::lock(transaction, source).await?;
                targeting::copy(transaction, source, created.id, at).await?;
            }
            None => targeting::fill(transaction, project.id, created.id, at).await?,
        }
        Ok(Effect::Changed(Outcome::Environment(Box::new(created))))
    }

    pub(super) async fn update_environment(
        &mut self,
        project: &Key,
        key: &Key,
        patch: EnvironmentPatch,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        let before = self.environment(project, key, expected_version).await?;
        let mut after = before.clone();
        after.name = patch.name.unwrap_or(after.name);
        after.color = patch.color.unwrap_or(after.color);
        after.production = patch.production.unwrap_or(after.production);
        after.position = patch.position.unwrap_or(after.position);
        if after == before {
            return Ok(Effect::Unchanged(Outcome::Environment(Box::new(before))));
        }
        let mut checks = Checks::default();
        checks.name(&after.name);
        checks.color(&after.color);
        checks.done()?;
        let after = fetch_one!(
            &mut self.transaction,
            Environment,
            concat!(
                "UPDATE environments SET name = $2, color = $3, production = $4, position = $5, \
                 edition = edition + 1, updated_at = $6 WHERE id = $1 RETURNING ",
                environment_columns!()
            ),
            before.id,
            after.name,
            after.color,
            after.production,
            after.position,
            Stamp(self.at),
        )?;
        let record = after.record(project, "environment.updated");
        self.record(record, Some(before.document()), Some(after.document()));
        Ok(Effect::Changed(Outcome::Environment(Box::new(after))))
    }

    pub(super) async fn delete_environment(
        &mut self,
        project: &Key,
        key: &Key,
        expected_version: Option<i64>,
    ) -> Result<Effect> {
        self.raise_organization().await?;
        projects::lock(&mut self.transaction, self.organization, project).await?;
        let environment = self.environment(project, key, expected_version).await?;
        let (storage, transaction) = (self.storage, &mut self.transaction);
        deletion::mark_environment(transaction, environment.id, self.at).await?;
        storage.enqueue_deletion(transaction, self.at).await?;
        let record = environment.record(project, "environment.deleted");
        self.record(record, Some(environment.document()), None);
        Ok(Effect::Changed(Outcome::Deleted))
    }

    pub(super) async fn reset_epoch(&mut self, project: &Key, key: &Key) -> Result<Effect> {
        self.raise_organization().await?;
        let before = self.environment(project, key, None).await?;
        let environment = fetch_one!(
            &mut self.transaction,
            Environment,
            concat!(
                "UPDATE environments SET epoch = $2, version = version + 1, updated_at = $3 WHERE id = $1 RETURNING ",
                environment_columns!()
            ),
            before.id,
            new_epoch(self.storage.source()),
            Stamp(self.at),
        )?;
        execute!(
            &mut self.transaction,
            "DELETE FROM change_log WHERE environment = $1",
            environment.id
        )?;
        let record = environment.record(project, "environment.reset");
        self.record(record, None, None);
        self.announce_reset(&environment);
        Ok(Effect::Changed(Outcome::Environment(Box::new(environment))))
    }

    /// An environment that must exist, with the edition that the caller expects.
    async fn environment(
        &mut self,
        project: &Key,
        key: &Key,
        expected_edition: Option<i64>,
    ) -> Result<Environment> {
        let (transaction, organization) = (&mut self.transaction, self.organization);
        let found = environments::expect(transaction, organization, project, key).await?;
        if expected_edition.is_some_and(|expected| expected != found.edition) {
            return Err(conflict(Outcome::Environment(Box::new(found))));
        }
        Ok(found)
    }
}

impl Storage {
    /// Starts a new history of every environment of every organization; returns how many there are.
    ///
    /// Each is a command of its own: if the database goes away midway, running it again is safe.
    pub async fn reset_epochs(&self, by: &Attribution) -> Result<usize> {
        let mut transaction = self.read().await?;
        let places = fetch_all!(
            &mut transaction,
            (OrganizationId, Key, Key),
            "SELECT e.organization, p.key, e.key FROM environments e JOIN projects p ON p.id = e.project \
             WHERE e.deleted_at IS NULL ORDER BY e.organization, p.key, e.position",
        )?;
        drop(transaction);
        let count = places.len();
        for (organization, project, environment) in places {
            let reset = Command::ResetEpoch {
                project,
                environment,
            };
            self.execute(organization, reset, by).await?;
        }
        Ok(count)
    }
}

/// Adds an environment to a project. If the project has flags, the caller then gives them targeting there.
pub(super) async fn insert_environment(
    work: &mut Work<'_>,
    project: &Project,
    environment: NewEnvironment,
) -> Result<Environment> {
    let mut checks = Checks::default();
    checks.name(&environment.name);
    checks.color(&environment.color);
    checks.done()?;
    let source = work.storage.source();
    let created = fetch_one!(
        &mut work.transaction,
        Environment,
        concat!(
            "INSERT INTO environments (id, organization, project, key, name, color, production, position, version, \
             epoch, edition, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, \
             coalesce($8, (SELECT coalesce(max(position) + 1, 0) FROM environments WHERE project = $3 AND deleted_at IS NULL)), 1, $9, 1, \
             $10, $10) RETURNING ",
            environment_columns!()
        ),
        EnvironmentId::generate(work.at, source),
        work.organization,
        project.id,
        &environment.key,
        environment.name,
        environment.color,
        environment.production,
        environment.position,
        new_epoch(source),
        Stamp(work.at),
    )
    .or_taken(Entity::Environment, &environment.key)?;
    let record = created.record(&project.key, "environment.created");
    work.record(record, None, Some(created.document()));
    Ok(created)
}

/// A name for a history that no other has.
fn new_epoch(source: &Source) -> String {
    let mut epoch = String::new();
    random_characters(&mut epoch, 12, source);
    epoch
}
