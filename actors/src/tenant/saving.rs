//! Writes a tenant's snapshot files: in a separate task, one write at a time, some time after a change.
//!
//! Each write saves only what changed since the last one, so a toggle costs one file.

use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::{EnvironmentId, OrganizationId, TenantRecord};
use ractor::ActorRef;
use tokio::sync::oneshot;

use super::state::State;
use crate::live::{Environment, TenantMessage as Message, Unsaved};
use crate::source::SnapshotFolder;

/// How long to collect changes before writing snapshot files.
const SAVE_AFTER: Duration = Duration::from_secs(2);

/// The pause before a failed write is repeated.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Notifies the actor that a write has ended, also after a panic, and what is still to be written.
struct Writing {
    actor: ActorRef<Message>,
    left: Unsaved,
}

impl Drop for Writing {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.left);
        // If the actor has failed, its successor has no write in progress.
        let _ = self.actor.cast(Message::Saved(left));
    }
}

impl State {
    /// Marks an environment to be written.
    pub(super) fn save_soon(&mut self, environment: EnvironmentId) {
        if self.registry.snapshots.is_some() {
            self.saving.unsaved.environments.insert(environment);
            self.schedule_saving(SAVE_AFTER);
        }
    }

    /// Marks the structure to be written.
    pub(super) fn save_structure_soon(&mut self) {
        if self.registry.snapshots.is_some() {
            self.saving.unsaved.structure = true;
            self.schedule_saving(SAVE_AFTER);
        }
    }

    fn schedule_saving(&mut self, after: Duration) {
        if !self.saving.scheduled {
            self.saving.scheduled = true;
            self.myself.send_after(after, || Message::Save(None));
        }
    }

    /// Writes the collected changes. If a write takes longer than the interval, later changes are written after it.
    pub(super) fn save_in_time(&mut self) {
        self.saving.scheduled = false;
        if self.saving.writing {
            self.schedule_saving(SAVE_AFTER);
        } else {
            self.write();
        }
    }

    /// Writes now for a caller that waits until the files are up to date, or the write has failed.
    pub(super) fn save_for(&mut self, saver: oneshot::Sender<()>) {
        self.saving.savers.push(saver);
        if !self.saving.writing {
            self.write();
        }
    }

    pub(super) fn saved(&mut self, left: Unsaved) {
        self.saving.writing = false;
        if !left.is_empty() {
            let Unsaved {
                structure,
                environments,
            } = left;
            self.saving.unsaved.structure |= structure;
            self.saving.unsaved.environments.extend(environments);
            self.schedule_saving(RETRY_AFTER);
        }
        if !self.saving.savers.is_empty() {
            self.write();
        }
    }

    fn write(&mut self) {
        // Dropping the replies notifies the callers.
        let savers = std::mem::take(&mut self.saving.savers);
        let left = std::mem::take(&mut self.saving.unsaved);
        if left.is_empty() {
            return;
        }
        let structure = self.structure.as_ref().filter(|_| left.structure);
        let record = structure.map(super::structure::Structure::to_record);
        let held = self.tenant.environments();
        let environments = left
            .environments
            .iter()
            .filter_map(|id| held.get(id).cloned());
        let environments: Vec<_> = environments.collect();
        let organization = self.tenant.handle.organization;
        let registry = self.registry.clone();
        let mut writing = Writing {
            actor: self.myself.clone(),
            left,
        };
        self.saving.writing = true;
        tokio::spawn(async move {
            if let Some(folder) = &registry.snapshots {
                write(
                    folder,
                    organization,
                    record,
                    environments,
                    &mut writing.left,
                )
                .await;
            }
            drop(savers);
            drop(writing);
        });
    }

    /// The organization no longer exists, and its files must not restore it.
    pub(super) fn remove_files(&self) {
        let (registry, organization) = (self.registry.clone(), self.tenant.handle.organization);
        tokio::spawn(async move {
            if let Some(folder) = &registry.snapshots
                && let Err(error) = folder.remove(organization).await
            {
                tracing::warn!(%error, %organization, "cannot delete the snapshot files of a deleted organization");
            }
        });
    }
}

/// Writes files, and removes them from the list of pending ones.
async fn write(
    folder: &SnapshotFolder,
    organization: OrganizationId,
    record: Option<TenantRecord>,
    environments: Vec<Arc<Environment>>,
    left: &mut Unsaved,
) {
    let mut failure = None;
    // Before the environments, because this creates their folder.
    match record {
        Some(record) => match folder.write_structure(record).await {
            Ok(()) => left.structure = false,
            Err(error) => failure = Some(error),
        },
        None => left.structure = false,
    }
    let held = environments
        .iter()
        .map(|environment| environment.id)
        .collect();
    // The others are no longer in memory.
    left.environments = left.environments.intersection(&held).copied().collect();
    for environment in environments {
        let snapshot = environment.snapshot();
        match folder
            .write_environment(organization, environment.id, snapshot)
            .await
        {
            Ok(()) => _ = left.environments.remove(&environment.id),
            Err(error) => failure = Some(error),
        }
    }
    if let Some(error) = failure {
        // The folder may have been deleted by hand.
        left.structure = true;
        tracing::warn!(
            %error, %organization, environments = left.environments.len(), retry_in_s = RETRY_AFTER.as_secs(),
            "cannot write snapshot files"
        );
    }
}
