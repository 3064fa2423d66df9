//! What the last statements showed of the database: whether it answers, and whether it takes writes.
//!
//! A database that is away costs one caller the time for a connection, and not each of a request's calls in turn. A
//! database that answers but refuses writes, mostly because its disk is full, is reported until a write succeeds.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::{is_disk_full, is_read_only, is_unreachable};

/// After a call could not reach the database, others are refused at once for this long.
const PAUSE: Duration = Duration::from_secs(1);

/// Why a database that answers takes no writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteRefusal {
    /// Its disk is full, or its file may not grow.
    Full,
    /// It is read-only, or its disk is.
    ReadOnly,
}

/// Shared by everything that asks one database.
pub(crate) struct Availability {
    reach: Mutex<Reach>,
    refusal: watch::Sender<Option<WriteRefusal>>,
}

#[derive(Default)]
struct Reach {
    answered_at: Option<Instant>,
    away_until: Option<Instant>,
}

impl Availability {
    pub(crate) fn new() -> Self {
        Self {
            reach: Mutex::default(),
            refusal: watch::channel(None).0,
        }
    }

    /// Whether the database did not answer a moment ago, so that asking again would only take time.
    pub(crate) fn is_away(&self) -> bool {
        let away_until = self.reach().away_until;
        away_until.is_some_and(|until| Instant::now() < until)
    }

    /// Notes that the database answered.
    pub(crate) fn answered(&self) {
        let mut reach = self.reach();
        reach.answered_at = Some(Instant::now());
        reach.away_until = None;
    }

    /// Notes why something failed that began at `began`. Of a database that answered somebody else since then, only this
    /// caller's connection is lost, or all connections are in use.
    pub(crate) fn failed(&self, error: &sqlx::Error, began: Instant) {
        if is_disk_full(error) {
            self.refuses(WriteRefusal::Full);
        } else if is_read_only(error) {
            self.refuses(WriteRefusal::ReadOnly);
        } else if is_unreachable(error) {
            let mut reach = self.reach();
            if reach.answered_at.is_none_or(|answered| answered < began) {
                reach.away_until = Some(Instant::now() + PAUSE);
            }
        }
    }

    /// Notes that a write was committed.
    pub(crate) fn committed(&self) {
        self.refusal
            .send_if_modified(|refusal| refusal.take().is_some());
    }

    /// Why the last write was refused, until one succeeds.
    pub(crate) fn refusal(&self) -> watch::Receiver<Option<WriteRefusal>> {
        self.refusal.subscribe()
    }

    fn refuses(&self, why: WriteRefusal) {
        self.refusal
            .send_if_modified(|refusal| refusal.replace(why) != Some(why));
    }

    fn reach(&self) -> MutexGuard<'_, Reach> {
        self.reach.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_did_not_answer_is_left_alone_for_a_moment() {
        let availability = Availability::new();
        let began = Instant::now();
        tokio::time::advance(Duration::from_secs(2)).await;
        availability.failed(&sqlx::Error::PoolTimedOut, began);
        assert!(availability.is_away());
        tokio::time::advance(PAUSE).await;
        assert!(!availability.is_away(), "it is asked again");
    }

    #[tokio::test(start_paused = true)]
    async fn a_database_that_answers_others_is_not_away() {
        let availability = Availability::new();
        let began = Instant::now();
        tokio::time::advance(Duration::from_secs(1)).await;
        availability.answered();
        tokio::time::advance(Duration::from_secs(1)).await;
        availability.failed(&sqlx::Error::PoolTimedOut, began);
        assert!(!availability.is_away());
    }
}
