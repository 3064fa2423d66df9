//! The state of a tenant's actor, and how it publishes. Its methods are in the files loading, environments, commands,
//! following and upkeep.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::EnvironmentId;
use ractor::ActorRef;
use time::OffsetDateTime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::expiries::Expiries;
use super::loads::Loads;
use super::structure::Structure;
use super::windows::OpenWindows;
use crate::live::{Environment, Tenant, TenantEvent, TenantMessage as Message, Unsaved};
use crate::registry::Registry;
use crate::shard::Message as ShardMessage;
use crate::state::{EnvironmentSnapshot, Touched};

/// The actor's private state, which is lost when it fails. Its successor reads the structure again (`read`,
/// `structure`), loads what is not in memory, and schedules its own timers. At worst, it writes the structure's file,
/// records the use of keys or reports connections once more.
pub(crate) struct State {
    pub(super) myself: ActorRef<Message>,
    pub(super) tenant: Arc<Tenant>,
    pub(super) registry: Arc<Registry>,
    /// Whether this actor has read the tenant, and not only its predecessor.
    pub(super) read: bool,
    /// The structure as it was last read.
    pub(super) structure: Option<Structure>,
    /// Whether the structure comes from its snapshot file, because the database did not respond.
    pub(super) is_saved: bool,
    /// The environments in the structure that are not in memory.
    pub(super) loads: Loads,
    pub(super) expiries: Expiries,
    pub(super) refused: Option<(Instant, String)>,
    pub(super) expiry: Option<JoinHandle<()>>,
    pub(super) saving: Saving,
    pub(super) pacing: OpenWindows,
    pub(super) reported: Option<Instant>,
    /// When the use of keys was last reported to storage.
    pub(super) noted: Option<Instant>,
    /// What watchers were last notified of, by environment.
    pub(super) counted: HashMap<EnvironmentId, (u64, u64)>,
    pub(super) done: bool,
}

/// How far the snapshot files are behind.
#[derive(Default)]
pub(super) struct Saving {
    /// Changes since the last write began.
    pub(super) unsaved: Unsaved,
    /// Whether a message that starts the write has been scheduled.
    pub(super) scheduled: bool,
    /// Whether files are being written.
    pub(super) writing: bool,
    /// Callers that wait until the files are up to date.
    pub(super) savers: Vec<oneshot::Sender<()>>,
}

impl State {
    pub(super) fn new(
        myself: ActorRef<Message>,
        tenant: Arc<Tenant>,
        registry: Arc<Registry>,
    ) -> Self {
        // A notification that the predecessor received but did not handle would otherwise suppress new ones.
        tenant.handle.expect_moves();
        let mut expiries = Expiries::default();
        for key in tenant.all_keys() {
            expiries.note(&key);
        }
        Self {
            myself,
            tenant,
            registry,
            read: false,
            structure: None,
            is_saved: false,
            loads: Loads::default(),
            expiries,
            refused: None,
            expiry: None,
            saving: Saving::default(),
            pacing: OpenWindows::default(),
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
        touched: Touched,
    ) {
        let version = next.version;
        environment.publish(next);
        self.registry.metrics.delta();
        self.tell_shards(environment);
        self.tenant.handle.watchers.announce(|| TenantEvent::Flags {
            project: environment.project.to_string(),
            environment: environment.key.to_string(),
            version,
            flags: touched.flags,
            segments: touched.segments,
        });
        self.save_soon(environment.id);
    }

    pub(super) fn tell_keys_changed(&self, environment: &Arc<Environment>) {
        self.registry
            .shards
            .tell_all(|| ShardMessage::KeysChanged(environment.clone()));
    }

    pub(super) fn tell_keys_died(&self, environment: &Environment) {
        let id = environment.id;
        self.registry.shards.tell_all(|| ShardMessage::KeysDied(id));
        environment.wake();
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
