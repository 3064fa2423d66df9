//! Executes commands: storage commits them, this module publishes the change, then the caller gets a response.

use peekaboo_protocol::Resume;
use peekaboo_storage::{Answered, Committed, EnvironmentChange, Error as StorageError, Hint};
use tokio::time::Instant;

use super::state::{State, version};
use crate::error::{Error, Result};
use crate::live::{Execute, Newest, Reply};
use crate::source::Source;
use crate::state::Touched;

impl State {
    pub(super) async fn execute(&mut self, execute: Execute) {
        let Execute {
            command,
            by,
            began,
            reply,
        } = execute;
        let organization = self.tenant.handle.organization;
        let Source::Storage(storage) = &self.registry.source else {
            reply.fail(Error::ReadOnly);
            return;
        };
        let storage = storage.clone();
        match reply {
            Reply::Committed(reply) => {
                let executed = storage.execute(organization, command, &by).await;
                self.executed(executed.as_ref().map(Some), began).await;
                let _ = reply.send(executed.map_err(Error::from));
            }
            Reply::Answered(request, reply) => {
                let executed = storage
                    .execute_once(organization, command, &by, request)
                    .await;
                let committed = executed.as_ref().map(|answered| match answered {
                    Answered::First(committed, _) => Some(committed),
                    Answered::Again(_) => None,
                });
                self.executed(committed, began).await;
                let _ = reply.send(executed.map_err(Error::from));
            }
        }
    }

    /// Counts a command, and publishes what it committed before its caller is answered.
    async fn executed(
        &mut self,
        result: Result<Option<&Committed>, &StorageError>,
        began: Instant,
    ) {
        self.registry
            .metrics
            .command(outcome(result), began.elapsed().as_secs_f64());
        let Ok(Some(committed)) = result else { return };
        if let Some(revision) = committed.revision {
            let organization = self.tenant.handle.organization;
            let hint = Hint::of_revision(organization, revision, committed.keys_of);
            self.tenant.handle.hint(&hint);
            self.follow_hints().await;
        }
        for change in &committed.changes {
            self.apply_own(change).await;
        }
    }

    /// Publishes a change that this node has just committed. If another node's change came in between, both come from
    /// the log.
    pub(super) async fn apply_own(&mut self, change: &EnvironmentChange) {
        let Some(environment) = self.tenant.environment(change.environment) else {
            // The environment is not loaded. Later reads include the change.
            self.loads.note_hint(change.environment, || {
                Newest::Version(Resume {
                    epoch: change.epoch.clone(),
                    version: version(change.version),
                })
            });
            return;
        };
        let snapshot = environment.snapshot();
        if snapshot.epoch == change.epoch && snapshot.version + 1 == version(change.version) {
            let remembered = self.registry.config.history;
            let next = snapshot.after(
                version(change.version),
                &change.changes,
                version(change.committed_at_micros),
                remembered,
            );
            self.publish(&environment, next, Touched::from(&change.changes));
            return;
        }
        if let Err(error) = self.catch_up(environment.id).await {
            tracing::warn!(%error, "cannot publish a committed change yet; retrying until the database responds");
            self.look_again_later();
        }
    }
}

fn outcome(result: Result<Option<&Committed>, &StorageError>) -> &'static str {
    match result {
        Ok(Some(committed)) if committed.is_changed() => "committed",
        Ok(_) => "unchanged",
        Err(StorageError::Unavailable(_)) => "unavailable",
        Err(StorageError::TimedOut(_)) => "timed_out",
        Err(StorageError::VersionConflict { .. }) => "conflict",
        Err(StorageError::Corrupt(_) | StorageError::Unanswerable(_)) => "failed",
        Err(_) => "refused",
    }
}
