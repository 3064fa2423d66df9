//! Who may connect to the stream, and how fast.

use std::time::Duration;

/// What an operator may choose about who connects.
#[derive(Clone, Debug)]
pub struct StreamConfig {
    /// Sockets of this node, whatever they do.
    pub max_connections: usize,
    /// Sockets of one address, or of one /64 network of IPv6.
    pub max_connections_per_address: usize,
    /// Upgrades a second, over time.
    pub handshakes_per_second: u32,
    /// Upgrades at once.
    pub handshake_burst: u32,
    /// A client that has not sent its request by then is gone or up to no good.
    pub header_timeout: Duration,
    /// Under which path a proxy serves this listener, as `/flags`; empty where there is none.
    pub public_path: String,
}

impl Default for StreamConfig {
    fn default() -> Self {
        Self {
            max_connections: 1_000_000,
            max_connections_per_address: 1_000_000,
            handshakes_per_second: 5_000,
            handshake_burst: 5_000,
            header_timeout: Duration::from_secs(10),
            public_path: String::new(),
        }
    }
}
