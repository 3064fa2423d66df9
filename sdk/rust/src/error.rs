//! Why a client cannot be made.

use peekaboo_flags::LoadError;

/// Why a client could not be made: its options can never work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The key is not a server key.
    #[error(
        "the key must be a server key (pbs_…); client keys (pbc_…) are for browsers and receive no rules"
    )]
    Key,
    /// The address is missing, or not one of a hub.
    #[error(
        "invalid url {0:?}; use the address of the hub's SDK port, such as wss://flags.example.com"
    )]
    Url(String),
    /// What should be a ruleset is none.
    #[error("not a ruleset: {0}")]
    Ruleset(#[from] LoadError),
    /// The address asks for TLS, which cannot be had.
    #[error("cannot use TLS: {0}")]
    Tls(String),
    /// The client was built outside of a Tokio runtime.
    #[error("no Tokio runtime found: build the client inside one, or pass its handle as `runtime`")]
    NoRuntime,
}
