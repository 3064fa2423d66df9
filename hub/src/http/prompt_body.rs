//! A request's body that has to arrive: at once as far as it is short, and then at a speed that any network has.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// What every body may take, whatever its length.
const PATIENCE: Duration = Duration::from_secs(10);

/// The least bytes a second that arrive behind that.
const LEAST_SPEED: u64 = 16 * 1024;

/// The body did not arrive in time.
#[derive(Debug, thiserror::Error)]
#[error("the body did not arrive in time")]
pub(crate) struct Late;

/// A body with a deadline, which moves with what has arrived.
pub(crate) struct PromptBody<B> {
    body: B,
    began: Instant,
    received: u64,
    deadline: Option<Pin<Box<Sleep>>>,
    on_end: Option<Box<dyn FnOnce() + Send>>,
}

impl<B: Body> PromptBody<B> {
    pub(crate) fn new(body: B) -> Self {
        Self {
            body,
            began: Instant::now(),
            received: 0,
            deadline: None,
            on_end: None,
        }
    }

    /// Calls this once the whole body has arrived.
    pub(crate) fn on_end(mut self, on_end: impl FnOnce() + Send + 'static) -> Self {
        if self.body.is_end_stream() {
            on_end();
        } else {
            self.on_end = Some(Box::new(on_end));
        }
        self
    }

    fn due(&self) -> Instant {
        self.began + PATIENCE + Duration::from_millis(self.received * 1_000 / LEAST_SPEED)
    }
}

impl<B> Body for PromptBody<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<axum::BoxError>,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let due = self.due();
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.deadline = None;
            if let Some(Ok(frame)) = &frame
                && let Some(data) = frame.data_ref()
            {
                self.received += data.len() as u64;
                // However little comes at a time, and however often.
                if Instant::now() > due {
                    return Poll::Ready(Some(Err(Late.into())));
                }
            }
            let is_last = frame.is_none() || self.body.is_end_stream();
            if let Some(on_end) = self.on_end.take_if(|_| is_last) {
                on_end();
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(sleep_until(due)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Some(Err(Late.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::{BodyExt as _, StreamBody};

    use super::*;

    /// Pieces of so many bytes, one a second.
    fn sent(pieces: u64, bytes: usize) -> impl Body<Data = Bytes, Error = std::io::Error> + Unpin {
        let pieces = stream::unfold(0, move |sent| async move {
            (sent < pieces).then_some(())?;
            tokio::time::sleep(Duration::from_secs(1)).await;
            Some((Ok(Frame::data(Bytes::from(vec![b' '; bytes]))), sent + 1))
        });
        StreamBody::new(Box::pin(pieces))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_trickles_is_given_up() {
        let began = Instant::now();
        let read = PromptBody::new(sent(1_000, 1)).collect().await;
        assert!(read.expect_err("late").is::<Late>());
        assert!(began.elapsed() <= PATIENCE + Duration::from_secs(1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_never_comes_is_given_up() {
        let nothing = StreamBody::new(stream::pending::<Result<Frame<Bytes>, std::io::Error>>());
        let began = Instant::now();
        let read = PromptBody::new(nothing).collect().await;
        assert!(read.expect_err("late").is::<Late>());
        assert!((PATIENCE..PATIENCE * 2).contains(&began.elapsed()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_body_has_the_time_that_a_slow_network_takes() {
        let read = PromptBody::new(sent(120, 64 * 1024)).collect().await;
        assert_eq!(read.expect("in time").to_bytes().len(), 120 * 64 * 1024);
    }
}
