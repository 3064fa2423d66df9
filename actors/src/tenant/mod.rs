//! The actor of one organisation: the one writer of its commands, and the owner of its environments' state.
//!
//! Commands run one after the other here, so that what they commit is published in order and the caller is answered
//! after the shards were told. Everybody else reads published snapshots and never asks this actor.
//!
//! The mailbox is unbounded, and bounded by what feeds it: a command for each permit of the tenant's semaphore, one
//! `Hinted` and one `ConnectionsMoved` at a time, one `Ready` for each connection that is being welcomed, one `Refresh`
//! that has not begun, one `Older` for each environment, a `KeysUsed` for each FOLLOW that an edge's throttle lets
//! through, and its own timers.

mod commands;
mod following;
mod loading;
mod pacing;
mod saving;
mod state;
mod upkeep;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, ArcSwapOption};
use peekaboo_protocol::Resume;
use peekaboo_storage::{Attribution, Command, Committed, EnvironmentId, LogEntry, OrganizationId};
use ractor::{Actor, ActorProcessingErr, ActorRef};
use tokio::sync::{Semaphore, broadcast, oneshot, watch};
use tokio::time::Instant;

use self::state::State;
use crate::directory::Directory;
use crate::error::Result;
use crate::live::{Environment, TenantEvent};
use crate::metrics::{Counted, Metrics};

/// Commands of a tenant that may wait for their turn at once; further callers wait outside.
const TURNS: u32 = 64;

/// Events kept for a subscriber that is slow; one that falls further behind is told that it lagged.
const EVENTS: usize = 256;

pub(crate) enum Message {
    /// Answer once the tenant is in memory, or cannot be. Without anybody to answer, take over from a predecessor.
    Ready(Option<oneshot::Sender<Result<Arc<Tenant>>>>),
    /// Look at everything now, and tell everybody who waits for it.
    Refresh(watch::Sender<Refreshed>),
    /// Execute a command.
    Execute(Box<Execute>),
    /// Take the hints and look at what they name.
    Hinted,
    /// Take what the log has from before the versions that are remembered.
    Older {
        /// Of which environment.
        environment: EnvironmentId,
        /// Where the entries lead on from.
        from: Resume,
        /// In order.
        entries: Vec<LogEntry>,
        /// Told when it is done.
        done: oneshot::Sender<()>,
    },
    /// Changes of this environment have gathered for long enough.
    WindowCloses(EnvironmentId),
    /// Somebody connected or left.
    ConnectionsMoved,
    /// Tell watchers who is connected now.
    ReportConnections,
    /// A key may have expired.
    KeysExpire,
    /// Keys with these identifiers are in use at an edge.
    KeysUsed(Vec<String>),
    /// Write the snapshot file, if it is not up to date, and tell whoever waits for it.
    Save(Option<oneshot::Sender<()>>),
    /// The snapshot file is written, or could not be.
    Saved,
    /// Note which keys were used, and rest if nobody needs this tenant.
    Housekeep,
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// How a look at everything went, once it is over.
pub(crate) type Refreshed = Option<Result<()>>;

/// A command on its way.
pub(crate) struct Execute {
    pub(crate) command: Command,
    pub(crate) by: Attribution,
    pub(crate) began: Instant,
    pub(crate) reply: oneshot::Sender<Result<Committed>>,
}

/// What a tenant's actor, its environments and everyone's handles share; it outlives a restart of the actor.
pub(crate) struct TenantCore {
    pub(crate) organization: OrganizationId,
    pub(crate) events: broadcast::Sender<TenantEvent>,
    /// Bounds the commands in the actor's mailbox.
    pub(crate) commands: Semaphore,
    actor: ArcSwapOption<ActorRef<Message>>,
    connections: AtomicUsize,
    /// Leaving memory: whoever comes now must look the tenant up again.
    resting: AtomicBool,
    /// A `ConnectionsMoved` is on its way.
    moved: AtomicBool,
    hints: Mutex<Hints>,
    /// The look at everything that is asked for and has not begun.
    refreshing: Mutex<Option<watch::Receiver<Refreshed>>>,
    /// Somebody asked by HTTP since the actor last looked.
    asked: AtomicBool,
    used_at: Mutex<Instant>,
}

/// What there is to look at, gathered until the actor gets to it.
#[derive(Default)]
pub(crate) struct Hints {
    pub(crate) environments: HashSet<EnvironmentId>,
    pub(crate) structure: bool,
    pub(crate) everything: bool,
}

impl Hints {
    fn is_empty(&self) -> bool {
        self.environments.is_empty() && !self.structure && !self.everything
    }
}

/// A tenant in the directory.
pub(crate) struct Tenant {
    pub(crate) core: Arc<TenantCore>,
    environments: ArcSwap<HashMap<EnvironmentId, Arc<Environment>>>,
    loaded: AtomicBool,
    revision: AtomicI64,
    _counted: Counted,
}

impl TenantCore {
    fn new(organization: OrganizationId) -> Self {
        Self {
            organization,
            events: broadcast::channel(EVENTS).0,
            commands: Semaphore::new(TURNS as usize),
            actor: ArcSwapOption::empty(),
            connections: AtomicUsize::new(0),
            resting: AtomicBool::new(false),
            moved: AtomicBool::new(false),
            hints: Mutex::default(),
            refreshing: Mutex::default(),
            asked: AtomicBool::new(false),
            used_at: Mutex::new(Instant::now()),
        }
    }

