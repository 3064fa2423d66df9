//! An environment in memory: its newest snapshot, and the state that is shared by everyone who uses it.
//!
//! It survives a restart of its tenant's actor. Only the tenant's actor publishes; readers take the current snapshot
//! without a lock.

use std::sync::Arc;

use arc_swap::ArcSwap;
use bytes::Bytes;
use peekaboo_protocol::{KeyList, KeyTerms, Resume, ServerFrame};
use peekaboo_storage::{EnvironmentId, Key};
use tokio::sync::watch;

use super::connection_counts::ConnectionCounts;
use super::handle::TenantHandle;
use crate::state::EnvironmentSnapshot;
use crate::wire::frames;

/// An environment that this node serves; it survives a restart of its tenant's actor.
pub(crate) struct Environment {
    pub(crate) id: EnvironmentId,
    pub(crate) project: Key,
    pub(crate) key: Key,
    pub(crate) tenant: Arc<TenantHandle>,
    /// The connections to it.
    pub(crate) connections: ConnectionCounts,
    /// The versions from which the log cannot resume; locked by the task that reads the log for resuming clients.
    pub(crate) resume_floor: tokio::sync::Mutex<ResumeFloor>,
    snapshot: ArcSwap<EnvironmentSnapshot>,
    /// Wakes followers when there is a new snapshot, or a key was revoked.
    changed: watch::Sender<()>,
    /// The framed KEYS, for edges.
    keys: ArcSwap<Bytes>,
}

impl Environment {
    pub(crate) fn new(
        id: EnvironmentId,
        project: Key,
        key: Key,
        tenant: Arc<TenantHandle>,
        snapshot: EnvironmentSnapshot,
    ) -> Self {
        Self {
            id,
            project,
            key,
            tenant,
            connections: ConnectionCounts::default(),
            resume_floor: tokio::sync::Mutex::default(),
            snapshot: ArcSwap::from_pointee(snapshot),
            changed: watch::Sender::default(),
            keys: ArcSwap::default(),
        }
    }

    /// The environment's name for people and telemetry: `project/environment`.
    pub(crate) fn flag_set(&self) -> String {
        format!("{}/{}", self.project, self.key)
    }

    /// The newest state.
    pub(crate) fn snapshot(&self) -> Arc<EnvironmentSnapshot> {
        self.snapshot.load_full()
    }

    /// Only for the tenant's actor.
    pub(crate) fn publish(&self, snapshot: EnvironmentSnapshot) {
        self.snapshot.store(Arc::new(snapshot));
        self.wake();
    }

    /// Makes followers check for changes.
    pub(crate) fn wake(&self) {
        self.changed.send_replace(());
    }

    /// Wakes followers.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// The framed KEYS.
    pub(crate) fn keys(&self) -> Bytes {
        Bytes::clone(&self.keys.load())
    }

    /// Only for the tenant's actor. Returns whether an edge may have received other keys.
    pub(crate) fn publish_keys(&self, keys: Vec<KeyTerms>) -> bool {
        let list = KeyList {
            id: self.id.to_string(),
            project: self.project.to_string(),
            environment: self.key.to_string(),
            keys,
        };
        let frame = frames::binary(&ServerFrame::Keys(list).encode());
        let former = self.keys.swap(Arc::new(frame.clone()));
        !former.is_empty() && *former != frame
    }
}

/// The newest version that the log can no longer resume from. Logs only get shorter, so within an epoch this version
/// never decreases.
#[derive(Debug, Default)]
pub(crate) struct ResumeFloor(Option<Resume>);

impl ResumeFloor {
    /// Whether the log is known to be unable to resume from `resume`.
    pub(crate) fn rules_out(&self, resume: &Resume) -> bool {
        let known = self.0.as_ref();
        known.is_some_and(|known| known.epoch == resume.epoch && resume.version <= known.version)
    }

    /// Records that the log cannot resume from `resume` or any version before it.
    pub(crate) fn raise(&mut self, resume: &Resume) {
        if !self.rules_out(resume) {
            self.0 = Some(resume.clone());
        }
    }
}
