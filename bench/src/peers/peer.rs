//! What can be measured, by name.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::{engines, nats, unleash_edge, ws};
use crate::dialects::Sender;

/// What can be measured next to ours, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// nats-server, over WebSockets
    Nats,
    /// Node's `ws`
    Ws,
    /// Unleash Edge, by server-sent events
    UnleashEdge,
    /// LaunchDarkly's and Unleash's engines
    Engines,
}

impl Peer {
    pub(super) const ALL: [Self; 4] = [Self::Nats, Self::Ws, Self::UnleashEdge, Self::Engines];

    /// The name by which it is asked for.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Nats => "nats",
            Self::Ws => "ws",
            Self::UnleashEdge => "unleash-edge",
            Self::Engines => "engines",
        }
    }

    /// The server that it is; `None` for engines, which have no sockets.
    pub(crate) fn sender(self) -> Option<Sender> {
        match self {
            Self::Nats => Some(Sender::Nats),
            Self::Ws => Some(Sender::Ws),
            Self::UnleashEdge => Some(Sender::UnleashEdge),
            Self::Engines => None,
        }
    }

    /// Looks for it in the folder that the installer fills; otherwise says how to get it.
    pub(super) fn find(self, folder: &Path) -> Result<PathBuf, String> {
        let found = match self {
            Self::Nats => nats::find(folder),
            Self::Ws => ws::find(folder),
            Self::UnleashEdge => unleash_edge::find(folder),
            Self::Engines => engines::find(folder),
        };
        found.map_err(|reason| {
            format!(
                "{name} was not measured: {reason} ({}): get it with `bench/peers/install {name}`",
                folder.display(),
                name = self.name()
            )
        })
    }
}
