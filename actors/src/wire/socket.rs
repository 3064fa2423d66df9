//! A socket as its shard and its connection actor share it: the one writes, the other reads.
//!
//! There is no lock: a socket's two directions are independent, and each has one owner.

use std::io::{self, IoSlice};
use std::net::Shutdown;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use rustix::io::Errno;
use rustix::net::SendFlags;
use socket2::SockRef;
use tokio::io::ReadBuf;
use tokio::net::TcpStream;

/// A TCP stream after its upgrade.
pub(crate) struct Socket {
    stream: TcpStream,
    /// Set by the reader on every byte, cleared by the shard when it asks for a sign of life.
    heard: AtomicBool,
    /// HELLO has come; its key is being looked up.
    said_hello: AtomicBool,
}

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            heard: AtomicBool::new(false),
            said_hello: AtomicBool::new(false),
        }
    }

    /// For the reader alone. (`readable().await` would do, but pins whatever task waited on this stream before.)
    pub(crate) fn poll_read_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll_read_ready(context)
    }

    /// For the reader alone.
    pub(crate) fn try_read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.stream.try_read(buffer)?;
        if length > 0 {
            self.heard.store(true, Ordering::Relaxed);
        }
        Ok(length)
    }

    /// For the reader alone, while it does not read: whether the socket has ended. Something sent that was not read yet
    /// hides that.
    pub(crate) fn poll_ended(&self, context: &mut Context<'_>) -> Poll<()> {
        let mut byte = [0];
        match self.stream.poll_peek(context, &mut ReadBuf::new(&mut byte)) {
            Poll::Ready(Ok(1..)) | Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(0) | Err(_)) => Poll::Ready(()),
        }
    }

    /// For the shard alone.
    pub(crate) fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        match rustix::net::send(
            &self.stream,
            bytes,
            SendFlags::DONTWAIT | SendFlags::NOSIGNAL,
        ) {
            // The runtime watches for room only once it has seen that there is none.
            Err(Errno::AGAIN) => self.stream.try_write(bytes),
            other => Ok(other?),
        }
    }

    /// For the shard alone: writes of both, in order, with one call.
    pub(crate) fn try_write_both(&self, first: &[u8], second: &[u8]) -> io::Result<usize> {
        let both = [IoSlice::new(first), IoSlice::new(second)];
        self.stream.try_write_vectored(&both)
    }

    /// For the one task that waits on the shard's behalf while this socket is blocked.
    pub(crate) fn poll_write_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.poll_write_ready(context)
    }

    /// Whether anything arrived since this was last asked.
    pub(crate) fn take_heard(&self) -> bool {
        self.heard.swap(false, Ordering::Relaxed)
    }

    /// Called by the reader once HELLO has come.
    pub(crate) fn note_hello(&self) {
        self.said_hello.store(true, Ordering::Relaxed);
    }

    /// Whether HELLO has come, even if its key is still being looked up.
    pub(crate) fn said_hello(&self) -> bool {
        self.said_hello.load(Ordering::Relaxed)
    }

    /// Sends what is written and then the end of the stream; the client's last words can still be read, so that its
    /// kernel does not answer them by throwing away our close frame.
    pub(crate) fn finish_writing(&self) {
        self.shut_down(Shutdown::Write);
    }

    /// Ends both directions, which also ends the connection actor's reading.
    pub(crate) fn cut(&self) {
        self.shut_down(Shutdown::Both);
    }

    fn shut_down(&self, how: Shutdown) {
        // It fails only where the peer was first, which is as well.
        let _ = SockRef::from(&self.stream).shutdown(how);
    }
}
