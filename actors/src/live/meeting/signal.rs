//! A signal that something moved, announced by one message until it is seen.

use super::sync::{AtomicBool, Ordering};

/// Raised by everyone who moved something, lowered by the one who looks.
pub(crate) struct Signal(AtomicBool);

impl Signal {
    pub(crate) fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Call it after the move. If it answers true, the caller must send the message that has somebody look.
    pub(crate) fn raise(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    /// Call it before looking: raising the signal from now on announces it again.
    ///
    /// It swaps instead of storing because only a read sees, along with the signal, what was moved before the signal was
    /// raised.
    pub(crate) fn lower(&self) {
        self.0.swap(false, Ordering::AcqRel);
    }
}
