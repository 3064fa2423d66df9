//! The client as its users see it: over a pipe with the clock in the test's hand, over real sockets, and over files.

mod client;
mod conformance;
mod kept_rules;
mod local;
mod network;
#[cfg(feature = "open-feature")]
mod openfeature;
mod reconnect;
mod rig;
mod usage;
