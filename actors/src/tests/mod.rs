//! Tests of the actors together, in two rings. Nothing waits for real time to pass, only for things to happen.
//!
//! - On **real time**: actors over real sockets, on SQLite (`world.rs`). Paused time does not fit there: tokio moves it
//!   ahead whenever every task waits, and a task that waits for a socket or a database waits, so that deadlines would
//!   pass while an answer is on its way.
//! - On **paused time** (`paused.rs`): a hub over a mirror, whose state is in memory (`edge.rs`). What depends on time is
//!   tested here, with the times of production.
//!
//! What depends on time and on a socket (HELLO's deadline, heartbeats, slow consumers, drains) is in the shard's state,
//! which is told the time: its tests are in `shard/tests.rs`.

mod client;
mod connections;
mod delivery;
mod edge;
mod edges;
mod events;
mod followers;
mod hints;
mod keys;
mod loading;
mod outages;
mod paused;
mod projection;
mod stopping;
mod supervision;
mod world;
