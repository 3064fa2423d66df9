//! Limits of the stream's listener.

use std::time::Duration;

/// Limits that operators can set.
#[derive(Clone, Debug)]
pub struct StreamConfig {
    /// Maximum number of sockets on this node.
    pub max_connections: usize,
    /// Maximum number of sockets of one IPv4 address or one IPv6 /64 network.
    pub max_connections_per_address: usize,
    /// Maximum rate of upgrades per second.
    pub handshakes_per_second: u32,
    /// Maximum number of upgrades in a burst.
    pub handshake_burst: u32,
    /// A client that has not sent its request by then is closed.
    pub header_timeout: Duration,
    /// The path under which a proxy serves this listener, such as `/flags`; empty if there is none.
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
