//! A server of another kind while it runs.

use std::net::SocketAddr;

use super::process::Process;
use super::upstream::Upstream;

/// A running sender, ended when dropped.
pub(super) struct Server {
    /// Where subscribers connect.
    pub(super) address: SocketAddr,
    pub(super) version: String,
    /// What differs from its defaults.
    pub(super) settings: String,
    pub(super) publishing: Publishing,
    pub(super) process: Process,
    pub(super) _folder: Option<tempfile::TempDir>,
}

/// How it is made to send a message.
pub(super) enum Publishing {
    Nats(SocketAddr),
    Ws(SocketAddr),
    UnleashEdge(Upstream),
}
