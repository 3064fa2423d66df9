//! A signal that something changed, announced by a single message until the receiver looks.

use super::sync::{AtomicBool, Ordering};

/// Raised by everyone who changes something, lowered by the receiver.
pub(crate) struct Signal(AtomicBool);

impl Signal {
    pub(crate) fn new() -> Self {
        Self(AtomicBool::new(false))
    }

    /// Call this after the change. If it returns true, the caller must send the message that makes the receiver look.
    pub(crate) fn raise(&self) -> bool {
        !self.0.swap(true, Ordering::AcqRel)
    }

    /// Call this before looking: later signals are announced again.
    ///
    /// It swaps instead of storing, because only a read is guaranteed to see the changes made before the signal was
    /// raised.
    pub(crate) fn lower(&self) {
        self.0.swap(false, Ordering::AcqRel);
    }
}
