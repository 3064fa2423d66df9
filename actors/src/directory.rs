//! What every actor and the hub's handle look things up in: loaded tenants, live keys, shards.
//!
//! Reads take no lock that a writer holds for longer than an insertion. Tenants' actors write what they own; the root
//! alone makes and removes tenants.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use dashmap::{DashMap, Entry};
use governor::Quota;
use peekaboo_protocol::{Batch, CloseCode, Resume};
use peekaboo_storage::{ChangesSince, KeyRecord, OrganizationId, SdkKeyId, SecretHash};
use ractor::{ActorRef, MessagingErr};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{Instant, timeout};

use crate::config::HubConfig;
use crate::error::{Error, Result};
use crate::ingest::{EventsError, Ingest, OnDurable};
use crate::live::{Environment, LiveKey};
use crate::metrics::Metrics;
use crate::root::Message as RootMessage;
use crate::shard::Message as ShardMessage;
use crate::source::{SnapshotFolder, Source};
use crate::tenant::{Message as TenantMessage, Tenant, TenantCore};

/// What connections that are being welcomed ask of the database takes at most so many of its connections.
const LOOKUPS: usize = 4;

/// How long a client that resumes waits for the log to be read back, before it gets a snapshot instead.
const REACHED_WITHIN: Duration = Duration::from_secs(3);

/// For how long a key that does not exist is not looked up again.
const UNKNOWN_FOR: Duration = Duration::from_secs(2);

/// How many keys are remembered not to exist.
const MAX_UNKNOWN: usize = 10_000;

/// How often a load is asked for whose actor ended without an answer.
const LOADS: usize = 3;

/// The longest key that is looked up.
const MAX_KEY: usize = 128;

pub(crate) struct Directory {
    pub(crate) config: Arc<HubConfig>,
    pub(crate) source: Source,
    pub(crate) metrics: Metrics,
    pub(crate) shards: Shards,
    pub(crate) snapshots: Option<SnapshotFolder>,
    tenants: DashMap<OrganizationId, Arc<Tenant>, foldhash::fast::RandomState>,
    keys: DashMap<SecretHash, Arc<LiveKey>, foldhash::fast::RandomState>,
    /// The same keys by what tickets call them.
    keys_by_id: DashMap<SdkKeyId, Arc<LiveKey>, foldhash::fast::RandomState>,
    /// What a key may ask by HTTP.
    requests: Quota,
    unknown: Mutex<HashMap<SecretHash, Instant, foldhash::fast::RandomState>>,
    lookups: Semaphore,
    root: OnceLock<ActorRef<RootMessage>>,
    ingest: Ingest,
    draining: AtomicBool,
    /// Over how long followers are to leave, once the hub drains; each of them holds a receiver.
    followers: watch::Sender<Option<Duration>>,
    stopping: AtomicBool,
}

impl Directory {
    pub(crate) fn new(config: HubConfig, source: Source) -> Self {
        let snapshots = config.snapshots.clone().map(SnapshotFolder::new);
        let ingest = Ingest::start(source.clone(), &config);
        let at_least_one = |number: u32| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
        let requests = Quota::per_second(at_least_one(config.requests_per_second_per_key))
            .allow_burst(at_least_one(config.request_burst_per_key));
        Self {
            shards: Shards::new(config.shards.max(1)),
            config: Arc::new(config),
            source,
            metrics: Metrics::new(),
            snapshots,
            tenants: DashMap::default(),
            keys: DashMap::default(),
            keys_by_id: DashMap::default(),
            requests,
            unknown: Mutex::default(),
            lookups: Semaphore::new(LOOKUPS),
            root: OnceLock::new(),
            ingest,
            draining: AtomicBool::new(false),
            followers: watch::Sender::default(),
            stopping: AtomicBool::new(false),
        }
    }

    pub(crate) fn set_root(&self, root: ActorRef<RootMessage>) {
        // Set once, when the hub starts.
        let _ = self.root.set(root);
    }

