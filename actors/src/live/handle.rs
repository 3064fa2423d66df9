//! The handle to a tenant's actor, and the state that callers share with it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use peekaboo_storage::{Hint, OrganizationId};
use ractor::ActorRef;
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::Instant;

use super::hints::Hints;
use super::mailbox::{Message, Refreshed};
use super::meeting::{Gathering, Occupancy, Signal};
use super::watchers::Watchers;
use crate::error::{Error, Result};

/// The number of a tenant's commands that may wait at the same time; further callers wait outside of the mailbox.
const TURNS: u32 = 64;

/// State that is shared by a tenant's actor, its environments and all handles; it survives a restart of the actor.
pub(crate) struct TenantHandle {
    pub(crate) organization: OrganizationId,
    pub(crate) watchers: Watchers,
    /// Limits the commands in the actor's mailbox.
    pub(crate) commands: Semaphore,
    actor: ArcSwapOption<ActorRef<Message>>,
    /// Connections, and whether the tenant is leaving memory: then a new connection must look it up again.
    occupancy: Occupancy,
    /// Raised while a `ConnectionsMoved` is pending.
    moved: Signal,
    /// Announced by a `Hinted`.
    hints: Gathering<Hints>,
    /// The requested refresh that has not started.
    refreshing: Mutex<Option<watch::Receiver<Refreshed>>>,
    /// Whether there was an HTTP request since the actor last checked.
    asked: AtomicBool,
    used_at: Mutex<Instant>,
}

impl TenantHandle {
    pub(super) fn new(organization: OrganizationId) -> Self {
        Self {
            organization,
            watchers: Watchers::default(),
            commands: Semaphore::new(TURNS as usize),
            actor: ArcSwapOption::empty(),
            occupancy: Occupancy::new(),
            moved: Signal::new(),
            hints: Gathering::new(),
            refreshing: Mutex::default(),
            asked: AtomicBool::new(false),
            used_at: Mutex::new(Instant::now()),
        }
    }

    /// Only for the root, which starts the actor.
    pub(crate) fn set_actor(&self, actor: ActorRef<Message>) {
        self.actor.store(Some(Arc::new(actor)));
    }

    /// Sends a message to the actor; false if the actor has ended.
    pub(crate) fn tell(&self, message: Message) -> bool {
        self.actor
            .load()
            .as_ref()
            .is_some_and(|actor| actor.cast(message).is_ok())
    }

    /// Passes on a hint. The actor receives one message for any number of hints.
    pub(crate) fn hint(&self, hint: &Hint) {
        if self.hints.add(|hints| hints.add(hint)) {
            self.tell(Message::Hinted);
        }
    }

    /// Only for the actor.
    pub(crate) fn take_hints(&self) -> Hints {
        self.hints.take()
    }

    /// Finishes pending commands, accepts no more, and writes the snapshot files.
    pub(crate) async fn finish(&self) {
        let turns = self.commands.acquire_many(TURNS).await;
        self.commands.close();
        drop(turns);
        let (saved, done) = oneshot::channel();
        // It is handled after all commands that no one waits for any more.
        if self.tell(Message::Save(Some(saved))) {
            // Dropped when the files are written, or when the actor has ended.
            let _ = done.await;
        }
    }

    /// Makes the actor refresh everything from storage: once for all callers that ask before it starts.
    pub(crate) async fn refresh(&self) -> Result<()> {
        let mut refreshed = self.request_refresh();
        match refreshed.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Err(error))) => Err(error.for_another()),
            Ok(_) => Ok(()),
            Err(_) => Err(Error::Interrupted),
        }
    }

    /// Requests a refresh, or joins the callers of one that has not started. If the actor ends, the channel closes
    /// without a result.
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

    /// Only for the actor, when a refresh starts: later requests wait for the next one.
    pub(crate) fn begin_refresh(&self) {
        self.refreshing().take();
    }

    fn refreshing(&self) -> MutexGuard<'_, Option<watch::Receiver<Refreshed>>> {
        self.refreshing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection; returns the count.
    pub(crate) fn enter(&self) -> usize {
        self.occupancy.enter()
    }

    pub(crate) fn leave(&self) {
        self.occupancy.leave();
    }

    /// Notifies watchers of the connections, with a short delay.
    pub(crate) fn connections_moved(&self) {
        if self.watchers.are_there() && self.moved.raise() {
            self.tell(Message::ConnectionsMoved);
        }
    }

    /// Only for the actor, before it reads the counts: later changes are reported again. A restarted actor does the
    /// same, because its predecessor may have lost the message.
    pub(crate) fn expect_moves(&self) {
        self.moved.lower();
    }

    pub(crate) fn is_resting(&self) -> bool {
        self.occupancy.is_resting()
    }

    /// Records an HTTP request. As cheap as possible, because it is called for every request.
    pub(crate) fn note_asked(&self) {
        if !self.asked.load(Ordering::Relaxed) {
            self.asked.store(true, Ordering::Relaxed);
        }
    }

    /// Records that someone needs this tenant.
    pub(crate) fn touch(&self) {
        *self.used_at() = Instant::now();
    }

    /// Starts to leave memory if no one has been connected for this long. New connections see that from now on.
    pub(crate) fn try_rest(&self, idle: Duration) -> bool {
        if self.asked.swap(false, Ordering::Relaxed) {
            self.touch();
        }
        let unused_for = self.used_at().elapsed();
        unused_for >= idle && self.occupancy.try_rest(|| self.watchers.are_there())
    }

    fn used_at(&self) -> MutexGuard<'_, Instant> {
        self.used_at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_that_is_asked_by_http_stays_in_memory() {
        let idle = Duration::from_secs(30);
        let tenant = TenantHandle::new(OrganizationId::from_uuid(uuid::Uuid::from_u128(1)));
        let age = || *tenant.used_at() -= 2 * idle;
        age();
        tenant.note_asked();
        assert!(!tenant.try_rest(idle));
        age();
        assert!(tenant.try_rest(idle), "nobody asked since");
    }
}
