//! The actors over real sockets, on SQLite. Nothing here waits for a time to pass, only for things to happen.

mod client;
mod connections;
mod delivery;
mod edges;
mod events;
mod followers;
mod hints;
mod keys;
mod outages;
mod projection;
mod stopping;
mod supervision;
mod world;
