//! A ruleset as people keep it: one environment's flags and segments, with the names and descriptions that evaluation
//! has no use for.
//!
//! The JSON is the ruleset's own (every reader of rulesets reads it) with further members beside:
//!
//! - a flag's `name`, `description`, `tags` and `variationDetails`, a segment's `name` and `description`: left out, they
//!   stay as they are on the hub;
//! - `archived`: flags that are kept but in no ruleset, which is why they are not among `flags`.
//!
//! A new flag has its variations in the order of the file; an existing one keeps its own.

mod flag;
mod read;
mod segment;
#[cfg(test)]
mod tests;
mod validate;

use std::collections::BTreeMap;

use peekaboo_flags::Ruleset;
use serde::{Deserialize, Serialize};

pub use flag::{FlagDocument, Targeting, Variation};
pub use read::ReadError;
pub(crate) use read::{escape, unescape};
pub use segment::SegmentDocument;
pub(crate) use validate::check_references;
pub use validate::{Fault, Invalid};

/// One environment's flags and segments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// By key.
    #[serde(default)]
    pub flags: BTreeMap<String, FlagDocument>,
    /// Flags that applications do not get, by key.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub archived: BTreeMap<String, FlagDocument>,
    /// By key.
    #[serde(default)]
    pub segments: BTreeMap<String, SegmentDocument>,
}

impl Document {
    /// The file: the same flags always make the same text.
    pub fn to_text(&self) -> String {
        // Maps with text as keys and values without maps of other keys always have a JSON form.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// What applications get of it.
    pub fn ruleset(&self) -> Ruleset {
        let flags = self.flags.iter();
        let segments = self.segments.iter();
        Ruleset {
            flags: flags
                .map(|(key, flag)| (key.clone(), flag.ruleset_flag()))
                .collect(),
            segments: segments
                .map(|(key, segment)| (key.clone(), segment.ruleset_segment()))
                .collect(),
            ..Ruleset::default()
        }
    }

    /// A flag, archived or not.
    pub fn flag(&self, key: &str) -> Option<&FlagDocument> {
        self.flags.get(key).or_else(|| self.archived.get(key))
    }

    /// This document with another's flags and segments instead of its own.
    #[must_use]
    pub fn overlaid(&self, other: &Document) -> Self {
        let mut merged = self.clone();
        for (key, flag) in &other.flags {
            merged.archived.remove(key);
            merged.flags.insert(key.clone(), flag.clone());
        }
        for (key, flag) in &other.archived {
            merged.flags.remove(key);
            merged.archived.insert(key.clone(), flag.clone());
        }
        let segments = other.segments.iter();
        merged
            .segments
            .extend(segments.map(|(key, segment)| (key.clone(), segment.clone())));
        merged
    }
}
