//! The task that writes batches: all that wait, in one transaction.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::parts::{PART_ROWS, Part};
use super::queue::Queue;
use crate::metrics::Metrics;
use crate::source::Source;
use crate::source::usage::Admitted;

/// Rows in one transaction at most: enough for its commit and its statements not to matter.
const MOST_ROWS: usize = 5_000;

/// How long a transaction should take that others have to wait for. It leaves half of the 50 ms that a change may wait
/// for usage to the slowest of them.
const LONGEST: Duration = Duration::from_millis(25);

/// The task's parts; clones share them, so a restarted task continues with the same queue.
#[derive(Clone)]
pub(super) struct Writer {
    source: Source,
    queue: Arc<Queue>,
    /// Held by the task that runs.
    turn: Arc<Mutex<()>>,
}

/// How many rows are written at once.
struct Pace {
    rows: usize,
    /// Whether changes wait for the transaction.
    is_shared: bool,
}

impl Writer {
    pub(super) fn new(source: Source, queue: Arc<Queue>) -> Self {
        Self {
            source,
            queue,
            turn: Arc::default(),
        }
    }

    /// Writes until the queue is closed, and then what still waits.
    pub(super) async fn run(self) {
        let _turn = self.turn.lock().await;
        let mut pace = Pace::of(&self.source);
        while let Some(parts) = self.queue.next(pace.rows).await {
            let began = Instant::now();
            write(&self.source, parts).await;
            pace.took(began.elapsed());
        }
    }
}

impl Pace {
    fn of(source: &Source) -> Self {
        let is_shared = source.has_one_writer();
        let rows = if is_shared { PART_ROWS } else { MOST_ROWS };
        Self { rows, is_shared }
    }

    /// Takes fewer rows the next time if changes waited too long for these, else more.
    fn took(&mut self, time: Duration) {
        if !self.is_shared {
            return;
        }
        self.rows = if time > LONGEST {
            (self.rows / 2).max(1)
        } else if time < LONGEST / 2 {
            (self.rows * 2).min(MOST_ROWS)
        } else {
            self.rows
        };
    }
}

async fn write(source: &Source, parts: Vec<Part>) {
    #[cfg(test)]
    assert!(
        parts.iter().all(|part| part.admitted.batch.id != POISON),
        "poisoned"
    );
    let batches: Vec<Admitted> = parts.iter().map(|part| part.admitted.clone()).collect();
    let recorded = record(source, &batches).await;
    for (part, recorded) in parts.into_iter().zip(recorded) {
        match recorded {
            Recorded::Written(is_new) => {
                if let Some(is_new) = part.written(is_new) {
                    Metrics::events(if is_new { "accepted" } else { "duplicate" });
                }
            }
            Recorded::Failed => {
                if part.failed() {
                    Metrics::events("failed");
                }
            }
            Recorded::Refused => {
                if part.refused() {
                    Metrics::events("invalid");
                }
            }
        }
    }
}

/// What became of a part.
#[derive(Clone, Copy)]
enum Recorded {
    /// It is durable; whether it was new.
    Written(bool),
    /// It may be written another time.
    Failed,
    /// The database will never take it.
    Refused,
}

/// Records parts together, and where the database refuses them or takes too long in halves, so that one takes no other
/// with it.
async fn record(source: &Source, batches: &[Admitted]) -> Vec<Recorded> {
    let mut recorded = vec![Recorded::Failed; batches.len()];
    let mut left = vec![(0, batches.len())];
    while let Some((from, to)) = left.pop() {
        let together = &batches[from..to];
        match source.record_usage(together).await {
            Ok(new) => {
                for (recorded, new) in recorded[from..to].iter_mut().zip(new) {
                    *recorded = Recorded::Written(new);
                }
            }
            Err(error) if together.len() > 1 && error.may_concern_one_of_many() => {
                let middle = from + together.len() / 2;
                left.extend([(middle, to), (from, middle)]);
            }
            Err(error) if error.refuses_data() => {
                tracing::error!(%error, "the database refuses a batch of usage; its sender is told to drop it");
                recorded[from..to].fill(Recorded::Refused);
            }
            Err(error) => {
                tracing::warn!(%error, batches = together.len(), "usage could not be written; its senders will send it again");
            }
        }
    }
    recorded
}

/// The id of a batch that makes the writer panic.
#[cfg(test)]
pub(crate) const POISON: &str = "poison";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_that_changes_wait_for_become_short() {
        let mut pace = Pace {
            rows: MOST_ROWS,
            is_shared: true,
        };
        for _ in 0..20 {
            // A millisecond for each ten rows.
            pace.took(Duration::from_millis(pace.rows as u64 / 10));
        }
        assert!((100..=250).contains(&pace.rows), "{} rows", pace.rows);
    }

    #[test]
    fn transactions_that_nobody_waits_for_are_as_large_as_they_come() {
        let mut pace = Pace {
            rows: MOST_ROWS,
            is_shared: false,
        };
        pace.took(Duration::from_secs(1));
        assert_eq!(pace.rows, MOST_ROWS);
    }
}
