//! The actors of a hub: tenants that own state, shards that write to sockets, connections that read from them.
//!
//! A [`Hub`] is the handle to them. Changes go in by [`Hub::execute`] and come out on every socket of the environments
//! that they touch. Reads are lock-free snapshots and never ask an actor. This crate speaks WebSocket frames, but no
//! HTTP: sockets come in upgraded, by [`Hub::accept`].

mod access;
mod census;
mod config;
mod connection;
mod directory;
mod environment;
mod error;
mod events;
mod feed;
mod follower;
mod history;
mod hub;
mod ingest;
mod keys;
mod metrics;
mod origin;
mod root;
mod shard;
mod source;
mod tenant;
#[cfg(test)]
mod tests;
mod ticket;
mod wheel;
mod wire;

pub use access::Access;
pub use census::Connections;
pub use config::HubConfig;
pub use environment::{Coding, EnvironmentSnapshot};
pub use error::{Error, Result};
pub use events::TenantEvent;
pub use follower::{Follower, Notice};
pub use hub::Hub;
pub use ingest::{EventsError, InvalidBatch};
pub use metrics::{METRICS, MetricInfo, MetricKind};
pub use source::{Mirror, Parcel, Spool};
pub use wire::{Handshake, Permit};
