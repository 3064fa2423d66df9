//! The messages of a shard: from the hub's handle, connections, tenants, and its own timers.
//!
//! The mailbox is unbounded, so its senders bound it: an accept and an end for each admitted socket, the messages
//! within a connection's rate limits, an ACK for each batch among them, one message per change and tenant, ten ticks
//! per second, one `Writable` for each blocked socket, and one `Proceed` at a time.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use peekaboo_flags::Context;
use peekaboo_protocol::{CloseCode, ErrorCode, Resume};
use peekaboo_storage::EnvironmentId;
use ractor::ActorRef;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio_util::task::AbortOnDropHandle;

use crate::live::{Environment, LiveKey};
use crate::wire::{Handshake, Socket};

pub(crate) enum Message {
    /// Accept an upgraded socket.
    Accept(Box<Accept>),
    /// A message from a connection's client.
    Input(SlotId, Input),
    /// A connection's actor has ended.
    Ended { slot: SlotId, panicked: bool },
    /// The environment has a newer snapshot.
    Changed(Arc<Environment>),
    /// The environment's keys have changed since its edges received them.
    KeysChanged(Arc<Environment>),
    /// Keys of the environment were revoked or have expired.
    KeysDied(EnvironmentId),
    /// A blocked socket is writable again.
    Writable(SlotId),
    /// Serve some more sockets.
    Proceed,
    /// A tenth of a second has passed.
    Tick,
    /// Disconnect everyone, spread over the window; reply when the last one is gone.
    Drain(Duration, oneshot::Sender<()>),
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// A socket to accept.
pub(crate) struct Accept {
    pub(crate) stream: TcpStream,
    pub(crate) read_ahead: Bytes,
    pub(crate) handshake: Handshake,
}

/// A message that a connection passes on.
pub(crate) enum Input {
    /// HELLO, with a valid key.
    Attach(Box<Attach>),
    /// Evaluate for another context.
    Context(Box<Context>),
    /// Continue from the named version.
    Resync(Resume),
    /// Send the environment's keys, now and whenever they change. Contains the keys that were used at the edge.
    Follow(Vec<String>),
    /// Answer a WebSocket ping.
    Ping(Bytes),
    /// A batch is durable.
    Ack(Box<str>),
    /// A batch is invalid, and why.
    InvalidEvents(Box<str>),
    /// Answer with ERROR.
    Error(ErrorCode),
    /// Close, for this reason.
    Refuse(CloseCode),
    /// The client closes.
    Goodbye,
}

/// A connection that passed all checks.
pub(crate) struct Attach {
    pub(crate) key: Arc<LiveKey>,
    pub(crate) resume: Option<Resume>,
    pub(crate) context: Context,
    pub(crate) sdk: String,
}

/// A socket that has a slot, and needs a reader.
pub(crate) struct Opened {
    pub(crate) socket: Arc<Socket>,
    /// The bytes after the upgrade request.
    pub(crate) read_ahead: Bytes,
    pub(crate) handshake: Handshake,
    pub(crate) slot: SlotId,
    pub(crate) shard: ActorRef<Message>,
}

/// Starts the reader of a socket, which ends when the handle is dropped. A shard gets this closure, because connections
/// depend on shards and not the other way.
pub(crate) type Readers = Arc<dyn Fn(Opened) -> AbortOnDropHandle<()> + Send + Sync>;

/// Identifies a connection within its shard. Slot numbers are reused, ids are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SlotId {
    pub(super) index: u32,
    pub(super) generation: u32,
}

impl fmt::Display for SlotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{:x}", self.index, self.generation)
    }
}
