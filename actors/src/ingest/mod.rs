//! Receives usage from applications, and writes it to storage or to an edge's spool.
//!
//! Batches of all sockets and requests wait in one bounded queue per node. A writer takes the waiting batches, up to a
//! few thousand rows, and writes them in one transaction; only then are they acknowledged. If the queue is full or the
//! write fails, a batch is not acknowledged, and its sender sends it again; its id makes it count only once. Nothing
//! here waits in a mailbox.
//!
//! The queue survives a panic of the writer. The batches that it was writing do not, and are not acknowledged.

mod admit;
mod writer;

use std::sync::{Mutex, PoisonError};

use peekaboo_protocol::Batch;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

pub use self::admit::InvalidBatch;
pub(crate) use self::writer::OnDurable;
#[cfg(test)]
pub(crate) use self::writer::POISON;
use self::writer::{Pending, Writer};
use crate::config::HubConfig;
use crate::live::LiveKey;
use crate::metrics::Metrics;
use crate::restart;
use crate::source::Source;

/// The entrance of the queue.
pub(crate) struct Ingest {
    queue: mpsc::Sender<Pending>,
    closing: watch::Sender<bool>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Why a batch was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// The batch is invalid; do not send it again.
    #[error(transparent)]
    Invalid(#[from] InvalidBatch),
    /// The queue is full, or the write failed. The same batch can be sent again.
    #[error("events cannot be stored at the moment: send the same batch again with the same id")]
    Busy,
}

impl Ingest {
    /// Starts the writer.
    pub(crate) fn start(source: Source, config: &HubConfig) -> Self {
        let (queue, pending) = mpsc::channel(config.event_queue.max(1));
        let (closing, closes) = watch::channel(false);
        let writer = Writer::new(source, pending, closes);
        let writer = restart::keep_running("ingest", move || writer.clone().run());
        Self {
            queue,
            closing,
            writer: Mutex::new(Some(writer)),
        }
    }

    /// Accepts a batch sent with a key. Never waits.
    pub(crate) fn offer(
        &self,
        key: &LiveKey,
        batch: Batch,
        now: time::OffsetDateTime,
        on_durable: OnDurable,
    ) -> Result<(), EventsError> {
        let admitted = admit::admit(key, batch, now).inspect_err(|_| Metrics::events("invalid"))?;
        self.queue
            .try_send(Pending {
                admitted,
                on_durable,
            })
            .map_err(|_| {
                Metrics::events("refused");
                EventsError::Busy
            })
    }

    /// Accepts no more batches, and returns once all accepted ones are written or discarded.
    pub(crate) async fn finish(&self) {
        self.closing.send_replace(true);
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(writer) = writer {
            let _ = writer.await;
        }
    }
}
