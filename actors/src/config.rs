//! What an operator may choose about the actors.

use std::path::PathBuf;
use std::time::Duration;

use time::OffsetDateTime;

/// Settings of a hub's actors; the defaults are for production.
#[derive(Clone, Debug)]
pub struct HubConfig {
    /// Actors that write to sockets; as many as there are worker threads serve best.
    pub shards: usize,
    /// After this long without a byte sent, a connection gets a ping.
    pub heartbeat: Duration,
    /// A connection that has not said HELLO by then is closed.
    pub hello_timeout: Duration,
    /// A connection whose key could not be looked up by then is told to come back.
    pub lookup_timeout: Duration,
    /// A connection that has not read for this long is closed.
    pub slow_consumer_timeout: Duration,
    /// A tenant that no one has used for this long leaves memory.
    pub tenant_idle_timeout: Duration,
    /// Clients are asked to come back between these two after a drain.
    pub reconnect_after: (Duration, Duration),
    /// Connections that one organization may hold on this node.
    pub max_connections_per_tenant: usize,
    /// Connections that one key may hold on this node.
    pub max_connections_per_key: usize,
    /// Requests by HTTP that one key may make in a second on this node, over time.
    pub requests_per_second_per_key: u32,
    /// Requests by HTTP that one key may make at once.
    pub request_burst_per_key: u32,
    /// Changes an environment remembers, so that a client which missed them gets a delta.
    pub history: usize,
    /// Where snapshots are kept for a start without the database; `None` keeps none.
    pub snapshots: Option<PathBuf>,
    /// Batches of events that may wait for the database; there is no room for more.
    pub event_queue: usize,
    /// The wall clock, for keys that expire and for propagation times.
    pub clock: fn() -> OffsetDateTime,
}

impl Default for HubConfig {
    fn default() -> Self {
        Self {
            shards: std::thread::available_parallelism().map_or(1, usize::from),
            heartbeat: Duration::from_secs(25),
            hello_timeout: Duration::from_secs(5),
            lookup_timeout: Duration::from_secs(10),
            slow_consumer_timeout: Duration::from_secs(30),
            tenant_idle_timeout: Duration::from_mins(10),
            reconnect_after: (Duration::from_millis(500), Duration::from_secs(5)),
            max_connections_per_tenant: 1_000_000,
            max_connections_per_key: 1_000_000,
            requests_per_second_per_key: 100_000,
            request_burst_per_key: 100_000,
            history: 1_000,
            snapshots: None,
            event_queue: 1_024,
            clock: OffsetDateTime::now_utc,
        }
    }
}
