//! Who is there, and whether the place is closing: a tenant leaves memory only while nobody is connected.

use super::sync::{AtomicUsize, Ordering};

/// Set once the place is closing. The other bits count.
const RESTING: usize = 1 << (usize::BITS - 1);

/// The number of connections, and whether the tenant rests: one word, so that the two cannot contradict each other.
pub(crate) struct Occupancy(AtomicUsize);

impl Occupancy {
    pub(crate) fn new() -> Self {
        Self(AtomicUsize::new(0))
    }

    /// Counts a connection; answers how many there are. Look afterwards whether the place [is
    /// resting](Self::is_resting), and leave if so.
    pub(crate) fn enter(&self) -> usize {
        (self.0.fetch_add(1, Ordering::AcqRel) & !RESTING) + 1
    }

    pub(crate) fn leave(&self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }

    /// For those who have entered, or are counted by what [`Occupancy::try_rest`] is given.
    pub(crate) fn is_resting(&self) -> bool {
        self.0.load(Ordering::Acquire) & RESTING != 0
    }

    /// Begins to rest if nobody is there. A later newcomer sees that, and an earlier one is seen here.
    ///
    /// `is_watched` says whether somebody is there who is counted elsewhere, under a lock that they took before they
    /// looked whether the place is resting.
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
