//! What the feed's tasks and its subscribers share.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{broadcast, watch};

use super::hint::{Hint, Known};

/// Hints kept for a subscriber that is slow; one that falls further behind gets [`Hint::Everything`].
const CAPACITY: usize = 1_024;

/// Who receives hints, what they know, and whether that may be old.
pub(super) struct Shared {
    pub(super) hints: broadcast::Sender<Hint>,
    pub(super) known: Mutex<Known>,
    pub(super) stale: watch::Sender<bool>,
}

impl Shared {
    pub(super) fn new() -> Self {
        Shared {
            hints: broadcast::channel(CAPACITY).0,
            known: Mutex::default(),
            stale: watch::channel(false).0,
        }
    }

    /// Tells subscribers, unless they know.
    pub(super) fn tell(&self, hint: Hint) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.note(&hint) {
            // Without subscribers there is nobody to tell.
            let _ = self.hints.send(hint);
        }
    }
}
