//! The messages of a shard: from the hub's handle, connections, tenants, and its own timers.
//!
//! The mailbox is unbounded, and bounded by what feeds it: an accept and an end for each socket that admission let in,
//! what a connection's throttles let through, an ACK for each batch among that, one message a change and tenant, ten
//! ticks a second, one `Writable` for each blocked socket, and one `Proceed` at a time.

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
    /// Take an upgraded socket.
    Accept(Box<Accept>),
    /// What a connection's client sent.
    Input(SlotId, Input),
    /// A connection's actor has ended.
    Ended { slot: SlotId, panicked: bool },
    /// The environment has a newer snapshot.
    Changed(Arc<Environment>),
    /// The environment's keys have changed since its edges received them.
    KeysChanged(Arc<Environment>),
    /// Keys of the environment were revoked or have expired.
    KeysDied(EnvironmentId),
    /// A blocked socket can take more.
    Writable(SlotId),
    /// Serve some more sockets.
    Proceed,
    /// A tenth of a second has passed.
    Tick,
    /// Say goodbye to everyone, spread over the window; answered when the last is gone.
    Drain(Duration, oneshot::Sender<()>),
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// A socket to take.
pub(crate) struct Accept {
    pub(crate) stream: TcpStream,
    pub(crate) read_ahead: Bytes,
    pub(crate) handshake: Handshake,
}

/// What a connection actor passes on.
pub(crate) enum Input {
    /// HELLO, with a key that is good.
    Attach(Box<Attach>),
    /// Evaluate for another context.
    Context(Box<Context>),
    /// Go on from the version named.
    Resync(Resume),
    /// Send the environment's keys, now and whenever they change. Holds the keys that were used at the edge.
    Follow(Vec<String>),
    /// Answer a WebSocket ping.
    Ping(Bytes),
    /// A batch is durable.
    Ack(Box<str>),
    /// A batch can never be counted, and why.
    InvalidEvents(Box<str>),
    /// Answer with ERROR.
    Error(ErrorCode),
    /// Close, for this reason.
    Refuse(CloseCode),
    /// The client closes.
    Goodbye,
}

/// A connection that may be served.
pub(crate) struct Attach {
    pub(crate) key: Arc<LiveKey>,
    pub(crate) resume: Option<Resume>,
    pub(crate) context: Context,
    pub(crate) sdk: String,
}

/// A socket that has a slot, and needs someone to read from it.
pub(crate) struct Opened {
    pub(crate) socket: Arc<Socket>,
    /// What arrived behind the upgrade request.
    pub(crate) read_ahead: Bytes,
    pub(crate) handshake: Handshake,
    pub(crate) slot: SlotId,
    pub(crate) shard: ActorRef<Message>,
}

/// Starts the reader of a socket, which ends when the handle is dropped. A shard is given this instead of knowing
/// connections, which know it.
pub(crate) type Readers = Arc<dyn Fn(Opened) -> AbortOnDropHandle<()> + Send + Sync>;

/// Names a connection within its shard; a number is used again, a name is not.
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
