#![doc = include_str!("../README.md")]

mod builder;
mod change;
mod client;
mod closing;
mod connection;
mod detail;
mod dial;
mod entry;
mod error;
mod file;
mod flag;
mod kept_rules;
#[cfg(feature = "open-feature")]
pub mod openfeature;
mod rules;
mod session;
mod shared;
mod status;
mod tally;
pub mod testing;
#[cfg(test)]
mod tests;
mod unreachable;
mod usage;
mod value;

pub use builder::{ClientBuilder, Source};
pub use change::{Change, Changes};
pub use client::Client;
pub use detail::{Detail, EvaluationError};
pub use error::BuildError;
pub use flag::Flag;
pub use peekaboo_flags::model::Metadata;
pub use peekaboo_flags::{Context, Reason};
pub use status::{NotReady, Refusal, Status, StatusChanges};
