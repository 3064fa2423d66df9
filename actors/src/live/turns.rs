//! Limits how many environments are read at the same time on this node, over all tenants.
//!
//! There are three kinds of permits: for small environments that a request waits for, for large ones that a request
//! waits for, and for environments that no one has requested yet. A small environment therefore never waits for a large
//! one, in any organization.

use tokio::sync::{Notify, Semaphore, SemaphorePermit};

/// Small environments that someone waits for.
const SMALL: usize = 4;

/// Large environments that someone waits for. Each takes a CPU core and a database connection.
const ASKED: usize = 2;

/// The maximum number of background reads, on any number of processors.
const MAX_BACKGROUND: usize = 4;

pub(crate) struct ReadPermits {
    small: Semaphore,
    asked: Semaphore,
    background: Semaphore,
}

impl ReadPermits {
    pub(crate) fn new(processors: usize) -> Self {
        Self {
            small: Semaphore::new(SMALL),
            asked: Semaphore::new(ASKED),
            background: Semaphore::new(processors.clamp(1, MAX_BACKGROUND)),
        }
    }

    /// Blocks background reads.
    #[cfg(test)]
    pub(crate) async fn hold_background(&self) -> SemaphorePermit<'_> {
        hold(&self.background).await
    }

    /// Blocks reads that someone waits for.
    #[cfg(test)]
    pub(crate) async fn hold_asked(&self) -> [SemaphorePermit<'_>; 2] {
        [hold(&self.small).await, hold(&self.asked).await]
    }

    /// Waits for a background permit, or for an earlier one once `asked` is notified. Only then is `is_small`
    /// evaluated.
    pub(crate) async fn of(
        &self,
        asked: &Notify,
        is_small: impl Future<Output = bool>,
    ) -> Option<SemaphorePermit<'_>> {
        tokio::select! {
            biased;
            () = asked.notified() => {
                let turns = if is_small.await { &self.small } else { &self.asked };
                turns.acquire().await.ok()
            }
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
    use std::future::ready;
    use std::pin::pin;

    use super::*;

    #[tokio::test]
    async fn an_environment_that_is_asked_for_while_it_waits_in_the_background_goes_ahead() {
        let turns = ReadPermits::new(1);
        let (first, second) = (Notify::new(), Notify::new());
        let _busy = turns.of(&first, ready(true)).await.expect("a turn");
        let mut waiting = pin!(turns.of(&second, ready(true)));
        tokio::select! {
            biased;
            _ = &mut waiting => panic!("the only turn is taken"),
            () = ready(()) => second.notify_one(),
        }
        let _turn = waiting.await.expect("a turn of those that are asked for");
    }

    /// A permit, if one is free.
    async fn now<T>(turn: impl Future<Output = Option<T>>) -> Option<T> {
        tokio::select! {
            biased;
            turn = turn => turn,
            () = ready(()) => None,
        }
    }

    #[tokio::test]
    async fn a_small_environment_waits_for_no_large_one() {
        let turns = ReadPermits::new(1);
        let _background = turns.hold_background().await;
        let asked = Notify::new();
        let mut large = Vec::new();
        for _ in 0..ASKED {
            asked.notify_one();
            large.push(turns.of(&asked, ready(false)).await.expect("a turn"));
        }
        asked.notify_one();
        let another = now(turns.of(&asked, ready(false))).await;
        assert!(another.is_none(), "every turn is taken");
        asked.notify_one();
        assert!(now(turns.of(&asked, ready(true))).await.is_some());
    }
}
