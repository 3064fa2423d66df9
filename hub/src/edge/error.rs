//! Errors that end an edge before it serves anything.

use std::io;

/// Why an edge failed.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// No upstream is configured.
    #[error(
        "no upstream is configured; use for example --upstream wss://flags.example.com (edge.upstream)"
    )]
    NoUpstream,
    /// No key is configured.
    #[error(
        "no key is given; make a server key in the dashboard for each environment that this edge is to serve, and give \
         them in PEEKABOO_EDGE_KEYS or with --key (edge.keys)"
    )]
    NoKeys,
    /// TLS cannot be used.
    #[error("cannot prepare TLS: {0}")]
    Tls(String),
    /// A listener's own address cannot be read.
    #[error("cannot read a listener's address: {0}")]
    Listener(#[from] io::Error),
    /// The actors cannot be started.
    #[error("cannot start the edge: {0}")]
    Hub(#[from] peekaboo_actors::Error),
    /// The usage that waits for the upstream cannot be read.
    #[error("cannot read the stored usage in {folder}: {error}")]
    Spool {
        /// Where it is.
        folder: String,
        /// What is wrong.
        error: io::Error,
    },
    /// The upstream refused every key.
    #[error("{upstream} refused every key: {reasons}")]
    Refused {
        /// The upstream's URL.
        upstream: String,
        /// Why it refused each key.
        reasons: String,
    },
}
