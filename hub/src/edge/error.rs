//! Why an edge ends without having served.

use std::io;

/// Why an edge failed.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// There is nothing to follow.
    #[error(
        "no upstream is configured; use for example --upstream wss://flags.example.com (edge.upstream)"
    )]
    NoUpstream,
    /// There is nothing to serve.
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
    /// The upstream lets nobody in.
    #[error("{upstream} refused every key: {reasons}")]
    Refused {
        /// Who refuses.
        upstream: String,
        /// Why each is refused.
        reasons: String,
    },
}
