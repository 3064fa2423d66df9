//! The kinds of servers other than hubs.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{Dialect, nats, unleash_edge, ws};

/// The number of what sockets hold when they have subscribed.
pub(crate) const BASE: u64 = 1;

/// A server that sends one message to many sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Sender {
    Nats,
    Ws,
    UnleashEdge,
}

impl Sender {
    /// How one socket subscribes.
    pub(crate) fn dialect(self, address: SocketAddr) -> Box<dyn Dialect> {
        match self {
            Self::Nats => Box::new(nats::Subscriber::new(address)),
            Self::Ws => Box::new(ws::Subscriber::new(address)),
            Self::UnleashEdge => Box::new(unleash_edge::Subscriber::new(address)),
        }
    }
}
