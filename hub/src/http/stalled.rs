//! A socket whose peer has to take what is sent to it: a write that makes no progress for some time fails.
//!
//! An answer that nobody reads would hold its connection, and the answer's memory, for as long as TCP keeps it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// The socket.
pub(crate) struct Stalled<S> {
    socket: S,
    within: Duration,
    /// When a write that waits fails.
    deadline: Option<Pin<Box<Sleep>>>,
}

impl<S> Stalled<S> {
    /// Each write has to make progress within this time.
    pub(crate) fn new(socket: S, within: Duration) -> Self {
        Self {
            socket,
            within,
            deadline: None,
        }
    }

    pub(crate) fn into_inner(self) -> S {
        self.socket
    }

    /// Passes a write's progress on, or its failure once it has waited for too long.
    fn watch<T>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.deadline = None;
            return written;
        }
        let within = self.within;
        let deadline = self
            .deadline
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + within)));
        ready!(deadline.as_mut().poll(context));
        let error = io::Error::new(io::ErrorKind::TimedOut, "the peer does not read its answer");
        Poll::Ready(Err(error))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Stalled<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Stalled<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(context);
        self.watch(context, flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.socket).poll_shutdown(context);
        self.watch(context, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    const WITHIN: Duration = Duration::from_secs(15);

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_nobody_reads_fails() {
        let (ours, _theirs) = duplex(16);
        let began = Instant::now();
        let written = Stalled::new(ours, WITHIN).write_all(&[0; 64]).await;
        let error = written.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!((WITHIN..WITHIN * 2).contains(&began.elapsed()));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_is_read_slowly_arrives() {
        let (ours, mut theirs) = duplex(16);
        let writing = tokio::spawn(async move {
            let mut ours = Stalled::new(ours, WITHIN);
            ours.write_all(&[7; 64]).await
        });
        let mut read = [0; 64];
        for piece in read.chunks_mut(16) {
            tokio::time::advance(WITHIN * 9 / 10).await;
            theirs.read_exact(piece).await.expect("it is written");
        }
        assert_eq!(read, [7; 64]);
        writing.await.expect("no panic").expect("no error");
    }
}
