//! A tenant in memory.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use peekaboo_storage::{EnvironmentId, Hint, OrganizationId};

use super::environment::Environment;
use super::handle::TenantHandle;
use super::hints::{Hints, Newest};
use super::key::LiveKey;
use crate::metrics::{Counted, Metrics};

/// The revision of a structure that was never read.
const UNREAD: i64 = i64::MIN;

/// A tenant in the registry.
pub(crate) struct Tenant {
    pub(crate) handle: Arc<TenantHandle>,
    environments: ArcSwap<HashMap<EnvironmentId, Arc<Environment>>>,
    /// The keys of those environments.
    keys: Mutex<HashMap<EnvironmentId, Box<[Arc<LiveKey>]>>>,
    loaded: AtomicBool,
    revision: AtomicI64,
    _counted: Counted,
}

impl Tenant {
    pub(crate) fn new(organization: OrganizationId, metrics: &Metrics) -> Self {
        Self {
            handle: Arc::new(TenantHandle::new(organization)),
            environments: ArcSwap::default(),
            keys: Mutex::default(),
            loaded: AtomicBool::new(false),
            revision: AtomicI64::new(UNREAD),
            _counted: metrics.tenant(),
        }
    }

    /// Whether the structure has been read. Environments are loaded one by one afterwards.
    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// The revision of the published structure.
    pub(crate) fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Whether this version of an environment, or a later one of the same history, is published.
    fn holds(&self, environment: EnvironmentId, newest: &Newest) -> bool {
        self.environment(environment).is_some_and(|environment| {
            let snapshot = environment.snapshot();
            newest.is_held_at(&snapshot.epoch, snapshot.version)
        })
    }

    /// Whether a hint contains nothing new, as after every command of this node.
    pub(crate) fn knows(&self, hint: &Hint) -> bool {
        let mut hints = Hints::default();
        hints.add(hint);
        !hints.concern_structure(self.revision()) && self.behind(&hints).is_empty()
    }

    /// The environments whose logs must be read because of these hints, with the announced versions.
    pub(crate) fn behind(&self, hints: &Hints) -> Vec<(EnvironmentId, Newest)> {
        hints.behind(|environment, newest| self.holds(environment, newest))
    }

    pub(crate) fn environment(&self, id: EnvironmentId) -> Option<Arc<Environment>> {
        self.environments.load().get(&id).cloned()
    }

    /// Only for the tenant's actor. Whether this is the first load.
    pub(crate) fn finish_loading(&self) -> bool {
        !self.loaded.swap(true, Ordering::AcqRel)
    }

    /// Only for the tenant's actor: publishes a structure. Returns whether watchers may have seen another revision.
    pub(crate) fn publish(
        &self,
        environments: HashMap<EnvironmentId, Arc<Environment>>,
        revision: i64,
    ) -> bool {
        self.environments.store(Arc::new(environments));
        let former = self.revision.swap(revision, Ordering::AcqRel);
        former != revision && former != UNREAD
    }

    /// Only for the tenant's actor: the environments are up to date with this revision.
    pub(crate) fn set_revision(&self, revision: i64) {
        self.revision.store(revision, Ordering::Release);
    }

    /// Only for the tenant's actor: adds a loaded environment.
    pub(crate) fn add(&self, environment: Arc<Environment>) {
        let mut environments = HashMap::clone(&self.environments.load());
        environments.insert(environment.id, environment);
        self.environments.store(Arc::new(environments));
    }

    /// The keys of an environment.
    pub(crate) fn keys_of(&self, environment: EnvironmentId) -> Box<[Arc<LiveKey>]> {
        self.keys().get(&environment).cloned().unwrap_or_default()
    }

    /// Only for the tenant's actor: replaces the keys of an environment.
    pub(crate) fn set_keys(&self, environment: EnvironmentId, keys: Vec<Arc<LiveKey>>) {
        if keys.is_empty() {
            self.keys().remove(&environment);
        } else {
            self.keys().insert(environment, keys.into());
        }
    }

    /// Every key.
    pub(crate) fn all_keys(&self) -> Vec<Arc<LiveKey>> {
        self.keys().values().flatten().cloned().collect()
    }

    /// Every key, for a tenant that leaves memory.
    pub(crate) fn take_keys(&self) -> Vec<Arc<LiveKey>> {
        let keys = std::mem::take(&mut *self.keys());
        keys.into_values().flatten().collect()
    }

    fn keys(&self) -> MutexGuard<'_, HashMap<EnvironmentId, Box<[Arc<LiveKey>]>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn environments(&self) -> Arc<HashMap<EnvironmentId, Arc<Environment>>> {
        self.environments.load_full()
    }
}
