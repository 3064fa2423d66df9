//! Things that gather beside a mailbox, announced there by one message for any number.

use super::sync::{Mutex, PoisonError};

/// What was added since it was last taken.
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

    /// Adds to what gathers. If it answers true, the caller must send the message that has it taken.
    pub(crate) fn add(&self, add: impl FnOnce(&mut T)) -> bool {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        add(&mut gathered.content);
        !std::mem::replace(&mut gathered.is_announced, true)
    }

    /// Takes everything added so far; the next addition is announced again.
    pub(crate) fn take(&self) -> T {
        let mut gathered = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.is_announced = false;
        std::mem::take(&mut gathered.content)
    }
}
