//! The actors of a hub: tenants that own state, shards that write to sockets, connections that read from them.
//!
//! A [`Hub`] is the handle to them. Changes go in by [`Hub::execute`] and come out on every socket of the environments
//! that they touch. Reads are lock-free snapshots and never ask an actor. This crate speaks WebSocket frames, but no
//! HTTP: sockets come in upgraded, by [`Hub::accept`].
//!
//! Modules form layers; each imports only what is above it in this table (`layers.toml` is checked):
//!
//! | layer | what it is |
//! | --- | --- |
//! | `metrics`, `config`, `error` | what every layer may use |
//! | `wire`, `restart` | sockets, frames, throttles: bytes, and nothing of flags; how failures are started again |
//! | `state` | one version of an environment and its frames; immutable, holds no handle |
//! | `source` | the database, or an edge's upstream and its spool, and snapshot files; asked, never asks back |
//! | `live` | what several actors share while a tenant is in memory: environments, keys, the tenant's mailbox |
//! | `ingest`, `shard` | batches of events on their way to the source; the actors that write to sockets |
//! | `registry` | what is in memory; never waits |
//! | `tenant` | the actor that executes commands, follows the log and publishes |
//! | `directory` | finds what may not be in memory; may wait |
//! | `connection`, `access` | those who come by socket, and those who come by HTTP |
//! | `supervision` | starts actors, and starts them again when they fail |
//! | `hub` | the handle |
//!
//! A lower layer reaches a higher one only through what it was given: a mailbox (`live` holds that of the tenant), a
//! closure (a shard starts readers, ingest reports that a batch is durable), or a channel.

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
/// What the fuzz target for frames needs; no part of the interface.
#[doc(hidden)]
pub use wire::{WireEvent, WireParser};
