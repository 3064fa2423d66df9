//! The task that writes batches: as many as wait, in one transaction.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, watch};

use crate::metrics::Metrics;
use crate::source::Source;
use crate::source::usage::Admitted;

/// Batches in one transaction: enough for its commit not to matter, few enough for others to have their turn.
const TOGETHER: usize = 256;

/// Called with the batch's id once the batch is durable. It is dropped uncalled when the batch could not be written, so a
/// channel's sender inside it closes.
pub(crate) type OnDurable = Box<dyn FnOnce(&str) + Send>;

/// A batch that waits to be written.
pub(super) struct Pending {
    pub(super) admitted: Admitted,
    pub(super) on_durable: OnDurable,
}

/// The task's parts; clones share them, so that a task which is started again goes on with the same queue.
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

    /// Writes until told to close, and then what still waits.
    pub(super) async fn run(self) {
        let Self {
            source,
            queue,
            mut closing,
        } = self;
        // Only one task runs at a time.
        let mut queue = queue.lock().await;
        loop {
            let mut pending = Vec::new();
            tokio::select! {
                biased;
                // That its sender is gone means the same.
                () = told(&mut closing), if !queue.is_closed() => queue.close(),
                taken = queue.recv_many(&mut pending, TOGETHER) => match taken {
                    0 => return,
                    _ => write(&source, pending).await,
                },
            }
        }
    }
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
    let written = match source.record_usage(&batches).await {
        Ok(new) => new.into_iter().map(Some).collect(),
        Err(error) if error.is_temporary() => {
            tracing::warn!(%error, batches = batches.len(), "usage could not be written; its senders will send it again");
            vec![None; batches.len()]
        }
        // One that the database refuses must not take the others with it.
        Err(_) => apart(source, &batches).await,
    };
    for ((batch, on_durable), new) in batches.iter().zip(callbacks).zip(written) {
        let Some(new) = new else {
            Metrics::events("failed");
            continue;
        };
        Metrics::events(if new { "accepted" } else { "duplicate" });
        on_durable(&batch.batch.id);
    }
}

async fn apart(source: &Source, batches: &[Admitted]) -> Vec<Option<bool>> {
    let mut written = Vec::with_capacity(batches.len());
    for batch in batches {
        let new = source.record_usage(std::slice::from_ref(batch)).await;
        let new = new.inspect_err(|error| tracing::warn!(%error, "a batch could not be written"));
        written.push(new.ok().and_then(|new| new.first().copied()));
    }
    written
}

/// The id of a batch that makes the writer panic.
#[cfg(test)]
pub(crate) const POISON: &str = "poison";
