//! How a tenant's snapshot file is written: beside the actor, one writing at a time, some time after a change.

use std::collections::HashMap;
use std::time::Duration;

use ractor::ActorRef;
use tokio::sync::oneshot;

use super::state::State;
use crate::live::TenantMessage as Message;

/// How long changes gather before the snapshot file is written.
const SAVE_AFTER: Duration = Duration::from_secs(2);

/// Tells the actor that a writing is over, also when it panicked: otherwise the file would never be written again.
struct Writing(ActorRef<Message>);

impl Drop for Writing {
    fn drop(&mut self) {
        // An actor that is gone has a successor, which is not writing.
        let _ = self.0.cast(Message::Saved);
    }
}

impl State {
    pub(super) fn save_soon(&mut self) {
        if self.registry.snapshots.is_some() && !self.saving.unsaved {
            self.saving.unsaved = true;
            self.myself.send_after(SAVE_AFTER, || Message::Save(None));
        }
    }

    /// Writes what has gathered. A writing that takes so long has what came meanwhile wait for another such time.
    pub(super) fn save_in_time(&mut self) {
        if self.saving.writing {
            self.myself.send_after(SAVE_AFTER, || Message::Save(None));
        } else {
            self.write();
        }
    }

    /// Writes now for somebody who waits until the file is up to date.
    pub(super) fn save_for(&mut self, saver: oneshot::Sender<()>) {
        self.saving.savers.push(saver);
        if !self.saving.writing {
            self.write();
        }
    }

    pub(super) fn saved(&mut self) {
        self.saving.writing = false;
        if !self.saving.savers.is_empty() {
            self.write();
        }
    }

    fn write(&mut self) {
        // Dropping them is what tells them.
        let savers = std::mem::take(&mut self.saving.savers);
        if !std::mem::take(&mut self.saving.unsaved) {
            return;
        }
        let Some(mut record) = self.record.clone() else {
            return;
        };
        let environments = self.tenant.environments();
        let rulesets: HashMap<_, _> = environments
            .iter()
            .map(|(id, environment)| (*id, environment.snapshot().ruleset.clone()))
            .collect();
        for listed in &mut record.environments {
            if let Some(ruleset) = rulesets.get(&listed.id) {
                ruleset.epoch().clone_into(&mut listed.epoch);
                listed.version = i64::try_from(ruleset.version()).unwrap_or(i64::MAX);
            }
        }
        self.saving.writing = true;
        let (registry, writing) = (self.registry.clone(), Writing(self.myself.clone()));
        tokio::spawn(async move {
            if let Some(folder) = &registry.snapshots
                && let Err(error) = folder.write(record, rulesets.into_iter().collect()).await
            {
                tracing::warn!(%error, "a tenant's snapshot was not written");
            }
            drop(savers);
            drop(writing);
        });
    }
}
