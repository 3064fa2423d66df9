//! The access of a key over HTTP: an environment's newest state, and the way to report events.

mod follower;
mod ticket;

use std::sync::Arc;
use std::time::Duration;

use peekaboo_protocol::{Batch, CloseCode, Resume};
use peekaboo_storage::{EnvironmentId, OrganizationId, SdkKeyId, SdkKeyKind};
use tokio::sync::oneshot;
use tokio::time::timeout;

pub use self::follower::{Follower, Notice};
use self::ticket::Ticket;
use crate::directory::Directory;
use crate::ingest::EventsError;
use crate::live::LiveKey;
use crate::state::EnvironmentSnapshot;

/// How long a request waits for its batch to be written, before its sender is asked to send it again.
const RECORDED_WITHIN: Duration = Duration::from_secs(10);

/// How long a request waits for a version that another node announced. A node that missed the hint polls the log once a
/// second.
const REACHED_WITHIN: Duration = Duration::from_millis(1_500);

/// A key that was valid when it was presented; clones share it.
#[derive(Clone)]
pub struct Access {
    key: Arc<LiveKey>,
    directory: Arc<Directory>,
}

impl Access {
    /// Authenticates a key that a request presented from a page of this origin; the error is the close code that a
    /// stream would get.
    pub(crate) async fn by_key(
        directory: &Arc<Directory>,
        key: &str,
        origin: Option<&str>,
    ) -> Result<Self, CloseCode> {
        let key = directory.authenticate(key, origin).await?;
        Ok(Self::of(key, directory))
    }

    /// The same for a ticket from [`Access::ticket`], created here or on another node.
    pub(crate) async fn by_ticket(
        directory: &Arc<Directory>,
        ticket: &str,
        origin: Option<&str>,
    ) -> Result<Self, CloseCode> {
        let ticket = Ticket::decode(ticket).ok_or(CloseCode::InvalidKey)?;
        let key = directory.key_by_id(ticket.organization, ticket.key).await?;
        let now = (directory.registry.config.clock)();
        if !ticket.is_good(&key.hash(), now) {
            return Err(CloseCode::InvalidKey);
        }
        key.check(origin, now)?;
        Ok(Self::of(key, directory))
    }

    /// Records that the key is in use.
    fn of(key: Arc<LiveKey>, directory: &Arc<Directory>) -> Self {
        key.note_used();
        key.environment().tenant.note_asked();
        Self {
            key,
            directory: directory.clone(),
        }
    }

    /// Whether the key may read rules (server), or only values of client-visible flags.
    pub fn kind(&self) -> SdkKeyKind {
        self.key.kind()
    }

    /// The key.
    pub fn key(&self) -> SdkKeyId {
        self.key.id()
    }

    /// Counts a request with the key; if the limit is reached, returns how long to wait.
    pub fn admit(&self) -> Result<(), Duration> {
        self.key.admit()
    }

    /// An event stream sends a heartbeat after this time without an event.
    pub fn heartbeat(&self) -> Duration {
        self.directory.registry.config.heartbeat
    }

    /// A credential for an event stream that replaces the key: short-lived, so that it can be in a URL.
    pub fn ticket(&self) -> String {
        let now = (self.directory.registry.config.clock)();
        Ticket::issue(self.organization(), self.key(), &self.key.hash(), now).encode()
    }

    /// The organization of the environment.
    pub fn organization(&self) -> OrganizationId {
        self.key.environment().tenant.organization
    }

    /// The environment.
    pub fn environment(&self) -> EnvironmentId {
        self.key.environment().id
    }

    /// The environment's name for people and telemetry: `project/environment`.
    pub fn flag_set(&self) -> String {
        self.key.environment().flag_set()
    }

    /// The environment's newest state, without a lock.
    pub fn snapshot(&self) -> Arc<EnvironmentSnapshot> {
        self.key.environment().snapshot()
    }

    /// If this node is behind a version that another node announced, waits for it briefly; returns at once while the
    /// database is down.
    pub async fn reach(&self, version: &Resume) {
        let environment = self.key.environment();
        let is_behind = || {
            let snapshot = environment.snapshot();
            snapshot.epoch == version.epoch && snapshot.version < version.version
        };
        if !is_behind() || self.directory.registry.is_stale() {
            return;
        }
        let mut changed = environment.changes();
        let arriving = async { while is_behind() && changed.changed().await.is_ok() {} };
        // After the timeout, respond with the current state.
        let _ = timeout(REACHED_WITHIN, arriving).await;
    }

    /// Whether the key is still valid: it can be revoked or expire during a request.
    pub fn is_live(&self) -> bool {
        self.key.is_live((self.directory.registry.config.clock)())
    }

    /// Counts a batch; it is durable when this returns.
    pub async fn record(&self, batch: Batch) -> Result<(), EventsError> {
        let (reply, recorded) = oneshot::channel();
        let on_recorded = Box::new(move |_: &str, recorded| {
            // The request may have been canceled.
            let _ = reply.send(recorded);
        });
        self.directory.take_events(&self.key, batch, on_recorded)?;
        let recorded = timeout(RECORDED_WITHIN, recorded).await;
        match recorded {
            Ok(Ok(recorded)) => Ok(recorded?),
            // It could not be written, or still waits. The same batch may be sent again.
            Ok(Err(_)) | Err(_) => Err(EventsError::Busy),
        }
    }

    pub(crate) fn live_key(&self) -> &Arc<LiveKey> {
        &self.key
    }

    pub(crate) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }
}
