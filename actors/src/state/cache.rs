//! Caches a value for each of a few starting versions, shared by all callers.

use std::sync::{Mutex, PoisonError};

/// The maximum number of entries; clients are rarely at more than a few versions.
const CACHED: usize = 64;

/// Values by starting version; the oldest entry is removed first.
pub(super) struct Cache<T> {
    entries: Mutex<Vec<(u64, T)>>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self {
            entries: Mutex::new(Vec::new()),
        }
    }
}

impl<T: Clone> Cache<T> {
    /// Computed under the lock, so that it is computed only once for any number of callers.
    pub(super) fn get_or_make(&self, from: u64, make: impl FnOnce() -> T) -> T {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, value)) = entries.iter().find(|(version, _)| *version == from) {
            return value.clone();
        }
        if entries.len() == CACHED {
            entries.remove(0);
        }
        let value = make();
        entries.push((from, value.clone()));
        value
    }
}
