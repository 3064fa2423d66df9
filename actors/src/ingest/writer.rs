//! The task that writes batches: all that wait, in one transaction.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, watch};

use crate::metrics::Metrics;
use crate::source::Source;
use crate::source::usage::Admitted;

/// The number of rows in a transaction, exceeded by at most one batch: enough that the commit and statements do not
/// matter, and few enough to take about a tenth of a second, for which other writers may have to wait.
const TOGETHER: usize = 5_000;

/// Called with the batch's id once the batch is durable. Dropped without a call if the batch could not be written,
/// which closes a channel's sender inside it.
pub(crate) type OnDurable = Box<dyn FnOnce(&str) + Send>;

/// A batch that waits to be written.
pub(super) struct Pending {
    pub(super) admitted: Admitted,
    pub(super) on_durable: OnDurable,
}

impl Pending {
    /// The number of rows that it needs, including that of its id.
    fn rows(&self) -> usize {
        let batch = &self.admitted.batch;
        1 + batch.counts.len() + batch.exposures.len() + batch.events.len()
    }
}

/// The task's parts; clones share them, so a restarted task continues with the same queue.
#[derive(Clone)]
pub(super) struct Writer {
    source: Source,
    queue: Arc<Mutex<mpsc::Receiver<Pending>>>,
    closing: watch::Receiver<bool>,
}

impl Writer {
    pub(super) fn new(
        source: Source,
        queue: mpsc::Receiver<Pending>,
        closing: watch::Receiver<bool>,
    ) -> Self {
        Self {
            source,
            queue: Arc::new(Mutex::new(queue)),
            closing,
        }
    }

    /// Writes until it is told to close, and then the remaining batches.
    pub(super) async fn run(self) {
        let Self {
            source,
            queue,
            mut closing,
        } = self;
        // Only one task runs at a time.
        let mut queue = queue.lock().await;
        loop {
            tokio::select! {
                biased;
                // A dropped sender means the same.
                () = told(&mut closing), if !queue.is_closed() => queue.close(),
                first = queue.recv() => match first {
                    None => return,
                    Some(first) => write(&source, gather(first, &mut queue)).await,
                },
            }
        }
    }
}

/// Collects waiting batches, up to the number of rows in a transaction.
fn gather(first: Pending, queue: &mut mpsc::Receiver<Pending>) -> Vec<Pending> {
    let mut rows = first.rows();
    let mut pending = vec![first];
    while rows < TOGETHER
        && let Ok(next) = queue.try_recv()
    {
        rows += next.rows();
        pending.push(next);
    }
    pending
}

async fn told(closing: &mut watch::Receiver<bool>) {
    let _ = closing.wait_for(|closing| *closing).await;
}

async fn write(source: &Source, pending: Vec<Pending>) {
    let (batches, callbacks): (Vec<Admitted>, Vec<_>) = pending
        .into_iter()
        .map(|pending| (pending.admitted, pending.on_durable))
        .unzip();
    #[cfg(test)]
    assert!(
        batches.iter().all(|batch| batch.batch.id != POISON),
        "poisoned"
    );
    let written = record(source, &batches).await;
    for ((batch, on_durable), new) in batches.iter().zip(callbacks).zip(written) {
        let Some(new) = new else {
            Metrics::events("failed");
            continue;
        };
        Metrics::events(if new { "accepted" } else { "duplicate" });
        on_durable(&batch.batch.id);
    }
}

/// Records batches together. If the database refuses them, tries them in halves, so that an invalid batch does not
/// affect others. Returns for each whether it was new, or nothing if it was not written.
async fn record(source: &Source, batches: &[Admitted]) -> Vec<Option<bool>> {
    let mut written = vec![None; batches.len()];
    let mut left = vec![(0, batches.len())];
    while let Some((from, to)) = left.pop() {
        let together = &batches[from..to];
        match source.record_usage(together).await {
            Ok(new) => {
                for (written, new) in written[from..to].iter_mut().zip(new) {
                    *written = Some(new);
                }
            }
            Err(error) if together.len() == 1 || error.is_temporary() => {
                tracing::warn!(%error, batches = together.len(), "cannot store usage; clients will send it again");
            }
            Err(_) => {
                let middle = from + together.len() / 2;
                left.extend([(middle, to), (from, middle)]);
            }
        }
    }
    written
}

/// The id of a batch that makes the writer panic.
#[cfg(test)]
pub(crate) const POISON: &str = "poison";
