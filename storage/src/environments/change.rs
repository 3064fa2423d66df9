//! Making, changing and deleting environments, and beginning their history anew.

use super::{
    Environment, EnvironmentPatch, NewEnvironment, environment_columns, expect, of_project,
};
use crate::check::{self, Checks};
use crate::database::{execute, fetch_all, fetch_one};
use crate::error::{Current, Entity, Error, OrTaken as _, Problem, Result};
use crate::id::Source;
use crate::secret::random_characters;
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{Attribution, EnvironmentId, Hint, Key, OrganizationId, Project};
use crate::{projects, targeting};

impl Storage {
    /// Makes an environment, in which every flag of the project has its targeting from the start.
    pub async fn create_environment(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: NewEnvironment,
        by: &Attribution,
    ) -> Result<Environment> {
        let mut change = self.change(organization, by).await?;
        let project = projects::lock(&mut change.transaction, organization, project).await?;
        let others = of_project(&mut change.transaction, project.id).await?;
        let count = i64::try_from(others.len()).unwrap_or(i64::MAX);
        check::limit(count, "environments", self.limits().environments)?;
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
        let created = insert(&mut change, &project, environment).await?;
        targeting::fill(
            &mut change.transaction,
            project.id,
            created.id,
            source,
            by.at,
        )
        .await?;
        change.commit().await?;
        Ok(created)
    }

    /// Changes an environment's name, colour, position or whether it asks.
    pub async fn update_environment(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &Key,
        patch: EnvironmentPatch,
        expected_edition: Option<i64>,
        by: &Attribution,
    ) -> Result<Environment> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change.transaction, organization, project, key).await?;
        if expected_edition.is_some_and(|expected| expected != before.edition) {
            let current = Box::new(Current::Environment(before));
            return Err(Error::VersionConflict { current });
        }
        let mut after = before.clone();
        after.name = patch.name.unwrap_or(after.name);
        after.color = patch.color.unwrap_or(after.color);
        after.production = patch.production.unwrap_or(after.production);
        after.position = patch.position.unwrap_or(after.position);
        if after == before {
            return Ok(before);
        }
        let mut checks = Checks::default();
        checks.name(&after.name);
        checks.color(&after.color);
        checks.done()?;
        let after = fetch_one!(
            &mut change.transaction,
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
            Stamp(by.at),
        )?;
        let record = after.record(project, "environment.updated");
        change
            .record(record, Some(before.document()), Some(after.document()))
            .await?;
        change.commit().await?;
        Ok(after)
    }

    /// Deletes an environment with its targeting, its keys and its history.
    pub async fn delete_environment(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &Key,
        expected_edition: Option<i64>,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        projects::lock(&mut change.transaction, organization, project).await?;
        let environment = expect(&mut change.transaction, organization, project, key).await?;
        if expected_edition.is_some_and(|expected| expected != environment.edition) {
            let current = Box::new(Current::Environment(environment));
            return Err(Error::VersionConflict { current });
        }
        execute!(
            &mut change.transaction,
            "DELETE FROM environments WHERE id = $1",
            environment.id
        )?;
        let record = environment.record(project, "environment.deleted");
        change
            .record(record, Some(environment.document()), None)
            .await?;
        change.commit().await
    }

    /// Begins another history of an environment, as after a restore from a backup: every client starts afresh, whatever
    /// version it holds.
    pub async fn reset_epoch(
        &self,
        organization: OrganizationId,
        project: &Key,
        key: &Key,
        by: &Attribution,
    ) -> Result<Environment> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change.transaction, organization, project, key).await?;
        let environment = fetch_one!(
            &mut change.transaction,
            Environment,
            concat!(
                "UPDATE environments SET epoch = $2, version = version + 1, updated_at = $3 WHERE id = $1 RETURNING ",
                environment_columns!()
            ),
            before.id,
            new_epoch(self.source()),
            Stamp(by.at),
        )?;
        execute!(
            &mut change.transaction,
            "DELETE FROM change_log WHERE environment = $1",
            environment.id
        )?;
        let record = environment.record(project, "environment.reset");
        change.record(record, None, None).await?;
        change.commit().await?;
        self.inner.feeds.announce(Hint::Environment {
            organization,
            environment: environment.id,
            epoch: environment.epoch.clone(),
            version: environment.version,
        });
        Ok(environment)
    }

    /// Begins another history of every environment of every organization, and answers how many there are.
    ///
    /// Each is a change of its own: if the database goes away midway, doing it again is safe.
    pub async fn reset_epochs(&self, by: &Attribution) -> Result<usize> {
        let mut transaction = self.read().await?;
        let places = fetch_all!(
            &mut transaction,
            (OrganizationId, Key, Key),
            "SELECT e.organization, p.key, e.key FROM environments e JOIN projects p ON p.id = e.project \
             ORDER BY e.organization, p.key, e.position",
        )?;
        drop(transaction);
        for (organization, project, environment) in &places {
            self.reset_epoch(*organization, project, environment, by)
                .await?;
        }
        Ok(places.len())
    }
}

/// Adds an environment to a project whose flags, if it has any, the caller then gives targeting there.
pub(crate) async fn insert(
    change: &mut Change<'_>,
    project: &Project,
    environment: NewEnvironment,
) -> Result<Environment> {
    let mut checks = Checks::default();
    checks.name(&environment.name);
    checks.color(&environment.color);
    checks.done()?;
    let at = truncate(change.by.at);
    let source = change.storage.source();
    let created = fetch_one!(
        &mut change.transaction,
        Environment,
        concat!(
            "INSERT INTO environments (id, organization, project, key, name, color, production, position, version, \
             epoch, edition, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, \
             coalesce($8, (SELECT coalesce(max(position) + 1, 0) FROM environments WHERE project = $3)), 1, $9, 1, \
             $10, $10) RETURNING ",
            environment_columns!()
        ),
        EnvironmentId::generate(at, source),
        change.organization,
        project.id,
        &environment.key,
        environment.name,
        environment.color,
        environment.production,
        environment.position,
        new_epoch(source),
        Stamp(at),
    )
    .or_taken(Entity::Environment, &environment.key)?;
    let record = created.record(&project.key, "environment.created");
    change
        .record(record, None, Some(created.document()))
        .await?;
    Ok(created)
}

/// A name for a history that no other has.
fn new_epoch(source: &Source) -> String {
    let mut epoch = String::new();
    random_characters(&mut epoch, 12, source);
    epoch
}
