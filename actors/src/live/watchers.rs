//! Who watches a tenant: dashboards that are sent its events.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::events::TenantEvent;

/// Events kept for a slow subscriber; one that falls further behind receives a lag error.
const EVENTS: usize = 256;

/// The channel of a tenant's events. It exists while someone watches: most tenants have no one, and its buffer would be
/// a good part of what they take.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<Option<broadcast::Sender<TenantEvent>>>);

impl Watchers {
    pub(crate) fn subscribe(&self) -> broadcast::Receiver<TenantEvent> {
        self.channel()
            .get_or_insert_with(|| broadcast::channel(EVENTS).0)
            .subscribe()
    }

    pub(crate) fn are_there(&self) -> bool {
        self.channel()
            .as_ref()
            .is_some_and(|events| events.receiver_count() > 0)
    }

    /// Sends an event to those who watch; it is made only if someone does.
    pub(crate) fn announce(&self, event: impl FnOnce() -> TenantEvent) {
        let mut channel = self.channel();
        if let Some(events) = &*channel {
            if events.receiver_count() == 0 {
                *channel = None;
            } else {
                let _ = events.send(event());
            }
        }
    }

    fn channel(&self) -> MutexGuard<'_, Option<broadcast::Sender<TenantEvent>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_created_and_kept_only_while_there_is_a_watcher() {
        let watchers = Watchers::default();
        let event = || TenantEvent::Organization { revision: 1 };
        watchers.announce(|| panic!("nobody watches"));
        let mut receiver = watchers.subscribe();
        assert!(watchers.are_there());
        watchers.announce(event);
        assert_eq!(receiver.try_recv(), Ok(event()));
        drop(receiver);
        assert!(!watchers.are_there());
        watchers.announce(|| panic!("nobody watches any more"));
        assert!(watchers.channel().is_none());
    }
}
