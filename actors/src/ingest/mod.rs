//! Receives usage from applications, and writes it to storage or to an edge's spool.
//!
//! Batches wait in one bounded queue a node, whichever socket or request they came by, and leave it in fair turns. A
//! writer takes what is there, up to some thousand rows, and writes it in one transaction; where changes wait for that,
//! as with SQLite, only as many rows as are written in some milliseconds. A batch is acknowledged once all of it is
//! written. One for which there is no room, or which could not be written, is acknowledged to nobody, and its sender
//! sends it again: its id makes it count once. Nothing here ever waits in a mailbox.
//!
//! The queue survives a panic of the writer. The batches that it was writing do not, and are not acknowledged.

mod admit;
mod parts;
mod queue;
mod writer;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use peekaboo_protocol::Batch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use self::admit::InvalidBatch;
pub(crate) use self::parts::OnRecorded;
use self::parts::Pending;
use self::queue::{Queue, Sender};
#[cfg(test)]
pub(crate) use self::writer::POISON;
use self::writer::Writer;
use crate::config::HubConfig;
use crate::live::LiveKey;
use crate::metrics::Metrics;
use crate::restart;
use crate::source::Source;

/// The entrance of the queue.
pub(crate) struct Ingest {
    queue: Arc<Queue>,
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
        let queue = Arc::new(Queue::new(config.event_queue));
        let writer = Writer::new(source, Arc::clone(&queue));
        let writer = restart::keep_running("ingest", move || writer.clone().run());
        Self {
            queue,
            writer: Mutex::new(Some(writer)),
        }
    }

    /// Accepts a batch sent with a key. Never waits.
    pub(crate) fn offer(
        &self,
        key: &LiveKey,
        batch: Batch,
        now: time::OffsetDateTime,
        on_recorded: OnRecorded,
    ) -> Result<(), EventsError> {
        let admitted = admit::admit(key, batch, now).inspect_err(|_| Metrics::events("invalid"))?;
        let sender = Sender {
            organization: key.environment().tenant.organization,
            key: key.id(),
        };
        self.queue
            .offer(sender, Pending::new(admitted, on_recorded))
            .map_err(|_| {
                Metrics::events("refused");
                EventsError::Busy
            })
    }

    /// Takes no more, and returns once everything taken is written, or gives up what is not written by then: it is
    /// acknowledged to nobody, and its senders have it still.
    pub(crate) async fn finish(&self, within: Duration) {
        self.queue.close();
        let writer = self
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut writer) = writer
            && timeout(within, &mut writer).await.is_err()
        {
            tracing::warn!("usage that waits is given up; its senders will send it again");
            writer.abort();
        }
    }
}
