//! The mailbox of a tenant's actor, and the handle by which everyone else reaches it.
//!
//! The mailbox is unbounded, and bounded by what feeds it: a command for each permit of the tenant's semaphore, one
//! `Hinted` and one `ConnectionsMoved` at a time, one `Ready` for each connection that is being welcomed, one `Refresh`
//! that has not begun, one `Older` for each environment, a `KeysUsed` for each FOLLOW that an edge's throttle lets
//! through, and its own timers.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwapOption;
use peekaboo_protocol::Resume;
use peekaboo_storage::{Attribution, Command, Committed, EnvironmentId, LogEntry, OrganizationId};
use ractor::ActorRef;
use tokio::sync::{Semaphore, broadcast, oneshot, watch};
use tokio::time::Instant;

use super::events::TenantEvent;
use crate::error::{Error, Result};

/// Commands of a tenant that may wait for their turn at once; further callers wait outside.
const TURNS: u32 = 64;

/// Events kept for a subscriber that is slow; one that falls further behind is told that it lagged.
const EVENTS: usize = 256;

pub(crate) enum Message {
    /// Answer once the tenant is in memory, or cannot be. Without anybody to answer, take over from a predecessor.
    Ready(Option<oneshot::Sender<Result<()>>>),
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
pub(crate) struct TenantHandle {
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

impl TenantHandle {
    pub(super) fn new(organization: OrganizationId) -> Self {
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

    pub(crate) fn take_hints(&self) -> Hints {
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

    /// Has the actor look at everything that storage has of the tenant: once for all who ask before it begins.
    pub(crate) async fn refresh(&self) -> Result<()> {
        let mut refreshed = self.request_refresh();
        match refreshed.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(error))) => Err(error.for_another()),
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Interrupted),
        }
    }

    /// Asks for a look at everything, or joins those who wait for one that has not begun. The channel closes without an
    /// answer if the actor ends.
    pub(crate) fn request_refresh(&self) -> watch::Receiver<Refreshed> {
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

    /// Only for the actor, which begins a look: whoever asks from now on waits for another one.
    pub(crate) fn begin_refresh(&self) {
        self.refreshing().take();
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

    /// Only for the actor, before it reads the counts: whoever moves from now on is reported anew. An actor that is started
    /// again does the same, because its predecessor may have lost the message.
    pub(crate) fn expect_moves(&self) {
        self.moved.store(false, Ordering::Release);
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
    pub(crate) fn try_rest(&self, idle: std::time::Duration) -> bool {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_tenant_that_is_asked_by_http_stays_in_memory() {
        let idle = Duration::from_secs(30);
        let tenant = TenantHandle::new(OrganizationId::from_uuid(uuid::Uuid::from_u128(1)));
        let age = || *tenant.used_at.lock().expect("a lock") -= 2 * idle;
        age();
        tenant.note_asked();
        assert!(!tenant.try_rest(idle));
        age();
        assert!(tenant.try_rest(idle), "nobody asked since");
    }
}
