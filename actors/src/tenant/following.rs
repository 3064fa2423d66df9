//! Follows other nodes' changes: a hint says where to look, and the log says what changed.

use std::sync::Arc;
use std::time::Duration;

use peekaboo_protocol::Resume;
use peekaboo_storage::{ChangesSince, EnvironmentId, Error as StorageError, Hint, LogEntry};

use super::state::{State, version};
use crate::error::{Error, Result};
use crate::live::{Environment, ToRead};
use crate::state::{Entry, EnvironmentSnapshot, Touched};

/// The pause before asking the database again after a failure.
const RETRY: Duration = Duration::from_secs(1);

/// The number of log entries per read.
const PAGE: u32 = 256;

impl State {
    pub(super) async fn follow_hints(&mut self) {
        let hints = self.tenant.handle.take_hints();
        if !self.read {
            // The pending load will read the changes that they announce.
            if self.tenant.is_loaded() {
                self.ready(None).await;
            }
            return;
        }
        let mut result = match hints.structure(self.tenant.revision()) {
            ToRead::Nothing => Ok(()),
            ToRead::Keys {
                environments,
                revision,
            } => self.read_keys(environments, revision).await,
            ToRead::All => self.read_all().await,
        };
        for (environment, newest) in self.tenant.behind(&hints) {
            // If it is being loaded, that read may be too old.
            self.loads.note_hint(environment, || newest);
            result = result.and(self.catch_up(environment).await);
        }
        match result {
            Ok(()) => {}
            Err(Error::OrganizationNotFound) => self.dissolve(),
            Err(error) => {
                tracing::warn!(%error, organization = %self.tenant.handle.organization, "cannot read the change log");
                self.look_again_later();
            }
        }
    }

    /// Reads the log from the current version. Does nothing if that is the newest.
    pub(super) async fn catch_up(&mut self, id: EnvironmentId) -> Result<()> {
        match self.tenant.environment(id) {
            Some(environment) => self.bring_up_to_date(&environment).await,
            None => Ok(()),
        }
    }

    /// The same for an environment that may not be in memory yet.
    pub(super) async fn bring_up_to_date(&mut self, environment: &Arc<Environment>) -> Result<()> {
        let id = environment.id;
        loop {
            let snapshot = environment.snapshot();
            let held = i64::try_from(snapshot.version).unwrap_or(i64::MAX);
            self.registry.metrics.log_read();
            let since = self
                .registry
                .source
                .changes_since(id, &snapshot.epoch, held, PAGE)
                .await;
            let entries = match since {
                Ok(ChangesSince::Entries(entries)) => entries,
                Ok(ChangesSince::Unreachable) => return self.read_again(environment).await,
                // An unreadable entry stays unreadable, so read the whole ruleset instead.
                Err(Error::Storage(error @ StorageError::Corrupt(_))) => {
                    tracing::error!(%error, environment = %id, "the change log is damaged; reading a full snapshot");
                    return self.read_again(environment).await;
                }
                Err(error) => return Err(error),
            };
            let (read, remembered) = (entries.len(), self.registry.config.history);
            let mut next: Option<EnvironmentSnapshot> = None;
            let mut touched = Touched::default();
            for entry in entries {
                let former = next.as_ref().unwrap_or(&snapshot);
                let committed_at = version(entry.committed_at_micros);
                let reached = version(entry.version);
                next = Some(former.after(reached, &entry.changes, committed_at, remembered));
                self.registry.metrics.fed(committed_at, self.now());
                touched.merge(Touched::from(&entry.changes));
            }
            if let Some(next) = next {
                self.publish(environment, next, touched);
            }
            if read < PAGE as usize {
                return Ok(());
            }
        }
    }

    /// Reads a whole ruleset, because the log does not contain the changes.
    pub(super) async fn read_again(&mut self, environment: &Arc<Environment>) -> Result<()> {
        let Some(ruleset) = self.registry.source.ruleset(environment.id).await? else {
            // It was deleted; its keys are removed with the structure.
            return Ok(());
        };
        let former = environment.snapshot();
        if former.epoch == ruleset.epoch && former.version >= ruleset.version {
            return Ok(());
        }
        let next = EnvironmentSnapshot::new(&ruleset, 0);
        let touched = next.difference(&former);
        self.publish(environment, next, touched);
        Ok(())
    }

    /// Schedules a refresh of everything.
    pub(super) fn look_again_later(&self) {
        let handle = self.tenant.handle.clone();
        tokio::spawn(async move {
            tokio::time::sleep(RETRY).await;
            handle.hint(&Hint::Everything);
        });
    }

    /// The organization was deleted from storage.
    pub(super) fn dissolve(&mut self) {
        self.structure = None;
        for environment in self.tenant.environments().values() {
            self.apply_keys(environment);
        }
        self.registry.remove(&self.tenant);
        self.remove_files();
        self.done = true;
    }

    /// Extends the history of an environment into the past.
    pub(super) fn remember_older(&self, id: EnvironmentId, from: &Resume, entries: &[LogEntry]) {
        let Some(environment) = self.tenant.environment(id) else {
            return;
        };
        let snapshot = environment.snapshot();
        // The history was replaced while the log was read.
        if snapshot.epoch != from.epoch {
            return;
        }
        let before =
            std::iter::once(from.version).chain(entries.iter().map(|entry| version(entry.version)));
        let older: Vec<_> = before
            .zip(entries)
            .map(|(from, entry)| Entry::of(from, version(entry.version), &entry.changes))
            .collect();
        environment.publish(snapshot.with_older(older.into_iter()));
    }
}
