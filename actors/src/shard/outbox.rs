//! What a socket could not take yet: the tail of one frame, and a few control frames behind it.
//!
//! That is all a slow consumer costs. Deltas never queue here: when the socket drains, its shard sends one that leads
//! from the version it was sent to the newest.

use std::io;

use bytes::Bytes;

use crate::metrics::{Counted, Metrics};
use crate::socket::Socket;
use crate::wheel::Tick;

/// Control frames (answers to pings, errors) that may wait behind a tail, in bytes.
const MAX_CONTROLS: usize = 2 * 1024;

/// A socket's way out.
#[derive(Default)]
pub(crate) struct Outbox {
    blocked: Option<Box<Blocked>>,
}

struct Blocked {
    tail: Bytes,
    controls: Vec<u8>,
    since: Tick,
    _counted: Counted,
}

/// What became of bytes given to an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The kernel has all of them.
    All,
    /// The kernel has some or none; the rest waits. Somebody must wait for the socket to become writable.
    Blocked,
    /// The socket is gone.
    Broken,
}

impl Outbox {
    /// Since when the socket has been taking nothing.
    pub(crate) fn blocked_since(&self) -> Option<Tick> {
        self.blocked.as_ref().map(|blocked| blocked.since)
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// Writes a frame. Only for an outbox that is not blocked: a delta that waits would be out of date.
    pub(crate) fn write(
        &mut self,
        socket: &Socket,
        frame: &Bytes,
        now: Tick,
        metrics: &Metrics,
    ) -> Sent {
        debug_assert!(!self.is_blocked());
        match try_write(socket, frame) {
            Ok(written) if written == frame.len() => Sent::All,
            Ok(written) => {
                let tail = frame.slice(written..);
                let blocked = Blocked {
                    tail,
                    controls: Vec::new(),
                    since: now,
                    _counted: metrics.slow_consumer(),
                };
                self.blocked = Some(Box::new(blocked));
                // Only a write that takes nothing tells the runtime to watch for room.
                if written == 0 {
                    Sent::Blocked
                } else {
                    self.resume(socket, now)
                }
            }
            Err(_) => Sent::Broken,
        }
    }

    /// Keeps a control frame for after the tail; false where there is no room for more.
    pub(crate) fn hold(&mut self, frame: &[u8]) -> bool {
        let Some(blocked) = &mut self.blocked else {
            return false;
        };
        if blocked.controls.len() + frame.len() > MAX_CONTROLS {
            return false;
        }
        blocked.controls.extend_from_slice(frame);
        true
    }

    /// Goes on with what waits.
    pub(crate) fn resume(&mut self, socket: &Socket, now: Tick) -> Sent {
        let Some(mut blocked) = self.blocked.take() else {
            return Sent::All;
        };
        while !blocked.tail.is_empty() {
            match try_write(socket, &blocked.tail) {
                Ok(0) => {
                    self.blocked = Some(blocked);
                    return Sent::Blocked;
                }
                Ok(written) => {
                    blocked.since = now;
                    blocked.tail = blocked.tail.slice(written..);
                    if blocked.tail.is_empty() {
                        blocked.tail = std::mem::take(&mut blocked.controls).into();
                    }
                }
                Err(_) => return Sent::Broken,
            }
        }
        Sent::All
    }
}

fn try_write(socket: &Socket, bytes: &[u8]) -> io::Result<usize> {
    match socket.try_write(bytes) {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        Ok(0) => Err(io::ErrorKind::WriteZero.into()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::AsyncReadExt as _;
    use tokio::net::{TcpListener, TcpStream};
    use tokio::time::Instant;

    use super::*;
    use crate::wheel::Wheel;

    async fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("a socket");
        let (stream, _) = listener.accept().await.expect("a socket");
        (Socket::new(stream), client)
    }

    #[tokio::test]
    async fn a_blocked_socket_keeps_a_tail_and_a_few_controls_and_loses_no_byte() {
        let (socket, mut client) = pair().await;
        let now = Wheel::<()>::new(Instant::now()).now();
        let metrics = Metrics::new();
        let mut outbox = Outbox::default();
        let frame: Bytes = (0..1_000_000)
            .map(|n: u32| n.to_le_bytes()[0])
            .collect::<Vec<u8>>()
            .into();

        let mut expected = 0;
        while outbox.write(&socket, &frame, now, &metrics) == Sent::All {
            expected += frame.len();
        }
        expected += frame.len();
        let kept = |outbox: &Outbox| outbox.blocked.as_ref().expect("blocked").tail.len();
        assert!(
            kept(&outbox) <= frame.len(),
            "what waits is a slice of the shared frame"
        );

        let control = [7; 100];
        let held = (0..1_000).filter(|_| outbox.hold(&control)).count();
        assert_eq!(held, MAX_CONTROLS / control.len());
        expected += held * control.len();

        let mut received = 0;
        let mut last = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        while received < expected {
            tokio::select! {
                read = client.read(&mut buffer) => {
                    let read = read.expect("bytes");
                    received += read;
                    last = buffer[..read].to_vec();
                }
                ready = poll_fn(|context| socket.poll_write_ready(context)), if outbox.is_blocked() => {
                    ready.expect("writable");
                    assert_ne!(outbox.resume(&socket, now), Sent::Broken);
                }
            }
        }
        assert!(!outbox.is_blocked());
        assert!(last.ends_with(&control), "controls come after the tail");
    }
}
