//! Durable background work: retention, deletion, mail, and whatever later becomes due.
//!
//! Work is rows of the table `tasks`, queued in the transaction that needs it done. On each node that can write, a
//! [`Runner`] claims what is due under a lease, does it, and retries what failed. Work on the database happens exactly
//! once, for it commits together with its completion ([`DatabaseTask`]). Work elsewhere happens at least once, under an
//! identifier that stays the same ([`ExternalTask`]). No SQL is written here; that is the business of `storage`.

mod backoff;
mod config;
mod deletion;
mod failure;
mod lane;
pub mod mail;
mod metrics;
mod password_reset;
mod registry;
mod retention;
mod run;
mod runner;
mod work;

pub use backoff::Backoff;
pub use config::{LaneConfig, RunnerConfig};
pub use deletion::{Deleted, Deletion};
pub use failure::Failure;
pub use metrics::METRICS;
pub use password_reset::PasswordResets;
pub use registry::Registry;
pub use retention::{Forget, Old, Retention};
pub use runner::Runner;
pub use work::{Chunk, DatabaseTask, ExternalTask, Step};
