//! An accepted connection that is included in all counts.

use std::sync::Arc;

use peekaboo_protocol::CloseCode;
use time::OffsetDateTime;

use super::key::LiveKey;
use crate::config::HubConfig;
use crate::metrics::{Counted, Metrics};

/// Counts one accepted connection everywhere that connections are counted, while it exists.
///
/// It is dropped with its slot, also when a shard panics, so no count can drift.
pub(crate) struct CountedConnection {
    key: Arc<LiveKey>,
    sdk: Arc<str>,
    _counted: Counted,
}

impl CountedConnection {
    /// Accepts a connection, unless its key was revoked, its tenant is leaving memory, or a limit is reached.
    pub(crate) fn new(
        key: Arc<LiveKey>,
        sdk: &str,
        config: &HubConfig,
        metrics: &Metrics,
        now: OffsetDateTime,
    ) -> Result<Self, CloseCode> {
        if !key.is_live(now) {
            return Err(CloseCode::KeyRevoked);
        }
        // Counted first and checked afterwards: if a check fails, dropping the guard undoes all counts.
        let environment = key.environment().clone();
        let of_key = key.enter();
        let of_tenant = environment.tenant.enter();
        let sdk = environment.connections.enter(key.kind(), sdk);
        let presence = Self {
            _counted: metrics.connection(key.kind()),
            key,
            sdk,
        };
        if environment.tenant.is_resting() {
            return Err(CloseCode::Resync);
        }
        if of_key > config.max_connections_per_key || of_tenant > config.max_connections_per_tenant
        {
            return Err(CloseCode::TooManyConnections);
        }
        presence.key.note_used();
        environment.tenant.connections_moved();
        Ok(presence)
    }

    pub(crate) fn key(&self) -> &LiveKey {
        &self.key
    }
}

impl Drop for CountedConnection {
    fn drop(&mut self) {
        let environment = self.key.environment();
        environment.connections.leave(self.key.kind(), &self.sdk);
        self.key.leave();
        environment.tenant.leave();
        environment.tenant.connections_moved();
    }
}
