//! Errors of building a client.

use peekaboo_flags::LoadError;

/// Why a client could not be built: its options can never work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The key is not a server key.
    #[error(
        "the key must be a server key (pbs_…); client keys (pbc_…) are for browsers and receive no rules"
    )]
    Key,
    /// The URL is missing, or is not the URL of a hub.
    #[error(
        "invalid url {0:?}; use the address of the hub's SDK port, such as wss://flags.example.com"
    )]
    Url(String),
    /// The value is not a ruleset.
    #[error("not a ruleset: {0}")]
    Ruleset(#[from] LoadError),
    /// The URL requires TLS, which is not available.
    #[error("cannot use TLS: {0}")]
    Tls(String),
    /// The client was built outside of a Tokio runtime.
    #[error("no Tokio runtime found: build the client inside one, or pass its handle as `runtime`")]
    NoRuntime,
}
