//! How a command is executed: committed by storage, published here, then answered.

use peekaboo_storage::{EnvironmentChange, Error as StorageError, Hint};

use super::state::{State, version};
use crate::error::{Error, Result};
use crate::live::Execute;
use crate::source::Source;

impl State {
    pub(super) async fn execute(&mut self, execute: Execute) {
        let Execute {
            command,
            by,
            began,
            reply,
        } = execute;
        let Source::Storage(storage) = &self.registry.source else {
            let _ = reply.send(Err(Error::ReadOnly));
            return;
        };
        let organization = self.tenant.handle.organization;
        let committed = storage.execute(organization, command, &by).await;
        self.registry
            .metrics
            .command(outcome(&committed), began.elapsed().as_secs_f64());
        if let Ok(committed) = &committed {
            for change in &committed.changes {
                self.apply_own(change).await;
            }
        }
        let _ = reply.send(committed.map_err(Error::from));
    }

    /// Publishes a change that this node has just committed. If another node's came in between, both come by the log.
    pub(super) async fn apply_own(&mut self, change: &EnvironmentChange) {
        let Some(environment) = self.tenant.environment(change.environment) else {
            self.tenant.handle.hint(&Hint::Everything);
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
            self.publish(&environment, next, &change.changes);
            return;
        }
        if let Err(error) = self.catch_up(environment.id).await {
            tracing::warn!(%error, "a committed change is published when the database answers again");
            self.look_again_later();
        }
    }
}

fn outcome(result: &Result<peekaboo_storage::Committed, StorageError>) -> &'static str {
    match result {
        Ok(committed) if committed.is_changed() => "committed",
        Ok(_) => "unchanged",
        Err(StorageError::Unavailable(_)) => "unavailable",
        Err(StorageError::VersionConflict { .. }) => "conflict",
        Err(StorageError::Corrupt(_)) => "failed",
        Err(_) => "refused",
    }
}
