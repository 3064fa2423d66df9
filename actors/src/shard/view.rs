//! What a connection receives: a projection of its environment, and the version that its client has.

use std::sync::Arc;

use bytes::Bytes;
use peekaboo_flags::Context;

use crate::metrics::Delivery;
use crate::state::{CatchUp, EnvironmentSnapshot};

/// A version that no environment reaches: the client holds nothing that a delta could continue from.
pub(super) const NOTHING: u64 = u64::MAX;

/// A projection of an environment, and the client's state in it.
pub(crate) enum View {
    /// Rules, up to a version.
    Server {
        /// The version sent.
        version: u64,
    },
    /// Evaluated values.
    Client(Box<ClientView>),
}

/// The values that one context gets.
pub(crate) struct ClientView {
    pub(super) context: Context,
    pub(super) held: Held,
    /// CONTEXTs that arrived while the socket was blocked; each gets a response.
    pub(super) unanswered: u32,
}

/// The state of a client with a client key.
pub(crate) enum Held {
    /// The client has the values of this state; the next change is computed from it.
    Snapshot(Arc<EnvironmentSnapshot>),
    /// The client has the values of an older version whose rules are no longer in memory: the next change repeats
    /// everything that may have changed.
    Version(u64),
}

impl Held {
    pub(super) fn version(&self) -> u64 {
        match self {
            Self::Snapshot(snapshot) => snapshot.version,
            Self::Version(version) => *version,
        }
    }

    /// Releases the rules, because a blocked socket must not keep old ones in memory.
    pub(super) fn forget(&mut self) {
        *self = Self::Version(self.version());
    }
}

impl View {
    pub(super) fn version(&self) -> u64 {
        match self {
            Self::Server { version } => *version,
            Self::Client(client) => client.held.version(),
        }
    }

    /// Moves to `snapshot`; returns the frame that moves the client too, or nothing if it would see no difference.
    pub(super) fn advance(
        &mut self,
        snapshot: &Arc<EnvironmentSnapshot>,
    ) -> Option<(Bytes, Delivery)> {
        match self {
            Self::Server { version } if *version == snapshot.version => None,
            Self::Server { version } => {
                let from = std::mem::replace(version, snapshot.version);
                Some(match snapshot.delta(from) {
                    Some(delta) => (delta, Delivery::Delta),
                    None => (snapshot.whole(), Delivery::Snapshot),
                })
            }
            Self::Client(client) => client.advance(snapshot),
        }
    }
}

impl ClientView {
    pub(super) fn advance(
        &mut self,
        snapshot: &Arc<EnvironmentSnapshot>,
    ) -> Option<(Bytes, Delivery)> {
        let held = std::mem::replace(&mut self.held, Held::Snapshot(snapshot.clone()));
        if self.unanswered > 0 {
            let answers = snapshot
                .empty_answer()
                .repeat(std::mem::take(&mut self.unanswered) as usize);
            let whole = snapshot.client_whole(&self.context);
            return Some(([&whole[..], &answers].concat().into(), Delivery::Snapshot));
        }
        match held {
            Held::Snapshot(former) if former.version == snapshot.version => None,
            Held::Snapshot(former) => snapshot
                .client_delta(&former, &self.context)
                .map(|delta| (delta, Delivery::Delta)),
            Held::Version(version) => match snapshot.client_catch_up(version, &self.context) {
                CatchUp::Current => None,
                CatchUp::Delta(delta) => Some((delta, Delivery::Delta)),
                CatchUp::Unreachable => {
                    Some((snapshot.client_whole(&self.context), Delivery::Snapshot))
                }
            },
        }
    }
}
