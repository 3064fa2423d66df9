//! The actors of a hub: tenants that own state, shards that write to sockets, connections that read from them.
//!
//! A [`Hub`] is the handle to them. Changes go in with [`Hub::execute`] and come out on every socket of the affected
//! environments. Reads are lock-free snapshots and never ask an actor. This crate speaks WebSocket frames but no HTTP:
//! it receives upgraded sockets with [`Hub::accept`].
//!
//! Modules form layers. Each module imports only those above it in this table (`layers.toml` is checked):
//!
//! | layer | what it is |
//! | --- | --- |
//! | `metrics`, `config`, `error` | used by every layer |
//! | `wire`, `restart` | sockets, frames, throttles: bytes without any knowledge of flags; restarts after failures |
//! | `state` | one version of an environment and its frames; immutable, without handles |
//! | `source` | the database, or an edge's upstream and its spool, and snapshot files; never calls back |
//! | `live` | state that several actors share while a tenant is in memory: environments, keys, the tenant's mailbox |
//! | `ingest`, `shard` | batches of usage on their way to the source; the actors that write to sockets |
//! | `registry` | everything in memory; never waits |
//! | `tenant` | the actor that executes commands, follows the log and publishes |
//! | `directory` | finds things that may not be in memory; can wait |
//! | `connection`, `access` | clients with a socket, and clients over HTTP |
//! | `supervision` | starts actors, and restarts them when they fail |
//! | `hub` | the handle |
//!
//! A lower layer reaches a higher one only through a value it was given: a mailbox (`live` holds that of the tenant), a
//! closure (a shard starts readers, ingest reports durable batches), or a channel.

mod access;
mod config;
mod connection;
mod directory;
mod error;
mod hub;
mod ingest;
mod live;
mod metrics;
mod registry;
mod restart;
mod shard;
mod source;
mod state;
mod supervision;
mod tenant;
#[cfg(test)]
mod tests;
mod wire;

pub use access::{Access, Follower, Notice};
pub use config::HubConfig;
pub use error::{Error, Result};
pub use hub::Hub;
pub use ingest::{EventsError, InvalidBatch};
pub use live::{Connections, TenantEvent};
pub use metrics::{METRICS, MetricInfo, MetricKind};
pub use source::{Mirror, Spool, UsageUpload};
pub use state::{ContentCoding, EnvironmentSnapshot};
pub use wire::{Handshake, Permit};
/// For the fuzz target of frames; not part of the interface.
#[doc(hidden)]
pub use wire::{WireEvent, WireParser};
