//! Tracks when each key of a tenant expires.

use std::collections::BTreeMap;
use std::sync::Arc;

use peekaboo_storage::SdkKeyId;
use time::OffsetDateTime;

use crate::live::LiveKey;

/// The keys that expire, by time.
#[derive(Default)]
pub(super) struct Expiries(BTreeMap<(OffsetDateTime, SdkKeyId), Arc<LiveKey>>);

impl Expiries {
    /// Records when a key expires, if it does.
    pub(super) fn note(&mut self, key: &Arc<LiveKey>) {
        if let Some(expires_at) = key.expires_at() {
            self.0.insert((expires_at, key.id()), key.clone());
        }
    }

    /// Removes a key, before it changes or is revoked.
    pub(super) fn forget(&mut self, key: &LiveKey) {
        if let Some(expires_at) = key.expires_at() {
            self.0.remove(&(expires_at, key.id()));
        }
    }

    /// Removes and returns the keys that have expired by `now`.
    pub(super) fn take_expired(&mut self, now: OffsetDateTime) -> Vec<Arc<LiveKey>> {
        let mut expired = Vec::new();
        while let Some(first) = self.0.first_entry()
            && first.key().0 <= now
        {
            expired.push(first.remove());
        }
        expired
    }

    /// When the next key expires.
    pub(super) fn next(&self) -> Option<OffsetDateTime> {
        self.0.keys().next().map(|(expires_at, _)| *expires_at)
    }
}
