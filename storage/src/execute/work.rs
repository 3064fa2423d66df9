//! A command under way: its transaction, and what it has logged so far.

use std::time::Instant;

use peekaboo_flags::Changes;
use serde_json::Value;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::audit_record::{Record, Written};
use crate::change_log::logged;
use crate::database::{Transaction, execute_with, parameter_rows};
use crate::error::{Current, Error, Result};
use crate::stamp::{micros, truncate};
use crate::storage::{Storage, raise_organization};
use crate::{
    Attribution, Committed, Environment, EnvironmentChange, EnvironmentId, Hint, OrganizationId,
    Outcome,
};

/// A command under way; dropping it undoes it.
pub(super) struct Work<'a> {
    pub(super) storage: &'a Storage,
    pub(super) transaction: Transaction,
    pub(super) organization: OrganizationId,
    pub(super) by: &'a Attribution,
    /// When, as both databases keep it.
    pub(super) at: OffsetDateTime,
    /// When the transaction began, by the machine's own clock.
    began: Instant,
    /// The changes of rulesets logged so far.
    changes: Vec<EnvironmentChange>,
    /// The organization's new revision, once raised.
    revision: Option<i64>,
    /// The environment whose keys are all that the revision changes.
    keys_of: Option<EnvironmentId>,
    /// The histories started.
    resets: Vec<Hint>,
}

/// What a command came to, before the commit.
pub(super) enum Effect {
    /// There is something to commit.
    Changed(Outcome),
    /// Everything was like that already: the locks are undone.
    Unchanged(Outcome),
}

impl<'a> Work<'a> {
    pub(super) fn new(
        storage: &'a Storage,
        transaction: Transaction,
        organization: OrganizationId,
        by: &'a Attribution,
    ) -> Self {
        Work {
            storage,
            transaction,
            organization,
            by,
            at: truncate(by.at),
            began: Instant::now(),
            changes: Vec::new(),
            revision: None,
            keys_of: None,
            resets: Vec::new(),
        }
    }

    /// Nothing but the keys of this environment changes.
    pub(super) fn only_keys_of(&mut self, environment: EnvironmentId) {
        self.keys_of = Some(environment);
    }

    /// Raises the organization's revision, which locks it until the transaction ends: first of all locks.
    pub(super) async fn raise_organization(&mut self) -> Result<()> {
        let raised = raise_organization(&mut self.transaction, self.organization).await?;
        self.revision = Some(raised);
        Ok(())
    }

    /// Appends to the log what made the version that the environment was raised to.
    pub(super) async fn log(&mut self, environment: &Environment, changes: Changes) -> Result<()> {
        self.log_each([(environment, changes)]).await
    }

    /// Appends to the logs of several environments, by one statement however many they are.
    pub(super) async fn log_each(
        &mut self,
        each: impl IntoIterator<Item = (&Environment, Changes)>,
    ) -> Result<()> {
        // The rows are locked by now: this is when it commits, but for the statements that are left.
        let committed_at_micros = micros(truncate(self.at + self.began.elapsed()));
        let changes: Vec<_> = each
            .into_iter()
            .map(|(environment, changes)| EnvironmentChange {
                environment: environment.id,
                epoch: environment.epoch.clone(),
                version: environment.version,
                committed_at_micros,
                changes,
            })
            .collect();
        if changes.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT INTO change_log (environment, version, committed_at_micros, changes) VALUES {}",
            parameter_rows(1, 4, changes.len())
        );
        execute_with!(&mut self.transaction, sql, query => changes
        .iter()
        .fold(query, |query, change| {
            query
                .bind(change.environment)
                .bind(change.version)
                .bind(change.committed_at_micros)
                .bind(Json(logged(&change.changes)))
        }))?;
        self.changes.extend(changes);
        Ok(())
    }

    /// Notifies the other nodes of an environment's new history.
    pub(super) fn announce_reset(&mut self, environment: &Environment) {
        self.resets.push(Hint::Environment {
            organization: self.organization,
            environment: environment.id,
            epoch: environment.epoch.clone(),
            version: environment.version,
        });
    }

    /// Writes the audit entry when it commits.
    pub(super) fn record(
        &mut self,
        record: Record<'_>,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Written {
        let (source, organization, by) = (self.storage.source(), self.organization, self.by);
        let transaction = &mut self.transaction;
        record.write(transaction, source, organization, by, before, after)
    }

    /// Commits, then notifies this node's subscribers and the other nodes.
    pub(super) async fn commit(self, outcome: Outcome) -> Result<Committed> {
        self.transaction.commit().await?;
        let organization = self.organization;
        let feeds = &self.storage.inner.feeds;
        if let Some(revision) = self.revision {
            feeds.announce(Hint::of_revision(organization, revision, self.keys_of));
        }
        for reset in self.resets {
            feeds.announce(reset);
        }
        for change in &self.changes {
            feeds.announce(Hint::Environment {
                organization,
                environment: change.environment,
                epoch: change.epoch.clone(),
                version: change.version,
            });
        }
        Ok(Committed {
            outcome,
            changes: self.changes,
            revision: self.revision,
            keys_of: self.keys_of,
        })
    }
}

/// The result of a command that changed nothing.
pub(super) fn unchanged(outcome: Outcome) -> Committed {
    Committed {
        outcome,
        changes: Vec::new(),
        revision: None,
        keys_of: None,
    }
}

/// The refusal of a command that expected another version.
pub(super) fn conflict(current: Outcome) -> Error {
    let current = Box::new(Current::Outcome(current));
    Error::VersionConflict { current }
}
