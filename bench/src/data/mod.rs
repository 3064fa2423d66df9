//! A database as a large customer has it, filled by set-based SQL in a minute or two instead of by a million requests.
//!
//! Rows are inserted under the schema of the first release, which never changes. Then the storage migrates the database,
//! as it would a customer's: so the newest schema needs no change here, and a run says how long the upgrade takes.

mod block;
mod fill;
mod keys;
mod size;
mod store;
mod usage;

pub(crate) use block::EnvironmentPath;
pub(crate) use fill::{Filled, fill};
pub(crate) use size::Size;
pub(crate) use usage::{DAYS, EVENT};
