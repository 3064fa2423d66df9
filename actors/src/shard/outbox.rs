//! The data that a socket could not take yet: the rest of one frame (at the start, of WELCOME and the frame after it),
//! and a few control frames after it.
//!
//! This is all that a slow consumer costs. Deltas never queue here: when the socket drains, its shard sends one delta
//! from the client's version to the newest.

use std::io;

use bytes::Bytes;

use super::wheel::Tick;
use crate::metrics::{Counted, Metrics};
use crate::wire::Socket;

/// The maximum size of control frames (responses to pings, errors) that wait behind a tail, in bytes.
const MAX_CONTROLS: usize = 2 * 1024;

/// The outgoing data of a socket.
#[derive(Default)]
pub(crate) struct Outbox {
    blocked: Option<Box<Blocked>>,
}

struct Blocked {
    tail: Bytes,
    /// The shared frame behind the tail; usually empty.
    next: Bytes,
    controls: Vec<u8>,
    since: Tick,
    _counted: Counted,
}

/// The result of writing to an outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// The kernel accepted all bytes.
    All,
    /// The kernel accepted some or none; the rest waits until the socket is writable.
    Blocked,
    /// The socket is closed.
    Broken,
}

impl Outbox {
    /// Since when the socket has been blocked.
    pub(crate) fn blocked_since(&self) -> Option<Tick> {
        self.blocked.as_ref().map(|blocked| blocked.since)
    }

    pub(crate) fn is_blocked(&self) -> bool {
        self.blocked.is_some()
    }

    /// Writes a frame and the one after it, which may be empty, without copying. Only for an outbox that is not
    /// blocked: a waiting delta would become outdated.
    pub(crate) fn write(
        &mut self,
        socket: &Socket,
        [first, second]: [&Bytes; 2],
        now: Tick,
        metrics: &Metrics,
    ) -> Sent {
        debug_assert!(!self.is_blocked());
        let written = if second.is_empty() {
            try_write(socket, first)
        } else {
            taken(socket.try_write_both(first, second))
        };
        match written {
            Ok(written) if written == first.len() + second.len() => Sent::All,
            Ok(written) => {
                let of_first = written.min(first.len());
                let (tail, next) = (first.slice(of_first..), second.slice(written - of_first..));
                let (tail, next) = if tail.is_empty() {
                    (next, tail)
                } else {
                    (tail, next)
                };
                let blocked = Blocked {
                    tail,
                    next,
                    controls: Vec::new(),
                    since: now,
                    _counted: metrics.slow_consumer(),
                };
                self.blocked = Some(Box::new(blocked));
                // Only a write that accepts nothing makes the runtime watch for writability.
                if written == 0 {
                    Sent::Blocked
                } else {
                    self.resume(socket, now)
                }
            }
            Err(_) => Sent::Broken,
        }
    }

    /// Queues a control frame behind the tail; false if there is no room.
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

    /// Continues with the pending data.
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
                        blocked.tail = std::mem::take(&mut blocked.next);
                    }
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
    taken(socket.try_write(bytes))
}

fn taken(written: io::Result<usize>) -> io::Result<usize> {
    match written {
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

    use super::super::wheel::TimerWheel;
    use super::*;

    async fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
        let address = listener.local_addr().expect("an address");
        let client = TcpStream::connect(address).await.expect("a socket");
        let (stream, _) = listener.accept().await.expect("a socket");
        (Socket::new(stream), client)
    }

    /// Reads until the outbox is empty and all of this has arrived.
    async fn read(
        client: &mut TcpStream,
        socket: &Socket,
        outbox: &mut Outbox,
        now: Tick,
        length: usize,
    ) -> Vec<u8> {
        let mut received = Vec::new();
        while received.len() < length {
            tokio::select! {
                read = client.read_buf(&mut received) => assert_ne!(read.expect("bytes"), 0),
                ready = poll_fn(|context| socket.poll_write_ready(context)), if outbox.is_blocked() => {
                    ready.expect("writable");
                    assert_ne!(outbox.resume(socket, now), Sent::Broken);
                }
            }
        }
        assert!(!outbox.is_blocked());
        received
    }

    #[tokio::test]
    async fn a_shared_frame_behind_another_is_never_copied_and_comes_whole() {
        let now = TimerWheel::<()>::new(Instant::now()).now();
        let metrics = Metrics::new();
        let shared: Bytes = vec![2; 16 << 20].into();
        // Once with the socket blocking within the second frame, and once within the first.
        for first in [vec![1; 100], vec![1; 16 << 20]] {
            let (socket, mut client) = pair().await;
            let mut outbox = Outbox::default();
            let first: Bytes = first.into();
            let sent = outbox.write(&socket, [&first, &shared], now, &metrics);
            assert_eq!(sent, Sent::Blocked);
            let blocked = outbox.blocked.as_ref().expect("blocked");
            for kept in [&blocked.tail, &blocked.next] {
                let within = |whole: &Bytes| {
                    let range = whole.as_ptr_range();
                    range.contains(&kept.as_ptr())
                };
                assert!(kept.is_empty() || within(&first) || within(&shared));
            }
            let control = b"control";
            assert!(outbox.hold(control));
            let expected = [&first[..], &shared, control].concat();
            let received = read(&mut client, &socket, &mut outbox, now, expected.len()).await;
            assert!(received == expected, "in order, and nothing else");
        }
    }

    #[tokio::test]
    async fn a_blocked_socket_keeps_a_tail_and_a_few_controls_and_loses_no_byte() {
        let (socket, mut client) = pair().await;
        let now = TimerWheel::<()>::new(Instant::now()).now();
        let metrics = Metrics::new();
        let mut outbox = Outbox::default();
        let frame: Bytes = (0..1_000_000)
            .map(|n: u32| n.to_le_bytes()[0])
            .collect::<Vec<u8>>()
            .into();

        let mut expected = 0;
        while outbox.write(&socket, [&frame, &Bytes::new()], now, &metrics) == Sent::All {
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

        let received = read(&mut client, &socket, &mut outbox, now, expected).await;
        assert_eq!(received.len(), expected);
        assert!(received.ends_with(&control), "controls come after the tail");
    }
}
