//! Items that are collected next to a mailbox, announced by a single message.

use super::sync::{Mutex, PoisonError};

/// The items added since they were last taken.
pub(crate) struct Gathering<T>(Mutex<Gathered<T>>);

struct Gathered<T> {
    content: T,
    is_announced: bool,
}

impl<T: Default> Gathering<T> {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Gathered {
            content: T::default(),
            is_announced: false,
        }))
    }

    /// Adds to the items. If this returns true, the caller must send the message that makes the receiver take them.
    pub(crate) fn add(&self, add: impl FnOnce(&mut T)) -> bool {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut gathered.content);
        !std::mem::replace(&mut gathered.is_announced, true)
    }

    /// Takes all items; the next addition is announced again.
    pub(crate) fn take(&self) -> T {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.is_announced = false;
        std::mem::take(&mut gathered.content)
    }
}