    pub(crate) fn start_draining(&self) {
        self.draining.store(true, Ordering::Release);
    }

    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Acquire)
    }

    // Followers

    /// What tells a follower to leave, and tells the hub when all have left.
    pub(crate) fn followers(&self) -> watch::Receiver<Option<Duration>> {
        self.followers.subscribe()
    }

    /// Has followers leave, each at its own time within the window; returns when all have.
    pub(crate) async fn send_followers_away(&self, window: Duration) {
        self.followers.send_replace(Some(window));
        self.followers.closed().await;
    }

    /// No tenant is loaded from here on.
    pub(crate) fn start_stopping(&self) {
        self.stopping.store(true, Ordering::Release);
    }

    // Events

    /// Queues a batch that was sent under a key. Never waits: `on_durable` is called once the batch is durable.
    pub(crate) fn take_events(
        &self,
        key: &LiveKey,
        batch: Batch,
        on_durable: OnDurable,
    ) -> Result<(), EventsError> {
        self.ingest
            .offer(key, batch, (self.config.clock)(), on_durable)
    }

    /// Writes what was taken, and takes no more.
    pub(crate) async fn finish_events(&self) {
        self.ingest.finish().await;
    }

    // Tenants

    /// A tenant, from storage where it is not in memory.
    pub(crate) async fn tenant(&self, organization: OrganizationId) -> Result<Arc<Tenant>> {
        if let Some(tenant) = self.tenants.get(&organization)
            && tenant.is_loaded()
        {
            tenant.core.touch();
            return Ok(tenant.clone());
        }
        if self.stopping.load(Ordering::Acquire) {
            return Err(Error::ShuttingDown);
        }
        let root = self.root.get().ok_or(Error::ShuttingDown)?;
        for _ in 0..LOADS {
            let (reply, loaded) = oneshot::channel();
            root.cast(RootMessage::Load(organization, reply))
                .map_err(|_| Error::ShuttingDown)?;
            // No answer comes from an actor that was just leaving; its successor gives one.
            if let Ok(answer) = loaded.await {
                return answer;
            }
        }
        Err(Error::Interrupted)
    }

    /// A tenant that is in memory, loaded or about to be.
    pub(crate) fn present_tenant(&self, organization: OrganizationId) -> Option<Arc<Tenant>> {
        self.tenants.get(&organization).map(|tenant| tenant.clone())
    }

    pub(crate) fn present_tenants(&self) -> Vec<Arc<Tenant>> {
        self.tenants.iter().map(|tenant| tenant.clone()).collect()
    }

    /// Only for the root.
    pub(crate) fn insert_tenant(&self, tenant: Arc<Tenant>) {
        self.tenants.insert(tenant.core.organization, tenant);
    }

    /// Forgets a tenant and its keys, unless another has taken its place.
    pub(crate) fn remove_tenant(&self, tenant: &Arc<Tenant>) {
        self.tenants
            .remove_if(&tenant.core.organization, |_, present| {
                Arc::ptr_eq(present, tenant)
            });
        let is_own = |key: &Arc<LiveKey>| Arc::ptr_eq(&key.environment().tenant, &tenant.core);
        self.keys.retain(|_, key| !is_own(key));
        self.keys_by_id.retain(|_, key| !is_own(key));
    }

    /// Has a tenant look at everything that storage has of it: once for all who ask before it begins.
    pub(crate) async fn refresh(&self, tenant: &TenantCore) -> Result<()> {
        let mut refreshed = tenant.refresh();
        match refreshed.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(error))) => Err(error.for_another()),
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Interrupted),
        }
    }

    /// Whether the database is known not to answer. An edge's mirror always does.
    pub(crate) fn is_stale(&self) -> bool {
        matches!(self.source, Source::Storage(_)) && *self.source.staleness().borrow()
    }

    /// Asks storage, unless the database is known not to answer, or becomes so while this waits its turn.
    async fn ask<T>(&self, question: impl Future<Output = T>) -> Option<T> {
        let mut stale = self.source.staleness();
        let is_database = matches!(self.source, Source::Storage(_));
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

    // Keys

    /// The key that a client presented, if it may use it. Only a key of a tenant that is not in memory costs a query.
    pub(crate) async fn authenticate(
        &self,
        presented: &str,
        origin: Option<&str>,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        if presented.len() > MAX_KEY
            || !(presented.starts_with("pbs_") || presented.starts_with("pbc_"))
        {
            return Err(CloseCode::InvalidKey);
        }
        let hash = SecretHash::of(presented);
        let key = match self.key(&hash) {
            Some(key) => key,
            // Boxed: it is rare, and every connection's greeting would hold room for it.
            None => timeout(self.config.lookup_timeout, Box::pin(self.look_up(hash)))
                .await
                .unwrap_or(Err(CloseCode::Unavailable))?,
        };
        key.check(origin, (self.config.clock)())?;
        Ok(key)
    }

    /// The key that a ticket names. Only one of a tenant that is not in memory costs queries.
    pub(crate) async fn key_by_id(
        &self,
        organization: OrganizationId,
        id: SdkKeyId,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        let held = || self.keys_by_id.get(&id).map(|key| key.clone());
        if let Some(key) = held() {
            return Ok(key);
        }
        let loading = Box::pin(self.ask(self.tenant(organization)));
        match timeout(self.config.lookup_timeout, loading).await {
            Ok(Some(Ok(_))) => held().ok_or(CloseCode::InvalidKey),
            Ok(Some(Err(Error::OrganizationNotFound))) => Err(CloseCode::InvalidKey),
            Ok(Some(Err(_)) | None) | Err(_) => Err(CloseCode::Unavailable),
        }
    }

    fn key(&self, hash: &SecretHash) -> Option<Arc<LiveKey>> {
        self.keys.get(hash).map(|key| key.clone())
    }

    async fn look_up(&self, hash: SecretHash) -> Result<Arc<LiveKey>, CloseCode> {
        if self.is_unknown(&hash) {
            return Err(CloseCode::InvalidKey);
        }
        let found = self.ask(async {
            // Others with the same key may have had it looked up meanwhile.
            match self.key(&hash) {
                Some(key) => Ok(Found::Live(key)),
                None if self.is_unknown(&hash) => Ok(Found::Nobody),
                None => self.find_owner(hash).await,
            }
        });
        let organization = match found.await {
            Some(Ok(Found::Live(key))) => return Ok(key),
            Some(Ok(Found::Nobody)) => return Err(CloseCode::InvalidKey),
            Some(Ok(Found::Owner(organization))) => organization,
            Some(Err(error)) => {
                tracing::warn!(%error, "a key could not be looked up");
                self.saved_organization(hash).await?
            }
            None => self.saved_organization(hash).await?,
        };
        self.key_of(organization, hash).await
    }

    async fn find_owner(&self, hash: SecretHash) -> Result<Found> {
        let Some(organization) = self.source.find_key(hash).await? else {
            self.remember_unknown(hash);
            return Ok(Found::Nobody);
        };
        Ok(Found::Owner(organization))
    }

    /// Whose key it is, by the files: all there is to go by without the database.
    async fn saved_organization(&self, hash: SecretHash) -> Result<OrganizationId, CloseCode> {
        let saved = match &self.snapshots {
            Some(snapshots) => snapshots.organization_of(hash).await,
            None => None,
        };
        saved.ok_or(CloseCode::Unavailable)
    }

    /// The key, once its tenant is in memory.
    async fn key_of(
        &self,
        organization: OrganizationId,
        hash: SecretHash,
    ) -> Result<Arc<LiveKey>, CloseCode> {
        let unavailable = |error: Error| {
            tracing::warn!(%error, %organization, "a tenant could not be loaded");
            CloseCode::Unavailable
        };
        let tenant = self.tenant(organization).await.map_err(unavailable)?;
        if let Some(key) = self.key(&hash) {
            return Ok(key);
        }
        if self.is_stale() {
            return Err(CloseCode::Unavailable);
        }
        // Made a moment ago, and the tenant's hint on its way: have it look before saying no.
        self.refresh(&tenant.core).await.map_err(unavailable)?;
        // Revoked between the two reads, where it is not there now.
        self.key(&hash).ok_or(CloseCode::InvalidKey)
    }

    fn is_unknown(&self, hash: &SecretHash) -> bool {
        let unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown
            .get(hash)
            .is_some_and(|since| since.elapsed() < UNKNOWN_FOR)
    }

    fn remember_unknown(&self, hash: SecretHash) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        if unknown.len() >= MAX_UNKNOWN {
            unknown.retain(|_, since| since.elapsed() < UNKNOWN_FOR);
        }
        // Still full of news: whoever tries so many keys may as well ask the database, a few at a time.
        if unknown.len() < MAX_UNKNOWN {
            unknown.insert(hash, Instant::now());
        }
    }

    /// Lets a key in. Only for the tenant whose key it is; after a restart of its actor the key that connections hold
    /// stays the one.
    pub(crate) fn adopt_key(
        &self,
        record: KeyRecord,
        environment: &Arc<Environment>,
    ) -> Arc<LiveKey> {
        match self.keys.entry(record.hash) {
            Entry::Occupied(held) if Arc::ptr_eq(held.get().environment(), environment) => {
                held.get().update(record);
                held.get().clone()
            }
            entry => {
                let key = Arc::new(LiveKey::new(record, environment.clone(), self.requests));
                entry.insert(key.clone());
                self.keys_by_id.insert(key.id(), key.clone());
                key
            }
        }
    }

    /// The keys of a tenant.
    pub(crate) fn keys_of(&self, tenant: &Tenant) -> Vec<Arc<LiveKey>> {
        let own = self
            .keys
            .iter()
            .filter(|key| Arc::ptr_eq(&key.environment().tenant, &tenant.core));
        own.map(|key| key.clone()).collect()
    }

    /// Only for the tenant whose key it is.
    pub(crate) fn remove_key(&self, key: &Arc<LiveKey>) {
        let is_same = |present: &Arc<LiveKey>| Arc::ptr_eq(present, key);
        self.keys
            .remove_if(&key.hash(), |_, present| is_same(present));
        self.keys_by_id
            .remove_if(&key.id(), |_, present| is_same(present));
    }

    /// Reads so much of the log that a client which resumes needs no snapshot, if the log has it: what is older than
    /// this node remembers, or newer than it has heard of.
    ///
    /// The tenant's actor does not wait for what is older, and of a crowd one reads.
    pub(crate) async fn reach_back(&self, environment: &Environment, resume: &Resume) {
        // Whatever fails here, a snapshot serves.
        let _ = timeout(REACHED_WITHIN, self.extend(environment, resume)).await;
    }

    async fn extend(&self, environment: &Environment, resume: &Resume) {
        let lacks = || {
            let snapshot = environment.snapshot();
            snapshot.epoch == resume.epoch
                && snapshot.version > resume.version
                && !snapshot.reaches(resume.version)
        };
        if self.is_stale() {
            return;
        }
        let snapshot = environment.snapshot();
        if snapshot.epoch == resume.epoch && resume.version > snapshot.version {
            // The client comes from a node that was ahead: nobody goes back in time for that.
            let _ = self.refresh(&environment.tenant).await;
            return;
        }
        if !lacks() {
            return;
        }
        let mut forgotten = environment.forgotten.lock().await;
        if !lacks() || forgotten.holds(resume) {
            return;
        }
        let limit = u32::try_from(self.config.history).unwrap_or(u32::MAX);
        let held = i64::try_from(resume.version).unwrap_or(i64::MAX);
        let since = self
            .source
            .changes_since(environment.id, &resume.epoch, held, limit);
        let entries = match self.ask(since).await {
            Some(Ok(ChangesSince::Entries(entries))) => entries,
            Some(Ok(ChangesSince::Unreachable)) => Vec::new(),
            Some(Err(error)) => {
                tracing::debug!(%error, "a client that resumes gets a snapshot");
                return;
            }
            None => return,
        };
        if !entries.is_empty() {
            let (done, published) = oneshot::channel();
            let message = TenantMessage::Older {
                environment: environment.id,
                from: resume.clone(),
                entries,
                done,
            };
            if !environment.tenant.tell(message) || published.await.is_err() {
                return;
            }
        }
        if lacks() {
            forgotten.note(resume);
        }
    }

    /// Has everybody wait who would ask the database.
    #[cfg(test)]
    pub(crate) async fn hold_lookups(&self) -> tokio::sync::SemaphorePermit<'_> {
        let all = u32::try_from(LOOKUPS).expect("a few");
        self.lookups.acquire_many(all).await.expect("never closed")
    }
}

