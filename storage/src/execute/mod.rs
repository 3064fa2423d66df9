//! Executes commands: the one way to change a ruleset.
//!
//! Each command locks what it changes by raising its version, then reads, checks, writes, logs and commits, all in one
//! transaction. A command about one environment locks that alone; one about a whole project locks the project, then
//! every environment of it in the order of identifiers. What a check saw therefore still holds at the commit, whichever
//! node the other writers are on.

mod definition;
mod flag;
mod references;
mod segment;
mod targeting;

use std::time::Instant;

use peekaboo_flags::Changes;
use serde_json::Value;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::audit::Record;
use crate::database::{Transaction, execute};
use crate::error::{Current, Error, Result};
use crate::stamp::{micros, truncate};
use crate::storage::Storage;
use crate::{
    Attribution, Command, Committed, Environment, EnvironmentChange, Hint, OrganizationId, Outcome,
};

impl Storage {
    /// Commits a command, or nothing of it. The answer comes after the commit: what it tells of is durable.
    ///
    /// [`Error::Unavailable`] leaves open whether it was committed; the feed tells if it was.
    pub async fn execute(
        &self,
        organization: OrganizationId,
        command: Command,
        by: &Attribution,
    ) -> Result<Committed> {
        let work = Work {
            storage: self,
            transaction: self.write().await?,
            organization,
            by,
            at: truncate(by.at),
            began: Instant::now(),
            changes: Vec::new(),
        };
        match command {
            Command::CreateFlag { project, flag } => work.create_flag(&project, flag).await,
            Command::UpdateFlag {
                project,
                flag,
                patch,
                expected_version,
            } => {
                work.update_flag(&project, &flag, patch, expected_version)
                    .await
            }
            Command::DeleteFlag {
                project,
                flag,
                expected_version,
            } => work.delete_flag(&project, &flag, expected_version).await,
            Command::UpdateTargeting {
                project,
                environment,
                flag,
                patch,
                expected_version,
            } => {
                let place = targeting::Place {
                    project: &project,
                    environment: &environment,
                    flag: &flag,
                };
                work.update_targeting(place, patch, expected_version).await
            }
            Command::RestoreTargeting {
                project,
                environment,
                flag,
                entry,
                state,
                expected_version,
            } => {
                let place = targeting::Place {
                    project: &project,
                    environment: &environment,
                    flag: &flag,
                };
                work.restore_targeting(place, entry, state, expected_version)
                    .await
            }
            Command::CreateSegment { project, segment } => {
                work.create_segment(&project, segment).await
            }
            Command::UpdateSegment {
                project,
                segment,
                patch,
                expected_version,
            } => {
                work.update_segment(&project, &segment, patch, expected_version)
                    .await
            }
            Command::DeleteSegment {
                project,
                segment,
                expected_version,
            } => {
                work.delete_segment(&project, &segment, expected_version)
                    .await
            }
        }
    }
}

/// A command under way; dropping it undoes it.
struct Work<'a> {
    storage: &'a Storage,
    transaction: Transaction,
    organization: OrganizationId,
    by: &'a Attribution,
    /// When, as both databases keep it.
    at: OffsetDateTime,
    /// When this began to wait for the database, by the machine's own clock.
    began: Instant,
    /// Logged so far.
    changes: Vec<EnvironmentChange>,
}

impl Work<'_> {
    /// Appends to the log what made the version that the environment was raised to.
    async fn log(&mut self, environment: &Environment, changes: Changes) -> Result<()> {
        // The row is locked by now: this is when it commits, but for the statements that are left.
        let committed_at_micros = micros(truncate(self.at + self.began.elapsed()));
        execute!(
            &mut self.transaction,
            "INSERT INTO change_log (environment, version, committed_at_micros, changes) VALUES ($1, $2, $3, $4)",
            environment.id,
            environment.version,
            committed_at_micros,
            Json(&changes),
        )?;
        self.changes.push(EnvironmentChange {
            environment: environment.id,
            epoch: environment.epoch.clone(),
            version: environment.version,
            committed_at_micros,
            changes,
        });
        Ok(())
    }

    /// Writes the audit entry.
    async fn record(
        &mut self,
        record: Record<'_>,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<()> {
        let (source, organization, by) = (self.storage.source(), self.organization, self.by);
        let transaction = &mut self.transaction;
        record
            .write(transaction, source, organization, by, before, after)
            .await?;
        Ok(())
    }

    /// Commits, then tells this node's subscribers and the other nodes.
    async fn commit(self, outcome: Outcome) -> Result<Committed> {
        self.transaction.commit().await?;
        for change in &self.changes {
            self.storage.inner.feeds.announce(Hint::Environment {
                organization: self.organization,
                environment: change.environment,
                epoch: change.epoch.clone(),
                version: change.version,
            });
        }
        Ok(Committed {
            outcome,
            changes: self.changes,
        })
    }
}

/// Undoes the locks of a command that changes nothing.
fn unchanged(outcome: Outcome) -> Committed {
    Committed {
        outcome,
        changes: Vec::new(),
    }
}

fn conflict(current: Outcome) -> Error {
    let current = Box::new(Current::Outcome(current));
    Error::VersionConflict { current }
}
