//! What this node holds in memory: tenants, their keys, and the shards that serve them.
//!
//! Lookups never wait, and take no lock that a writer holds for longer than an insertion. The root adds tenants; a
//! tenant's actor, or the root if that actor has ended, removes them. The registry and its content outlive every actor
//! except the root: a restarted actor finds its tenant, environments, snapshots, keys and connections here, and only
//! reads what changed since.

use std::sync::Arc;

use dashmap::DashMap;
use peekaboo_storage::OrganizationId;

use crate::config::HubConfig;
use crate::live::{Keyring, ReadPermits, Tenant};
use crate::metrics::Metrics;
use crate::shard::Shards;
use crate::source::{SnapshotFolder, Source};

pub(crate) struct Registry {
    pub(crate) config: Arc<HubConfig>,
    pub(crate) source: Source,
    pub(crate) metrics: Metrics,
    pub(crate) shards: Shards,
    pub(crate) snapshots: Option<SnapshotFolder>,
    pub(crate) keys: Keyring,
    pub(crate) turns: ReadPermits,
    tenants: DashMap<OrganizationId, Arc<Tenant>, foldhash::fast::RandomState>,
    /// Makes the feed panic at the next hint.
    #[cfg(test)]
    pub(crate) poison: std::sync::atomic::AtomicBool,
}

impl Registry {
    pub(crate) fn new(config: HubConfig, source: Source) -> Self {
        Self {
            shards: Shards::new(config.shards.max(1)),
            snapshots: config.snapshots.clone().map(SnapshotFolder::new),
            keys: Keyring::new(&config),
            turns: ReadPermits::new(config.shards),
            config: Arc::new(config),
            source,
            metrics: Metrics::new(),
            tenants: DashMap::default(),
            #[cfg(test)]
            poison: std::sync::atomic::AtomicBool::default(),
        }
    }

    /// A tenant that is in memory, loaded or about to be.
    pub(crate) fn tenant(&self, organization: OrganizationId) -> Option<Arc<Tenant>> {
        self.tenants.get(&organization).map(|tenant| tenant.clone())
    }

    pub(crate) fn tenants(&self) -> Vec<Arc<Tenant>> {
        self.tenants.iter().map(|tenant| tenant.clone()).collect()
    }

    /// Only for the root.
    pub(crate) fn insert(&self, tenant: Arc<Tenant>) {
        self.tenants.insert(tenant.handle.organization, tenant);
    }

    /// Removes a tenant and its keys, unless another has taken its place.
    pub(crate) fn remove(&self, tenant: &Arc<Tenant>) {
        self.tenants
            .remove_if(&tenant.handle.organization, |_, present| {
                Arc::ptr_eq(present, tenant)
            });
        for key in tenant.take_keys() {
            self.keys.remove(&key);
        }
    }

    /// Whether the database is known to be down. An edge's mirror always responds.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.source, Source::Storage(_)) && *self.source.staleness().borrow()
    }
}
