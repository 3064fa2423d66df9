//! The SDK keys of tenants in memory, and recent lookups of unknown or revoked keys.
//!
//! A tenant's actor adds and removes only the tenant's own keys. The tenant lists them, so no one searches the ring.
//! Keys survive a restart of that actor: connections hold them, so a successor adopts the existing keys instead of
//! creating new ones.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use dashmap::{DashMap, Entry};
use foldhash::fast::RandomState;
use governor::Quota;
use peekaboo_protocol::CloseCode;
use peekaboo_storage::{KeyRecord, SdkKeyId, SecretHash};
use tokio::time::Instant;

use super::environment::Environment;
use super::key::LiveKey;
use crate::config::HubConfig;

/// How long an invalid key is not looked up again.
const UNKNOWN_FOR: Duration = Duration::from_secs(2);

/// The number of invalid keys to remember.
const MAX_UNKNOWN: usize = 10_000;

pub(crate) struct Keyring {
    by_hash: DashMap<SecretHash, Arc<LiveKey>, RandomState>,
    /// The same keys by the id in tickets.
    by_id: DashMap<SdkKeyId, Arc<LiveKey>, RandomState>,
    unknown: Mutex<HashMap<SecretHash, Unknown, RandomState>>,
    /// The rate limit of a key's HTTP requests.
    requests: Quota,
}

/// An invalid key, as found by a lookup.
struct Unknown {
    since: Instant,
    /// The close code for a client that presents it.
    code: CloseCode,
}

impl Keyring {
    pub(crate) fn new(config: &HubConfig) -> Self {
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(at_least_one(config.requests_per_second_per_key))
            .allow_burst(at_least_one(config.request_burst_per_key));
        Self {
            by_hash: DashMap::default(),
            by_id: DashMap::default(),
            unknown: Mutex::default(),
            requests,
        }
    }

    pub(crate) fn key(&self, hash: &SecretHash) -> Option<Arc<LiveKey>> {
        self.by_hash.get(hash).map(|key| key.clone())
    }

    pub(crate) fn key_by_id(&self, id: SdkKeyId) -> Option<Arc<LiveKey>> {
        self.by_id.get(&id).map(|key| key.clone())
    }

    /// Adds a key to the ring. If the ring already contains it, the existing key gets the record's terms.
    pub(crate) fn adopt(&self, record: KeyRecord, environment: &Arc<Environment>) -> Arc<LiveKey> {
        match self.by_hash.entry(record.hash) {
            Entry::Occupied(held) if Arc::ptr_eq(held.get().environment(), environment) => {
                held.get().update(record);
                held.get().clone()
            }
            entry => {
                let key = Arc::new(LiveKey::new(record, environment.clone(), self.requests));
                entry.insert(key.clone());
                self.by_id.insert(key.id(), key.clone());
                key
            }
        }
    }

    pub(crate) fn remove(&self, key: &Arc<LiveKey>) {
        let is_same = |present: &Arc<LiveKey>| Arc::ptr_eq(present, key);
        self.by_hash
            .remove_if(&key.hash(), |_, present| is_same(present));
        self.by_id
            .remove_if(&key.id(), |_, present| is_same(present));
    }

    /// Why a recent lookup found a key to be invalid, if there was one.
    pub(crate) fn refusal(&self, hash: &SecretHash) -> Option<CloseCode> {
        let unknown = self.unknown();
        let found = unknown.get(hash)?;
        (found.since.elapsed() < UNKNOWN_FOR).then_some(found.code)
    }

    /// Records that a key is invalid: unknown or revoked.
    pub(crate) fn remember_refusal(&self, hash: SecretHash, code: CloseCode) {
        let mut unknown = self.unknown();
        if unknown.len() >= MAX_UNKNOWN {
            unknown.retain(|_, found| found.since.elapsed() < UNKNOWN_FOR);
        }
        // If all entries are recent, further unknown keys are looked up in the database, a few at a time.
        if unknown.len() < MAX_UNKNOWN {
            let since = Instant::now();
            unknown.insert(hash, Unknown { since, code });
        }
    }

    fn unknown(&self) -> MutexGuard<'_, HashMap<SecretHash, Unknown, RandomState>> {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
