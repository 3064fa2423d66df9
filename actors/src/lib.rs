//! The actors of a hub: tenants that own state, shards that write to sockets, connections that read from them.
//!
//! A [`Hub`] is the handle to them. Changes go in by [`Hub::execute`] and come out on every socket of the environments
//! that they touch. Reads are lock-free snapshots and never ask an actor. This crate speaks WebSocket frames, but no
//! HTTP: sockets come in upgraded, by [`Hub::accept`].

mod access;
mod config;
mod connection;
mod directory;
mod error;
mod feed;
mod follower;
mod hub;
mod ingest;
mod live;
mod metrics;
mod root;
mod shard;
mod source;
mod state;
mod tenant;
#[cfg(test)]
mod tests;
mod ticket;
mod wheel;
mod wire;

pub use access::Access;
pub use config::HubConfig;
pub use error::{Error, Result};
pub use follower::{Follower, Notice};
pub use hub::Hub;
pub use ingest::{EventsError, InvalidBatch};
pub use live::{Connections, TenantEvent};
pub use metrics::{METRICS, MetricInfo, MetricKind};
pub use source::{Mirror, Parcel, Spool};
pub use state::{Coding, EnvironmentSnapshot};
pub use wire::{Handshake, Permit};
