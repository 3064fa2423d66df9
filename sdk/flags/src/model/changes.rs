//! The difference between two versions of a ruleset.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Flag, Segment};

/// What is put and what is deleted; a key is in one of the two at most.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Changes {
    /// Flags created or replaced, whole.
    pub put_flags: BTreeMap<String, Flag>,
    /// Keys of flags that are gone.
    pub deleted_flags: Vec<String>,
    /// Segments created or replaced, whole.
    pub put_segments: BTreeMap<String, Segment>,
    /// Keys of segments that are gone.
    pub deleted_segments: Vec<String>,
}

impl Changes {
    /// Whether applying it would do nothing.
    pub fn is_empty(&self) -> bool {
        self.put_flags.is_empty()
            && self.deleted_flags.is_empty()
            && self.put_segments.is_empty()
            && self.deleted_segments.is_empty()
    }

    /// Adds a later change: applying the result once equals applying both in turn.
    pub fn merge(&mut self, later: Changes) {
        merge(
            &mut self.put_flags,
            &mut self.deleted_flags,
            later.put_flags,
            later.deleted_flags,
        );
        merge(
            &mut self.put_segments,
            &mut self.deleted_segments,
            later.put_segments,
            later.deleted_segments,
        );
    }
}

fn merge<T>(
    put: &mut BTreeMap<String, T>,
    deleted: &mut Vec<String>,
    later_put: BTreeMap<String, T>,
    later_deleted: Vec<String>,
) {
    for key in later_deleted {
        put.remove(&key);
        if !deleted.contains(&key) {
            deleted.push(key);
        }
    }
    deleted.retain(|key| !later_put.contains_key(key));
    put.extend(later_put);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Ruleset;

    fn put(key: &str, version: u64) -> Changes {
        let segment = Segment {
            version,
            ..Segment::default()
        };
        Changes {
            put_segments: BTreeMap::from([(key.to_owned(), segment)]),
            ..Changes::default()
        }
    }

    fn delete(key: &str) -> Changes {
        Changes {
            deleted_segments: vec![key.to_owned()],
            ..Changes::default()
        }
    }

    #[test]
    fn merging_equals_applying_in_turn() {
        let steps = [
            put("a", 1),
            delete("a"),
            put("b", 1),
            put("a", 2),
            delete("b"),
            delete("b"),
        ];
        let mut one_by_one = Ruleset::default();
        let mut merged = Changes::default();
        for step in steps {
            one_by_one.apply(&step);
            merged.merge(step);

            let mut at_once = Ruleset::default();
            at_once.apply(&merged);
            assert_eq!(at_once, one_by_one);
        }
        assert_eq!(merged.deleted_segments, ["b"], "a key is deleted once");
    }
}
