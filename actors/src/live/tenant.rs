//! A tenant in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use arc_swap::ArcSwap;
use peekaboo_protocol::Resume;
use peekaboo_storage::{EnvironmentId, Hint, OrganizationId};

use super::environment::Environment;
use super::handle::TenantHandle;
use super::hints::Hints;
use crate::metrics::{Counted, Metrics};

/// The revision of a structure that was never read.
const UNREAD: i64 = i64::MIN;

/// A tenant in the registry.
pub(crate) struct Tenant {
    pub(crate) handle: Arc<TenantHandle>,
    environments: ArcSwap<HashMap<EnvironmentId, Arc<Environment>>>,
    loaded: AtomicBool,
    revision: AtomicI64,
    _counted: Counted,
}

impl Tenant {
    pub(crate) fn new(organization: OrganizationId, metrics: &Metrics) -> Self {
        Self {
            handle: Arc::new(TenantHandle::new(organization)),
            environments: ArcSwap::default(),
            loaded: AtomicBool::new(false),
            revision: AtomicI64::new(UNREAD),
            _counted: metrics.tenant(),
        }
    }

    pub(crate) fn is_loaded(&self) -> bool {
        self.loaded.load(Ordering::Acquire)
    }

    /// The revision of the structure that is served.
    pub(crate) fn revision(&self) -> i64 {
        self.revision.load(Ordering::Acquire)
    }

    /// Whether this version of an environment, or a later one of the same history, is served.
    fn holds(&self, environment: EnvironmentId, version: &Resume) -> bool {
        self.environment(environment).is_some_and(|environment| {
            let snapshot = environment.snapshot();
            snapshot.epoch == version.epoch && snapshot.version >= version.version
        })
    }

    /// Whether a hint says nothing new, as after every command of this node.
    pub(crate) fn knows(&self, hint: &Hint) -> bool {
        let mut hints = Hints::default();
        hints.add(hint);
        !hints.concern_all(self.revision()) && self.behind(&hints).is_empty()
    }

    /// The environments whose logs must be read because of these hints.
    pub(crate) fn behind(&self, hints: &Hints) -> Vec<EnvironmentId> {
        hints.behind(|environment, version| self.holds(environment, version))
    }

    pub(crate) fn environment(&self, id: EnvironmentId) -> Option<Arc<Environment>> {
        self.environments.load().get(&id).cloned()
    }

    /// Only for the tenant's actor. Whether this is the first load.
    pub(crate) fn finish_loading(&self) -> bool {
        !self.loaded.swap(true, Ordering::AcqRel)
    }

    /// Only for the tenant's actor: publishes a structure. Answers whether watchers may have seen another revision.
    pub(crate) fn publish(
        &self,
        environments: HashMap<EnvironmentId, Arc<Environment>>,
        revision: i64,
    ) -> bool {
        self.environments.store(Arc::new(environments));
        let former = self.revision.swap(revision, Ordering::AcqRel);
        former != revision && former != UNREAD
    }

    pub(crate) fn environments(&self) -> Arc<HashMap<EnvironmentId, Arc<Environment>>> {
        self.environments.load_full()
    }
}
