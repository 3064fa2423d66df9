//! Sends usage up one stream: a few batches at a time, each repeated until the upstream acknowledges it.
//!
//! Everything in the outbox is also on disk. The outbox is dropped with its stream, and the next stream starts with the
//! same batches and the same ids.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use peekaboo_actors::{Spool, UsageUpload};
use peekaboo_protocol::{Batch, ClientFrame, ErrorCode};
use peekaboo_storage::EnvironmentId;
use time::OffsetDateTime;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

/// How long usage is collected, from the first entry until all of it is sent as one.
const GATHERED_FOR: Duration = Duration::from_secs(1);

/// The maximum number of unacknowledged batches. The upstream's queue holds about a thousand.
const WINDOW: usize = 8;

/// How long to wait for an acknowledgment before a batch is sent again: a busy upstream does not respond. The
/// same time passes before a disk that cannot be read is read again.
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// The usage of an environment that is being sent.
pub(super) struct Outbox {
    spool: Spool,
    environment: EnvironmentId,
    arrivals: Arc<Notify>,
    /// When to act next; `None`: when new usage arrives.
    next_look: Option<Instant>,
    window: usize,
    upload: Option<UsageUpload>,
    waiting: VecDeque<Batch>,
    on_the_way: Vec<(Batch, Instant)>,
}

impl Outbox {
    pub(super) fn new(spool: Spool, environment: EnvironmentId) -> Self {
        Self {
            arrivals: spool.arrivals(environment),
            // There may be usage from an earlier run.
            next_look: Some(Instant::now()),
            spool,
            environment,
            window: WINDOW,
            upload: None,
            waiting: VecDeque::new(),
            on_the_way: Vec::new(),
        }
    }

    /// Waits until there may be something to send. Can be canceled and called again at any time.
    pub(super) async fn wait(&mut self) {
        let look = if let Some(look) = self.next_look {
            look
        } else {
            self.arrivals.notified().await;
            *self.next_look.insert(Instant::now() + GATHERED_FOR)
        };
        sleep_until(look).await;
    }

    /// The batches to send now.
    pub(super) async fn due(&mut self) -> Vec<ClientFrame> {
        let now = Instant::now();
        self.next_look = None;
        let mut frames = Vec::new();
        for (batch, sent) in &mut self.on_the_way {
            if now.duration_since(*sent) >= AGAIN_AFTER {
                *sent = now;
                frames.push(ClientFrame::events(batch));
            }
        }
        self.open_next().await;
        while self.on_the_way.len() < self.window
            && let Some(batch) = self.waiting.pop_front()
        {
            frames.push(ClientFrame::events(&batch));
            self.on_the_way.push((batch, now));
        }
        let again = self.on_the_way.iter().map(|(_, sent)| *sent + AGAIN_AFTER);
        self.next_look = self.next_look.into_iter().chain(again).min();
        frames
    }

    /// Handles an acknowledgment; returns the batches to send next.
    pub(super) async fn acknowledged(&mut self, id: &str) -> Vec<ClientFrame> {
        let before = self.on_the_way.len();
        self.on_the_way.retain(|(batch, _)| batch.id != id);
        if self.on_the_way.len() == before {
            return Vec::new();
        }
        self.due().await
    }

    /// Handles a refusal. The upstream does not say which batch it refused, so from here on they are sent one by one.
    pub(super) async fn refused(&mut self, code: &str) -> Vec<ClientFrame> {
        if code == ErrorCode::EventsUnsupported.name() {
            self.window = 0;
            self.on_the_way.clear();
            return Vec::new();
        }
        if code != ErrorCode::EventsInvalid.name() {
            return Vec::new();
        }
        if let [(batch, _)] = &self.on_the_way[..] {
            tracing::error!(
                batch = batch.id,
                "the upstream rejected a batch of usage for good; discarding it"
            );
            self.on_the_way.clear();
        }
        self.window = 1;
        self.due().await
    }

    /// Removes an upload that has been acknowledged completely, and opens the next.
    async fn open_next(&mut self) {
        while self.window > 0 && self.waiting.is_empty() && self.on_the_way.is_empty() {
            if let Some(upload) = self.upload.take() {
                self.spool.delivered(self.environment, upload).await;
            }
            let now = OffsetDateTime::now_utc();
            match self.spool.oldest(self.environment, now).await {
                Ok(Some(mut upload)) => {
                    self.waiting = std::mem::take(&mut upload.batches).into();
                    self.upload = Some(upload);
                }
                Ok(None) => return,
                Err(error) => {
                    tracing::warn!(%error, "cannot read usage on disk");
                    self.next_look = Some(Instant::now() + AGAIN_AFTER);
                    return;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use uuid::Uuid;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_outbox_looks_once_at_first_and_then_only_for_usage_that_comes() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path().join("usage"), 1 << 20).await;
        let spool = spool.expect("a spool");
        let environment = EnvironmentId::from_uuid(Uuid::from_u128(7));
        let mut outbox = Outbox::new(spool.clone(), environment);
        outbox.wait().await;
        assert!(outbox.due().await.is_empty());
        assert!(outbox.wait().now_or_never().is_none());
        assert_eq!(outbox.next_look, None);

        spool.arrivals(environment).notify_one();
        assert!(outbox.wait().now_or_never().is_none(), "more may come");
        let came = Instant::now();
        outbox.wait().await;
        assert_eq!(came.elapsed(), GATHERED_FOR);
        assert!(outbox.due().await.is_empty());
        assert_eq!(outbox.next_look, None);
    }
}