    /// Only for the root, which starts the actor.
    pub(crate) fn set_actor(&self, actor: ActorRef<Message>) {
        self.actor.store(Some(Arc::new(actor)));
    }

    /// Gives a message to the actor; false where it is gone.
    pub(crate) fn tell(&self, message: Message) -> bool {
        self.actor
            .load()
            .as_ref()
            .is_some_and(|actor| actor.cast(message).is_ok())
    }

    /// Adds hints; the actor is told once, however many gather.
    pub(crate) fn hint(&self, add: impl FnOnce(&mut Hints) -> bool) {
        let first = {
            let mut hints = self.hints.lock().unwrap_or_else(PoisonError::into_inner);
            let first = hints.is_empty();
            add(&mut hints);
            first
        };
        if first {
            self.tell(Message::Hinted);
        }
    }

    fn take_hints(&self) -> Hints {
        std::mem::take(&mut *self.hints.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets the commands that have come be done, takes no more, and has the snapshot file written.
    pub(crate) async fn finish(&self) {
        let turns = self.commands.acquire_many(TURNS).await;
        self.commands.close();
        drop(turns);
        let (saved, done) = oneshot::channel();
        // It comes after whatever commands nobody waits for any more.
        if self.tell(Message::Save(Some(saved))) {
            // Dropped when written, or when the actor is gone.
            let _ = done.await;
        }
    }

    /// Asks for a look at everything, or joins those who wait for one that has not begun. It ends without an answer where
    /// the actor does.
    pub(crate) fn refresh(&self) -> watch::Receiver<Refreshed> {
        let mut refreshing = self.refreshing();
        if let Some(refreshed) = &*refreshing
            && refreshed.has_changed().is_ok()
        {
            return refreshed.clone();
        }
        let (refresh, refreshed) = watch::channel(None);
        *refreshing = Some(refreshed.clone());
        self.tell(Message::Refresh(refresh));
        refreshed
    }

    fn refreshing(&self) -> MutexGuard<'_, Option<watch::Receiver<Refreshed>>> {
        self.refreshing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection; answers how many there are.
    pub(crate) fn enter(&self) -> usize {
        self.connections.fetch_add(1, Ordering::SeqCst) + 1
    }

    pub(crate) fn leave(&self) {
        self.connections.fetch_sub(1, Ordering::SeqCst);
    }

    /// Has watchers told, before long, of who is connected.
    pub(crate) fn connections_moved(&self) {
        if self.events.receiver_count() > 0 && !self.moved.swap(true, Ordering::AcqRel) {
            self.tell(Message::ConnectionsMoved);
        }
    }

    pub(crate) fn is_resting(&self) -> bool {
        self.resting.load(Ordering::SeqCst)
    }

    /// Notes that somebody asked by HTTP. As cheap as may be, since it is done for every request.
    pub(crate) fn note_asked(&self) {
        if !self.asked.load(Ordering::Relaxed) {
            self.asked.store(true, Ordering::Relaxed);
        }
    }

    /// Notes that somebody asked for this tenant.
    pub(crate) fn touch(&self) {
        *self.used_at.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Begins to rest if nobody is there. Whoever comes from now on sees that; whoever came before is seen here.
    fn try_rest(&self, idle: std::time::Duration) -> bool {
        if self.asked.swap(false, Ordering::Relaxed) {
            self.touch();
        }
        if self
            .used_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .elapsed()
            < idle
        {
            return false;
        }
        self.resting.store(true, Ordering::SeqCst);
        let wanted =
            self.connections.load(Ordering::SeqCst) > 0 || self.events.receiver_count() > 0;
        if wanted {
            self.resting.store(false, Ordering::SeqCst);
        }
        !wanted
    }
}

impl Tenant {
    pub(crate) fn new(organization: OrganizationId, metrics: &Metrics) -> Self {
        Self {
            core: Arc::new(TenantCore::new(organization)),
            environments: ArcSwap::default(),
            loaded: AtomicBool::new(false),
            revision: AtomicI64::new(i64::MIN),
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

    pub(crate) fn environment(&self, id: EnvironmentId) -> Option<Arc<Environment>> {
        self.environments.load().get(&id).cloned()
    }

    fn environments(&self) -> Arc<HashMap<EnvironmentId, Arc<Environment>>> {
        self.environments.load_full()
    }
}

pub(crate) struct TenantActor;

impl Actor for TenantActor {
    type Msg = Message;
    type State = State;
    type Arguments = (Arc<Tenant>, Arc<Directory>);

    async fn pre_start(
        &self,
        myself: ActorRef<Message>,
        (tenant, directory): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        Ok(State::new(myself, tenant, directory))
    }

    async fn post_start(
        &self,
        myself: ActorRef<Message>,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        myself.send_interval(state.housekeeping(), || Message::Housekeep);
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Message>,
        message: Message,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Message::Ready(reply) => state.ready(reply).await,
            Message::Refresh(refreshed) => {
                // Whoever asks from here on may know of something that this look does not see.
                state.begin_refresh();
                let result = state.refresh().await;
                refreshed.send_replace(Some(result));
            }
            Message::Execute(execute) => state.execute(*execute).await,
            Message::Hinted => state.follow_hints().await,
            Message::Older {
                environment,
                from,
                entries,
                done,
            } => {
                state.remember_older(environment, &from, &entries);
                let _ = done.send(());
            }
            Message::WindowCloses(environment) => state.window_closed(environment),
            Message::ConnectionsMoved => state.connections_moved(Instant::now()),
            Message::ReportConnections => state.report_connections(Instant::now()),
            Message::KeysExpire => state.expire_keys(),
            Message::KeysUsed(ids) => state.note_used(&ids),
            Message::Save(None) => state.save_in_time(),
            Message::Save(Some(saved)) => state.save_for(saved),
            Message::Saved => state.saved(),
            Message::Housekeep => state.housekeep(Instant::now()),
            #[cfg(test)]
            Message::Poison => panic!("poisoned"),
        }
        if state.is_done() {
            myself.stop(None);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_tenant_that_is_asked_by_http_stays_in_memory() {
        let idle = Duration::from_secs(30);
        let core = TenantCore::new(OrganizationId::from_uuid(uuid::Uuid::from_u128(1)));
        let age = || *core.used_at.lock().expect("a lock") -= 2 * idle;
        age();
        core.note_asked();
        assert!(!core.try_rest(idle));
        age();
        assert!(core.try_rest(idle), "nobody asked since");
    }
}
