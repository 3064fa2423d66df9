//! The ruleset as it is written: what a server key receives, what exports and files hold.
//!
//! These types say what a ruleset *is*; they never decide anything. Reading them is already the shape check
//! (see [`crate::CompiledRuleset::load`] for the lenient reader), `validate` is the check of meaning.

mod changes;
mod condition;
mod flag;
pub(crate) mod integer;
pub(crate) mod object;
mod segment;
mod serve;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use changes::Changes;
pub use condition::{Bucket, Clause, Condition, Operator};
pub use flag::{Flag, FlagType, Prerequisite, Rule, Target};
pub use segment::Segment;
pub use serve::{Serve, Split};

/// The value of a variation or an attribute: any JSON. Numbers are IEEE doubles, whatever they were written as.
pub type Value = serde_json::Value;

/// The attribute that holds the context's targeting key, and the default of every `by` and `attribute`.
pub const TARGETING_KEY: &str = "targetingKey";

/// What the weights of a split sum to, and one past the last bucket.
pub const BUCKETS: u32 = 100_000;

/// How deep a condition may nest, however it arrives; a deeper one is malformed.
///
/// The limit is part of the format: JSON parsers stop at 128 levels, a condition takes up to two a level, and every
/// walk over a condition may therefore recurse.
pub const MAX_CONDITION_DEPTH: usize = 32;

/// How many flags and segments may be under evaluation at once, each called for by the one before.
///
/// Evaluation beyond it answers GENERAL, so writers refuse longer chains of prerequisites, segments and flag conditions.
pub const MAX_NESTING: usize = 32;

/// Everything an environment needs to evaluate its flags.
///
/// Deserialising is all or nothing; to keep the good flags beside a malformed one, use
/// [`crate::CompiledRuleset::load`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ruleset {
    /// Changes when history is replaced (a restore), so that versions of different histories are never compared.
    #[serde(default)]
    pub epoch: String,
    /// Advances by exactly one with each committed change of the environment.
    #[serde(default, deserialize_with = "integer::u64")]
    pub version: u64,
    /// By flag key.
    #[serde(default)]
    pub flags: BTreeMap<String, Flag>,
    /// By segment key.
    #[serde(default)]
    pub segments: BTreeMap<String, Segment>,
}

impl Ruleset {
    /// Applies a change in place; the version is the caller's to set.
    pub fn apply(&mut self, changes: &Changes) {
        for key in &changes.deleted_flags {
            self.flags.remove(key);
        }
        for key in &changes.deleted_segments {
            self.segments.remove(key);
        }
        let flags = changes.put_flags.iter();
        self.flags
            .extend(flags.map(|(key, flag)| (key.clone(), flag.clone())));
        let segments = changes.put_segments.iter();
        self.segments
            .extend(segments.map(|(key, segment)| (key.clone(), segment.clone())));
    }
}

fn targeting_key() -> String {
    TARGETING_KEY.to_owned()
}