/// What storage says of a key.
enum Found {
    /// Its tenant came into memory meanwhile.
    Live(Arc<LiveKey>),
    /// It is this organisation's.
    Owner(OrganizationId),
    /// There is no such key.
    Nobody,
}

/// The shards, each of which may be replaced by its successor.
pub(crate) struct Shards {
    actors: Box<[ArcSwapOption<ActorRef<ShardMessage>>]>,
    next: AtomicUsize,
}

impl Shards {
    fn new(count: usize) -> Self {
        let actors = std::iter::repeat_with(ArcSwapOption::empty)
            .take(count)
            .collect();
        Self {
            actors,
            next: AtomicUsize::new(0),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.actors.len()
    }

    pub(crate) fn set(&self, index: usize, shard: ActorRef<ShardMessage>) {
        self.actors[index].store(Some(Arc::new(shard)));
    }

    /// Gives a message to one shard, each in turn, passing over those that are just being replaced; false where all are.
    pub(crate) fn tell_next(&self, message: ShardMessage) -> bool {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = message;
        for index in (0..self.actors.len()).map(|step| (first + step) % self.actors.len()) {
            let Some(shard) = self.actors[index].load_full() else {
                continue;
            };
            match shard.cast(message) {
                Ok(()) => return true,
                Err(MessagingErr::SendErr(refused)) => message = refused,
                Err(_) => return false,
            }
        }
        false
    }

    /// Gives a message to every shard.
    pub(crate) fn tell_all(&self, mut message: impl FnMut() -> ShardMessage) {
        for shard in &self.actors {
            if let Some(shard) = shard.load().as_ref() {
                // A shard that is gone has no connections; its successor begins with none.
                let _ = shard.cast(message());
            }
        }
    }
}
