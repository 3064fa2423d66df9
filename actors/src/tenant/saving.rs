//! How a tenant's snapshot files are written: beside the actor, one writing at a time, some time after a change.
//!
//! A writing writes what changed since the last one, so a toggle costs the file of its environment.

use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::{EnvironmentId, OrganizationId, TenantRecord};
use ractor::ActorRef;
use tokio::sync::oneshot;

use super::state::State;
use crate::live::{Environment, TenantMessage as Message, Unsaved};
use crate::source::SnapshotFolder;

/// How long changes gather before snapshot files are written.
const SAVE_AFTER: Duration = Duration::from_secs(2);

/// How long until what could not be written is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(10);

/// Tells the actor that a writing is over, also when it panicked, and what is still to be written.
struct Writing {
    actor: ActorRef<Message>,
    left: Unsaved,
}

impl Drop for Writing {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.left);
        // An actor that is gone has a successor, which is not writing.
        let _ = self.actor.cast(Message::Saved(left));
    }
}

impl State {
    /// An environment is to be written.
    pub(super) fn save_soon(&mut self, environment: EnvironmentId) {
        if self.registry.snapshots.is_some() {
            self.saving.unsaved.environments.insert(environment);
            self.schedule_saving(SAVE_AFTER);
        }
    }

    /// The structure is to be written.
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

    /// Writes what has gathered. If a writing takes that long, what came meanwhile is written after it.
    pub(super) fn save_in_time(&mut self) {
        self.saving.scheduled = false;
        if self.saving.writing {
            self.schedule_saving(SAVE_AFTER);
        } else {
            self.write();
        }
    }

    /// Writes now for somebody who waits until the files are up to date, or could not be written.
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
        // Dropping them is what tells them.
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

    /// The organization does not exist any more, and its files must not bring it back.
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

/// Writes files, and takes what is written off the list of what is left.
async fn write(
    folder: &SnapshotFolder,
    organization: OrganizationId,
    record: Option<TenantRecord>,
    environments: Vec<Arc<Environment>>,
    left: &mut Unsaved,
) {
    let mut failure = None;
    // Before the environments, whose folder it makes.
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
    // The others have left memory.
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
        // Somebody may have removed the folder.
        left.structure = true;
        tracing::warn!(
            %error, %organization, environments = left.environments.len(), retry_in_s = RETRY_AFTER.as_secs(),
            "cannot write snapshot files"
        );
    }
}
