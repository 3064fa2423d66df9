//! What applications did with their flags, on its way to storage, or to an edge's spool.
//!
//! Batches wait in one bounded queue a node, whichever socket or request they came by. A writer takes what
//! is there, up to some thousand rows, and writes it in one transaction; only then is any of it acknowledged. A batch for which there is no room, or
//! which could not be written, is acknowledged to nobody, and its sender sends it again: its id makes it
//! count once. Nothing here ever waits in a mailbox.
//!
//! The queue outlives a panic of the writer; the batches that it was writing do not, and are acknowledged to nobody.

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

/// Where batches go in.
pub(crate) struct Ingest {
    queue: mpsc::Sender<Pending>,
    closing: watch::Sender<bool>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Why a batch was not taken.
#[derive(Debug, thiserror::Error)]
pub enum EventsError {
    /// It never will be.
    #[error(transparent)]
    Invalid(#[from] InvalidBatch),
    /// There is no room just now, or it could not be written. The same batch may be sent again.
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

    /// Takes a batch that was sent under a key. Never waits.
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

    /// Takes no more, and returns once everything taken is written or given up.
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
