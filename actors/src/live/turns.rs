//! How many environments are read at once on this node, of all tenants.
//!
//! Those that somebody waits for and those that nobody has asked for yet take turns apart, so that a large organization
//! which comes into memory makes nobody else wait.

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// Environments that somebody waits for.
const ASKED: usize = 4;

/// The most that are read in the background, however many processors there are.
const MAX_BACKGROUND: usize = 4;

pub(crate) struct Turns {
    asked: Semaphore,
    background: Semaphore,
}

impl Turns {
    pub(crate) fn new(processors: usize) -> Self {
        Self {
            asked: Semaphore::new(ASKED),
            background: Semaphore::new(processors.clamp(1, MAX_BACKGROUND)),
        }
    }

    /// Has everybody wait who reads in the background.
    #[cfg(test)]
    pub(crate) async fn hold_background(&self) -> SemaphorePermit<'_> {
        hold(&self.background).await
    }

    /// Has everybody wait who reads for somebody.
    #[cfg(test)]
    pub(crate) async fn hold_asked(&self) -> SemaphorePermit<'_> {
        hold(&self.asked).await
    }

    /// Waits for a turn in the background, or for an earlier one from when `asked` is notified.
    pub(crate) async fn of(&self, asked: &Notify) -> Option<SemaphorePermit<'_>> {
        tokio::select! {
            biased;
            () = asked.notified() => self.asked.acquire().await.ok(),
            turn = self.background.acquire() => turn.ok(),
        }
    }
}

#[cfg(test)]
async fn hold(turns: &Semaphore) -> SemaphorePermit<'_> {
    let all = u32::try_from(turns.available_permits()).expect("a few");
    turns.acquire_many(all).await.expect("never closed")
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn an_environment_that_is_asked_for_while_it_waits_in_the_background_goes_ahead() {
        let turns = Turns::new(1);
        let (first, second) = (Notify::new(), Notify::new());
        let _busy = turns.of(&first).await.expect("a turn");
        let mut waiting = pin!(turns.of(&second));
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("the only turn is taken"),
            () = std::future::ready(()) => second.notify_one(),
        }
        let _turn = waiting.await.expect("a turn of those that are asked for");
    }
}
