//! SDK keys of tenants in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use peekaboo_protocol::{CloseCode, KeyTerms};
use peekaboo_storage::{KeyRecord, SdkKeyId, SdkKeyKind, SecretHash};
use time::OffsetDateTime;

use super::environment::Environment;
use super::origin;

/// A key of a tenant in memory.
pub(crate) struct LiveKey {
    id: SdkKeyId,
    hash: SecretHash,
    kind: SdkKeyKind,
    terms: ArcSwap<Terms>,
    environment: Arc<Environment>,
    /// Set for good once the key is no longer on its tenant's list.
    revoked: AtomicBool,
    connections: AtomicUsize,
    /// Requests by HTTP; one word, and no lock.
    requests: DefaultDirectRateLimiter,
    /// Someone connected or asked since it was last noted.
    used: AtomicBool,
}

/// What of a key may be changed.
struct Terms {
    origins: Vec<String>,
    expires_at: Option<OffsetDateTime>,
}

impl LiveKey {
    pub(crate) fn new(record: KeyRecord, environment: Arc<Environment>, requests: Quota) -> Self {
        let KeyRecord {
            id,
            hash,
            kind,
            origins,
            expires_at,
            ..
        } = record;
        Self {
            id,
            hash,
            kind,
            terms: ArcSwap::from_pointee(Terms {
                origins,
                expires_at,
            }),
            environment,
            revoked: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            requests: RateLimiter::direct(requests),
            used: AtomicBool::new(false),
        }
    }

    /// Takes the terms of a newer record of the same key.
    pub(crate) fn update(&self, record: KeyRecord) {
        let KeyRecord {
            origins,
            expires_at,
            ..
        } = record;
        self.terms.store(Arc::new(Terms {
            origins,
            expires_at,
        }));
    }

    pub(crate) fn id(&self) -> SdkKeyId {
        self.id
    }

    pub(crate) fn hash(&self) -> SecretHash {
        self.hash
    }

    pub(crate) fn kind(&self) -> SdkKeyKind {
        self.kind
    }

    pub(crate) fn expires_at(&self) -> Option<OffsetDateTime> {
        self.terms.load().expires_at
    }

    /// Whether the key is in use, or was since this was last asked.
    pub(crate) fn take_used(&self) -> bool {
        self.used.swap(false, Ordering::Relaxed) || self.connections.load(Ordering::Relaxed) > 0
    }

    /// Someone connected or asked by it, here or at an edge.
    pub(crate) fn note_used(&self) {
        // Read first: what no one writes, every core has at hand.
        if !self.used.load(Ordering::Relaxed) {
            self.used.store(true, Ordering::Relaxed);
        }
    }

    /// Counts a request by HTTP; otherwise in how long there is room for one.
    pub(crate) fn admit(&self) -> Result<(), Duration> {
        self.requests
            .check()
            .map_err(|full| full.wait_time_from(DefaultClock::default().now()))
    }

    /// What an edge must know of it.
    pub(crate) fn terms(&self) -> KeyTerms {
        let terms = self.terms.load();
        let micros = |expiry: OffsetDateTime| {
            u64::try_from(expiry.unix_timestamp_nanos() / 1_000).unwrap_or_default()
        };
        KeyTerms {
            id: self.id.to_string(),
            is_server: self.kind == SdkKeyKind::Server,
            hash: *self.hash.as_bytes(),
            origins: terms.origins.clone(),
            expires_at_micros: terms.expires_at.map(micros),
        }
    }

    pub(crate) fn environment(&self) -> &Arc<Environment> {
        &self.environment
    }

    /// Counts a connection under the key; answers how many there are now.
    pub(super) fn enter(&self) -> usize {
        self.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    pub(super) fn leave(&self) {
        self.connections.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn revoke(&self) {
        self.revoked.store(true, Ordering::Release);
    }

    /// Whether the key opens anything at `now`.
    pub(crate) fn is_live(&self, now: OffsetDateTime) -> bool {
        !self.revoked.load(Ordering::Acquire) && self.expires_at().is_none_or(|expiry| now < expiry)
    }

    /// Whether a connection may use this key; says nothing yet of limits.
    pub(crate) fn check(&self, origin: Option<&str>, now: OffsetDateTime) -> Result<(), CloseCode> {
        if !self.is_live(now) {
            return Err(CloseCode::KeyRevoked);
        }
        if self.kind() == SdkKeyKind::Client && !origin::allowed(&self.terms.load().origins, origin)
        {
            return Err(CloseCode::ForbiddenOrigin);
        }
        Ok(())
    }
}
