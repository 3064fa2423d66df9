//! The ruleset as it is written: what a server key receives, what exports and files hold.
//!
//! These types say what a ruleset *is*; they never decide anything. Reading them is already the shape check
//! (see [`crate::CompiledRuleset::load`] for the lenient reader), `validate` is the check of meaning.

mod changes;
mod condition;
mod flag;
pub(crate) mod integer;
mod metadata;
pub(crate) mod object;
mod ruleset;
mod segment;
mod serve;
mod value;

pub use changes::Changes;
pub use condition::{Bucket, Clause, Condition, MAX_CONDITION_DEPTH, Operator};
pub use flag::{Flag, FlagType, Prerequisite, Rule, Target};
pub(crate) use metadata::is_noted;
pub use metadata::{Metadata, RESERVED_METADATA};
pub use ruleset::{MAX_NESTING, Ruleset};
pub use segment::Segment;
pub use serve::{BUCKETS, Serve, Split};
pub use value::{TARGETING_KEY, Value};
