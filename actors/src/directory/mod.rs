//! The way to what may not be in memory: tenants, keys, and the log behind a client that resumes.
//!
//! Unlike the registry it may wait, for the database or for a tenant's actor, so actors never call it; connections, HTTP
//! requests and the hub's handle do. It outlives every actor but the root.

mod keys;
mod resume;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use peekaboo_protocol::Batch;
use peekaboo_storage::{EnvironmentId, OrganizationId};
use ractor::DerivedActorRef;
use tokio::sync::{Semaphore, oneshot, watch};

use crate::error::{Error, Result};
use crate::ingest::{EventsError, Ingest, OnRecorded};
use crate::live::{Environment, LiveKey, Tenant, TenantMessage, Wanted};
use crate::registry::Registry;
use crate::source::Source;

/// Connections that are being welcomed use at most this many of the database's connections.
const LOOKUPS: usize = 4;

/// How often a load is asked for whose actor ended without an answer.
const LOADS: usize = 3;

pub(crate) struct Directory {
    pub(crate) registry: Arc<Registry>,
    lookups: Semaphore,
    /// Set once, when the hub starts.
    root: OnceLock<DerivedActorRef<Load>>,
    ingest: Ingest,
    draining: AtomicBool,
    /// Over how long followers are to leave, once the hub drains; each of them holds a receiver.
    followers: watch::Sender<Option<Duration>>,
    stopping: AtomicBool,
}

/// Asks the root to bring a tenant's structure into memory; answered when it is there, or cannot be.
pub(crate) struct Load {
    pub(crate) organization: OrganizationId,
    pub(crate) reply: oneshot::Sender<Result<()>>,
}

impl Directory {
    pub(crate) fn new(registry: Arc<Registry>) -> Self {
        Self {
            ingest: Ingest::start(registry.source.clone(), &registry.config),
            registry,
            lookups: Semaphore::new(LOOKUPS),
            root: OnceLock::new(),
            draining: AtomicBool::new(false),
            followers: watch::Sender::default(),
            stopping: AtomicBool::new(false),
        }
    }

    pub(crate) fn set_root(&self, root: DerivedActorRef<Load>) {
        let _ = self.root.set(root);
    }

    /// A tenant whose structure is in memory, loaded from storage if it is not.
    pub(crate) async fn tenant(&self, organization: OrganizationId) -> Result<Arc<Tenant>> {
        for _ in 0..LOADS {
            if let Some(tenant) = self.loaded(organization) {
                return Ok(tenant);
            }
            self.load(organization).await?;
        }
        self.loaded(organization).ok_or(Error::Interrupted)
    }

    fn loaded(&self, organization: OrganizationId) -> Option<Arc<Tenant>> {
        let tenant = self.registry.tenant(organization)?;
        tenant.is_loaded().then(|| {
            tenant.handle.touch();
            tenant
        })
    }

    /// An environment of a tenant, loaded if it is not in memory; `None` where the structure that is held does not list it.
    pub(crate) async fn environment(
        &self,
        organization: OrganizationId,
        environment: EnvironmentId,
    ) -> Result<Option<Arc<Environment>>> {
        let tenant = self.tenant(organization).await?;
        if let Some(environment) = tenant.environment(environment) {
            return Ok(Some(environment));
        }
        let tenant = self
            .want(organization, Wanted::Environment(environment))
            .await?;
        Ok(tenant.environment(environment))
    }

    /// Has a part of a tenant loaded if the structure that is held lists it and it is not in memory.
    async fn want(&self, organization: OrganizationId, wanted: Wanted) -> Result<Arc<Tenant>> {
        for _ in 0..LOADS {
            let tenant = self.tenant(organization).await?;
            let (reply, answer) = oneshot::channel();
            // An actor that fails or leaves gives no answer; its successor does.
            if tenant.handle.tell(TenantMessage::Want(wanted, reply))
                && let Ok(answer) = answer.await
            {
                return answer.map(|()| tenant);
            }
        }
        Err(Error::Interrupted)
    }

    async fn load(&self, organization: OrganizationId) -> Result<()> {
        if self.stopping.load(Ordering::Acquire) {
            return Err(Error::ShuttingDown);
        }
        let root = self.root.get().ok_or(Error::ShuttingDown)?;
        let (reply, answer) = oneshot::channel();
        let load = Load {
            organization,
            reply,
        };
        root.cast(load).map_err(|_| Error::ShuttingDown)?;
        // No answer comes from an actor that was just leaving; its successor gives one.
        answer.await.unwrap_or(Ok(()))
    }

    /// Asks storage, unless the database is known not to answer, or becomes so while this waits its turn.
    async fn ask<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        let mut stale = self.registry.source.staleness();
        let is_database = matches!(self.registry.source, Source::Storage(_));
        let answer = async {
            let _permit = self.lookups.acquire().await.ok()?;
            Some(question.await)
        };
        tokio::select! {
            biased;
            Ok(_) = stale.wait_for(|stale| *stale), if is_database => None,
            answer = answer => answer,
        }
    }

    // Events

    /// Queues a batch that was sent under a key. Never waits: `on_recorded` is called once the batch is durable, or can
    /// never be counted.
    pub(crate) fn take_events(
        &self,
        key: &LiveKey,
        batch: Batch,
        on_recorded: OnRecorded,
    ) -> Result<(), EventsError> {
        self.ingest
            .offer(key, batch, (self.registry.config.clock)(), on_recorded)
    }

    /// Writes what was taken, as far as there is time, and takes no more.
    pub(crate) async fn finish_events(&self, within: Duration) {
        self.ingest.finish(within).await;
    }

    // Leaving

    /// No tenant is loaded from here on.
    pub(crate) fn start_stopping(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    /// What tells a follower to leave, and tells the hub when all have left.
    pub(crate) fn followers(&self) -> watch::Receiver<Option<Duration>> {
        self.followers.subscribe()
    }

    /// Has followers leave, each at its own time within the window; returns when all have.
    pub(crate) async fn send_followers_away(&self, window: Duration) {
        self.followers.send_replace(Some(window));
        self.followers.closed().await;
    }

    /// Has everyone wait who would ask the database.
    #[cfg(test)]
    pub(crate) async fn hold_lookups(&self) -> tokio::sync::SemaphorePermit<'_> {
        let all = u32::try_from(LOOKUPS).expect("a few");
        self.lookups.acquire_many(all).await.expect("never closed")
    }
}
