//! Counts connections of a tenant that may be about to leave memory: it leaves only while no one is connected.

use super::sync::{AtomicUsize, Ordering};

/// Set once the tenant is leaving. The other bits are the count.
const RESTING: usize = 1 << (usize::BITS - 1);

/// The number of connections, and whether the tenant is leaving memory, in one word, so that the two are always
/// consistent.
pub(crate) struct Occupancy(AtomicUsize);

impl Occupancy {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Counts a connection; returns the count. Check afterwards whether the tenant [is leaving](Self::is_resting), and
    /// undo the count if so.
    pub(crate) fn enter(&self) -> usize {
        (self.0.fetch_add(1, Ordering::AcqRel) & !RESTING) + 1
    }

    pub(crate) fn leave(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    /// For callers that are counted, here or in the check of [`Occupancy::try_rest`].
    pub(crate) fn is_resting(&self) -> bool {
        self.0.load(Ordering::Acquire) & RESTING != 0
    }

    /// Starts to leave memory if no one is connected. A later connection sees that, and an earlier one is seen here.
    ///
    /// `is_watched` says whether someone is counted elsewhere, under a lock that they took before they checked whether
    /// the tenant is leaving.
    pub(crate) fn try_rest(&self, is_watched: impl FnOnce() -> bool) -> bool {
        let empty = self
            .0
            .compare_exchange(0, RESTING, Ordering::AcqRel, Ordering::Acquire);
        if empty.is_err() {
            return false;
        }
        if is_watched() {
            self.0.fetch_and(!RESTING, Ordering::AcqRel);
            return false;
        }
        true
    }
}
