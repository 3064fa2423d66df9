//! A whole ruleset.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Changes, Flag, Segment, integer};

/// How many flags and segments may be under evaluation at once, each called for by the one before.
///
/// Evaluation beyond it answers GENERAL, so writers refuse longer chains of prerequisites, segments and flag conditions.
pub const MAX_NESTING: usize = 32;

/// Everything an environment needs to evaluate its flags.
///
/// Deserializing is all or nothing; to keep the good flags next to a malformed one, use
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
