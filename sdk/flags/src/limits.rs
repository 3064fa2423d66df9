//! How large a flag may be, when it is written. Loading has no such limits but the format's own.

use serde::{Deserialize, Serialize};

/// How deep a value may be let nest: readers of rulesets, change logs and frames stop at 128, and a value is inside.
pub const MAX_VALUE_DEPTH: usize = 64;

/// Limits on what is written; every refusal names the one that it met. Counts unless told otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Limits {
    /// Flags in a project; default 10,000.
    pub flags: usize,
    /// Segments in a project; default 1,000.
    pub segments: usize,
    /// Variations of a flag; default 100.
    pub variations: usize,
    /// Bytes of a variation's value as JSON; default 16,384.
    pub value_bytes: usize,
    /// How deep a variation's value nests; default 32, at most [`MAX_VALUE_DEPTH`].
    pub value_depth: usize,
    /// Bytes of a name, an attribute, a seed, a salt or a listed value; default 1,024.
    pub text_bytes: usize,
    /// Prerequisites of a flag; default 20.
    pub prerequisites: usize,
    /// Target lists of a flag; default 100.
    pub targets: usize,
    /// Rules of a flag; default 200.
    pub rules: usize,
    /// Conditions and clauses in one tree; default 200.
    pub conditions: usize,
    /// How deep a condition nests; default 16, at most [`MAX_CONDITION_DEPTH`](crate::model::MAX_CONDITION_DEPTH).
    pub condition_depth: usize,
    /// Values of an `in` clause, a target list, or a segment's lists; default 100,000.
    pub listed_values: usize,
    /// Values of any other clause, which are compared one by one; default 1,000.
    pub compared_values: usize,
    /// What the regular expressions of a flag or segment unfold to together; default 10,000. A set of characters that
    /// reaches beyond ASCII (`.`, `[^a]`, `\D`) counts for ten, which is about what it costs.
    pub pattern_size: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            flags: 10_000,
            segments: 1_000,
            variations: 100,
            value_bytes: 16_384,
            value_depth: 32,
            text_bytes: 1_024,
            prerequisites: 20,
            targets: 100,
            rules: 200,
            conditions: 200,
            condition_depth: 16,
            listed_values: 100_000,
            compared_values: 1_000,
            pattern_size: 10_000,
        }
    }
}
