//! What a key opens, for those who come by HTTP: an environment's newest state, and the way in for events.

use std::sync::Arc;

use peekaboo_protocol::{Batch, CloseCode};
use peekaboo_storage::{EnvironmentId, OrganizationId, SdkKeyId, SdkKeyKind};
use tokio::sync::oneshot;

use crate::Hub;
use crate::directory::Directory;
use crate::environment::EnvironmentSnapshot;
use crate::ingest::{EventsError, Waiting};
use crate::keys::LiveKey;

/// A key that was good when it was presented; clones share it.
#[derive(Clone)]
pub struct Access {
    key: Arc<LiveKey>,
    directory: Arc<Directory>,
}

impl Hub {
    /// The access that a key gives a request from a page of this origin; otherwise why the stream would be closed.
    ///
    /// Only a key of an organisation that is not in memory costs a query.
    pub async fn access(&self, key: &str, origin: Option<&str>) -> Result<Access, CloseCode> {
        let directory = self.directory();
        let key = directory.authenticate(key, origin).await?;
        Ok(Access {
            key,
            directory: directory.clone(),
        })
    }
}

impl Access {
    /// Whether rules may be shown (server), or values of client-visible flags alone.
    pub fn kind(&self) -> SdkKeyKind {
        self.key.kind()
    }

    /// The key, for rates.
    pub fn key(&self) -> SdkKeyId {
        self.key.id()
    }

    /// Whose environment it is.
    pub fn organization(&self) -> OrganizationId {
        self.key.environment().tenant.organization
    }

    /// The environment.
    pub fn environment(&self) -> EnvironmentId {
        self.key.environment().id
    }

    /// The environment's newest state, without a lock.
    pub fn snapshot(&self) -> Arc<EnvironmentSnapshot> {
        self.key.environment().snapshot()
    }

    /// Whether the key still opens anything: it may be revoked or expire while a request lasts.
    pub fn is_live(&self) -> bool {
        self.key.is_live((self.directory.config.clock)())
    }

    /// Counts a batch; it is durable when this answers.
    pub async fn record(&self, batch: Batch) -> Result<(), EventsError> {
        let (reply, durable) = oneshot::channel();
        self.directory
            .take_events(&self.key, batch, Waiting::Request(reply))?;
        durable.await.map_err(|_| EventsError::Busy)
    }
}
