//! A tenant's periodic work: reports connections, lets keys expire, records their use, and lets idle tenants leave
//! memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::state::State;
use crate::live::{TenantEvent, TenantMessage as Message};

/// The minimum time between reports to storage of which keys are in use.
const NOTE_EVERY: Duration = Duration::from_mins(1);

/// The minimum time between reports of connections to watchers.
const REPORT_EVERY: Duration = Duration::from_secs(1);

impl State {
    pub(super) fn connections_moved(&mut self, now: Instant) {
        let since = self.reported.map(|reported| now - reported);
        match since.and_then(|since| REPORT_EVERY.checked_sub(since)) {
            None => self.report_connections(now),
            Some(wait) => {
                self.myself.send_after(wait, || Message::ReportConnections);
            }
        }
    }

    /// Notifies watchers of the environments whose counts have changed.
    pub(super) fn report_connections(&mut self, now: Instant) {
        self.reported = Some(now);
        self.tenant.handle.expect_moves();
        for environment in self.tenant.environments().values() {
            let counts = (
                environment.connections.server(),
                environment.connections.client(),
            );
            if self
                .counted
                .insert(environment.id, counts)
                .unwrap_or_default()
                != counts
            {
                let watchers = &self.tenant.handle.watchers;
                watchers.announce(|| TenantEvent::Connections {
                    project: environment.project.to_string(),
                    environment: environment.key.to_string(),
                    server: counts.0,
                    client: counts.1,
                });
            }
        }
    }

    /// Closes the connections of expired keys, and waits for the next one to expire.
    pub(super) fn expire_keys(&mut self) {
        let now = self.now();
        let expired = self.expiries.take_expired(now);
        let environments: HashMap<_, _> = expired
            .iter()
            // Also if no connection is counted yet: one may be about to be accepted.
            .map(|key| (key.environment().id, key.environment()))
            .collect();
        for environment in environments.values() {
            self.tell_keys_died(environment);
        }
        if let Some(timer) = self.expiry.take() {
            timer.abort();
        }
        if let Some(next) = self.expiries.next() {
            let wait = Duration::try_from(next - now).unwrap_or_default();
            let myself = self.myself.clone();
            self.expiry = Some(tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                let _ = myself.cast(Message::KeysExpire);
            }));
        }
    }

    /// Records that keys are in use at an edge.
    pub(super) fn note_used(&self, ids: &[String]) {
        let ids = ids.iter().filter_map(|id| id.parse().ok());
        for key in ids.filter_map(|id| self.registry.keys.key_by_id(id)) {
            if Arc::ptr_eq(&key.environment().tenant, &self.tenant.handle) {
                key.note_used();
            }
        }
    }

    /// Does what can wait: records which keys are in use, and leaves memory if no one needs this tenant.
    pub(super) fn housekeep(&mut self, now: Instant) {
        if self.noted.is_none_or(|noted| now - noted >= NOTE_EVERY) {
            self.note_uses(now);
        }
        let idle = self.registry.config.tenant_idle_timeout;
        if !self.loads.are_awaited() && self.tenant.handle.try_rest(idle) {
            self.registry.remove(&self.tenant);
            self.done = true;
        }
    }

    /// Records in storage which keys are in use, without waiting for it.
    fn note_uses(&mut self, now: Instant) {
        let mut used = self.tenant.all_keys();
        used.retain(|key| key.take_used());
        if used.is_empty() {
            return;
        }
        self.noted = Some(now);
        let (registry, at) = (self.registry.clone(), self.now());
        tokio::spawn(async move {
            let noted: Vec<_> = used.iter().map(|key| (key.id(), at)).collect();
            if let Err(error) = registry.source.touch_sdk_keys(&noted).await {
                tracing::debug!(%error, "cannot record when keys were last used; retrying later");
                for key in used {
                    key.note_used();
                }
            }
        });
    }
}
