//! What a tenant's actor holds, and how it publishes. Its parts are told by file: loading, commands, following, upkeep.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_flags::Changes;
use peekaboo_storage::{EnvironmentId, SecretHash, TenantRecord};
use ractor::ActorRef;
use time::OffsetDateTime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::windows::Pacing;
use crate::live::{Environment, LiveKey, Tenant, TenantEvent, TenantMessage as Message};
use crate::registry::Registry;
use crate::shard::Message as ShardMessage;
use crate::state::EnvironmentSnapshot;

/// What the actor keeps to itself, and loses when it fails. A successor reads the structure again (`read`, `record`),
/// takes the keys from the registry, schedules its own timers, and at worst writes the snapshot file, notes the use of
/// keys or reports connections once more.
pub(crate) struct State {
    pub(super) myself: ActorRef<Message>,
    pub(super) tenant: Arc<Tenant>,
    pub(super) registry: Arc<Registry>,
    pub(super) keys: HashMap<SecretHash, Arc<LiveKey>>,
    /// Whether this actor, not only its predecessor, has read the tenant.
    pub(super) read: bool,
    /// The structure as it was last read.
    pub(super) record: Option<TenantRecord>,
    pub(super) refused: Option<(Instant, String)>,
    pub(super) expiry: Option<JoinHandle<()>>,
    pub(super) saving: Saving,
    pub(super) pacing: Pacing,
    pub(super) reported: Option<Instant>,
    /// When storage was last told which keys are in use.
    pub(super) noted: Option<Instant>,
    /// What watchers were last told, by environment.
    pub(super) counted: HashMap<EnvironmentId, (u64, u64)>,
    pub(super) done: bool,
}

/// How far the snapshot file is behind.
#[derive(Default)]
pub(super) struct Saving {
    /// Something was published since its writing last began.
    pub(super) unsaved: bool,
    /// It is being written.
    pub(super) writing: bool,
    /// Who waits for it to be up to date.
    pub(super) savers: Vec<oneshot::Sender<()>>,
}

impl State {
    pub(super) fn new(
        myself: ActorRef<Message>,
        tenant: Arc<Tenant>,
        registry: Arc<Registry>,
    ) -> Self {
        // What a predecessor was told and never got to would keep others from telling this one.
        tenant.handle.expect_moves();
        // It may also have left keys: they must be known here, or they could not be revoked.
        let keys = if tenant.is_loaded() {
            registry
                .keys
                .keys_of(&tenant.handle)
                .into_iter()
                .map(|key| (key.hash(), key))
                .collect()
        } else {
            HashMap::new()
        };
        Self {
            myself,
            tenant,
            registry,
            keys,
            read: false,
            record: None,
            refused: None,
            expiry: None,
            saving: Saving::default(),
            pacing: Pacing::default(),
            reported: None,
            noted: None,
            counted: HashMap::new(),
            done: false,
        }
    }

    /// Whether the actor is to stop.
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    pub(super) fn housekeeping(&self) -> Duration {
        (self.registry.config.tenant_idle_timeout / 4)
            .clamp(Duration::from_millis(50), Duration::from_secs(30))
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        (self.registry.config.clock)()
    }

    // Publishing

    pub(super) fn publish(
        &mut self,
        environment: &Arc<Environment>,
        next: EnvironmentSnapshot,
        changes: &Changes,
    ) {
        let keys = |put: Vec<&String>, deleted: &[String]| {
            put.into_iter().chain(deleted).cloned().collect()
        };
        let event = TenantEvent::Flags {
            project: environment.project.to_string(),
            environment: environment.key.to_string(),
            version: next.version,
            flags: keys(changes.put_flags.keys().collect(), &changes.deleted_flags),
            segments: keys(
                changes.put_segments.keys().collect(),
                &changes.deleted_segments,
            ),
        };
        environment.publish(next);
        self.registry.metrics.delta();
        self.tell_shards(environment);
        self.announce(event);
        self.save_soon();
    }

    pub(super) fn tell_keys_changed(&self, environment: &Arc<Environment>) {
        self.registry
            .shards
            .tell_all(|| ShardMessage::KeysChanged(environment.clone()));
    }

    pub(super) fn tell_keys_died(&self, environments: HashMap<EnvironmentId, Arc<Environment>>) {
        for (id, environment) in environments {
            self.registry.shards.tell_all(|| ShardMessage::KeysDied(id));
            environment.wake();
        }
    }

    pub(super) fn announce(&self, event: TenantEvent) {
        // Nobody may be watching.
        let _ = self.tenant.handle.events.send(event);
    }
}

impl Drop for State {
    fn drop(&mut self) {
        if let Some(timer) = self.expiry.take() {
            timer.abort();
        }
    }
}

/// Versions and times are never negative in storage.
pub(super) fn version(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or_default()
}
