//! What a receiver is told and what it answers: one answer to each command, in order.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::clock::Nanos;
use crate::dialects::Sender;

/// How the connections of a group talk to their server.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum ClientProtocol {
    /// `peekaboo.v1`; the floor's server speaks as much of it as is sent to it.
    Peekaboo {
        /// The SDK key.
        key: String,
        /// Whether it is a client key, so that each connection has a context of its own.
        contexts: bool,
    },
    /// Another server's own.
    Peer(Sender),
}

/// Connections that are told, awaited and counted together.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Group {
    /// Its number, from 0, as the run knows it.
    pub(crate) id: u32,
    /// The server.
    pub(crate) address: SocketAddr,
    pub(crate) speech: ClientProtocol,
    /// Connections announce a small window and small segments, so that a server's kernel takes little for them: those
    /// who will stall, as one on a bad line does.
    pub(crate) narrow: bool,
    /// The number of its first connection here; contexts are made from numbers.
    pub(crate) first: u32,
    /// How many connections this receiver holds of it.
    pub(crate) count: u32,
}

/// What a receiver is to do.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Command {
    /// Open a group's connections, so many at once, up to the state that each begins with.
    Open {
        group: Group,
        at_once: u32,
        deadline: Nanos,
    },
    /// Close connections of a group at once: those from `from`, as many as `count`, counted around its end.
    Drop { group: u32, from: u32, count: u32 },
    /// Open again what was closed of a group, with or without the version that was held.
    Reopen {
        group: u32,
        resume: bool,
        at_once: u32,
        deadline: Nanos,
    },
    /// Read nothing more of a group, or read on.
    Stall { group: u32, stalled: bool },
    /// Answer once every open connection of these groups holds the version next to it.
    Await {
        versions: Vec<(u32, u64)>,
        deadline: Nanos,
    },
    /// Read until then, whatever comes.
    Idle { until: Nanos },
    /// Hand over the deliveries since this was last asked.
    Collect,
    /// Hand over what the first connection of a group was sent since this was last asked.
    RecordedFrames { group: u32 },
    /// Compare what every connection of a group holds with this ruleset.
    Compare { group: u32, ruleset: String },
}

/// One change on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Delivery {
    pub(crate) group: u32,
    /// The connection's number in its group.
    pub(crate) number: u32,
    /// The version that was held before.
    pub(crate) from: u32,
    /// The version that was brought.
    pub(crate) to: u32,
    pub(crate) arrived: Nanos,
}

/// When a version was committed, by the server's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Commit {
    pub(crate) group: u32,
    pub(crate) version: u32,
    pub(crate) wall_micros: u64,
}

/// Deliveries since they were last asked for.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Collected {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) commits: Vec<Commit>,
    /// Bytes read, of everything.
    pub(crate) bytes: u64,
}

/// One connection's way to the state that it begins with.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(crate) struct Handshake {
    /// Before `connect`.
    pub(crate) began: Nanos,
    /// Up to date.
    pub(crate) ended: Nanos,
    /// What followed WELCOME: 0 nothing, 1 a delta, 2 a snapshot.
    pub(crate) mode: u8,
}

/// Frames as they were on the wire.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct RecordedFrames {
    /// WELCOME and what came with it.
    pub(crate) welcome: Vec<u8>,
    /// Each later message, and the version that it brought.
    pub(crate) messages: Vec<(u32, Vec<u8>)>,
}

/// How final states compare.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Comparison {
    pub(crate) alike: u32,
    pub(crate) different: u32,
    /// What the first that differs holds instead.
    pub(crate) example: Option<String>,
}

/// What a receiver answers.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) enum Answer {
    Opened(Vec<Handshake>),
    Done,
    Collected(Collected),
    RecordedFrames(RecordedFrames),
    Compared(Comparison),
    /// The run is over: why.
    Failed(String),
}
