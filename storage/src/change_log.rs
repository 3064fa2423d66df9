//! How the change log holds what made a version: whole while it is small, by name where it is large.
//!
//! A segment may list 100,000 values, and a copy of it for each edit, in each environment, would fill the database. So
//! the log says of a large change only which flags and segments it put, as members that are null, and a reader takes
//! them from their own rows. A segment's row may be newer than the entry, never older: a reader that reaches the log's end
//! has the same ruleset either way. An entry thus has at most [`MAX_LOGGED_BYTES`], and the log of an environment that many times
//! the entries it keeps.
//!
//! A node of a release that does not know null here cannot read such an entry, and reads the whole ruleset instead.

use std::collections::BTreeMap;
use std::io;

use peekaboo_flags::{Changes, Flag, Ruleset, Segment, Value};
use serde::{Deserialize, Serialize};

/// The largest change that is logged whole, in bytes of JSON.
pub(crate) const MAX_LOGGED_BYTES: usize = 16 * 1024;

/// A change as it is written to the log.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Logged<'a> {
    Whole(&'a Changes),
    ByName(ByName<'a>),
}

/// The names of what a change put.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ByName<'a> {
    put_flags: BTreeMap<&'a str, Value>,
    deleted_flags: &'a [String],
    put_segments: BTreeMap<&'a str, Value>,
    deleted_segments: &'a [String],
}

/// The form in which a change is logged.
pub(crate) fn logged(changes: &Changes) -> Logged<'_> {
    if is_small(changes) {
        return Logged::Whole(changes);
    }
    Logged::ByName(ByName {
        put_flags: names(changes.put_flags.keys()),
        deleted_flags: &changes.deleted_flags,
        put_segments: names(changes.put_segments.keys()),
        deleted_segments: &changes.deleted_segments,
    })
}

fn is_small(changes: &Changes) -> bool {
    serde_json::to_writer(Room(MAX_LOGGED_BYTES), changes).is_ok()
}

fn names<'a>(keys: impl Iterator<Item = &'a String>) -> BTreeMap<&'a str, Value> {
    keys.map(|key| (key.as_str(), Value::Null)).collect()
}

/// Takes so many bytes and keeps none.
struct Room(usize);

impl io::Write for Room {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.0.checked_sub(bytes.len());
        self.0 = left.ok_or(io::ErrorKind::WriteZero)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A change as a log keeps it: without what is large.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LoggedChanges {
    put_flags: BTreeMap<String, Option<Flag>>,
    deleted_flags: Vec<String>,
    put_segments: BTreeMap<String, Option<Segment>>,
    deleted_segments: Vec<String>,
}

impl LoggedChanges {
    /// What a log keeps of a change.
    pub fn of(changes: Changes) -> Self {
        let is_small = is_small(&changes);
        Self {
            put_flags: kept(changes.put_flags, is_small),
            deleted_flags: changes.deleted_flags,
            put_segments: kept(changes.put_segments, is_small),
            deleted_segments: changes.deleted_segments,
        }
    }

    /// Whether changes that follow each other can be read with what is large as it is now.
    ///
    /// They must lead to now. A large flag must be touched once, so that it was then as it is now: who may see it, which
    /// clients are told when it changes, is part of it.
    pub fn are_readable<'a>(
        changes: &(impl Iterator<Item = &'a LoggedChanges> + Clone),
        lead_to_now: bool,
    ) -> bool {
        let touched = |flag: &str| {
            let touches = |one: &&LoggedChanges| {
                one.put_flags.contains_key(flag) || one.deleted_flags.iter().any(|own| own == flag)
            };
            changes.clone().filter(touches).count()
        };
        let mut each = changes.clone();
        each.all(|one| {
            let names_any =
                one.named_flags().next().is_some() || one.named_segments().next().is_some();
            !names_any || (lead_to_now && one.named_flags().all(|flag| touched(flag) == 1))
        })
    }

    /// The flags that are logged by name.
    pub fn named_flags(&self) -> impl Iterator<Item = &str> {
        named(&self.put_flags)
    }

    /// The segments that are logged by name.
    pub fn named_segments(&self) -> impl Iterator<Item = &str> {
        named(&self.put_segments)
    }

    /// The change, with what is logged by name as `present` has it. What is not there went later: a later entry says so.
    pub fn with(self, present: &Ruleset) -> Changes {
        Changes {
            put_flags: filled(self.put_flags, &present.flags),
            deleted_flags: self.deleted_flags,
            put_segments: filled(self.put_segments, &present.segments),
            deleted_segments: self.deleted_segments,
        }
    }
}

fn kept<T>(put: BTreeMap<String, T>, is_small: bool) -> BTreeMap<String, Option<T>> {
    put.into_iter()
        .map(|(key, definition)| (key, is_small.then_some(definition)))
        .collect()
}

fn named<T>(put: &BTreeMap<String, Option<T>>) -> impl Iterator<Item = &str> {
    put.iter()
        .filter(|(_, definition)| definition.is_none())
        .map(|(key, _)| key.as_str())
}

fn filled<T: Clone>(
    put: BTreeMap<String, Option<T>>,
    present: &BTreeMap<String, T>,
) -> BTreeMap<String, T> {
    put.into_iter()
        .filter_map(|(key, definition)| {
            let definition = definition.or_else(|| present.get(&key).cloned())?;
            Some((key, definition))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn segment(members: usize) -> Segment {
        Segment {
            included: (0..members)
                .map(|nth| json!(format!("user-{nth}")))
                .collect(),
            ..Segment::default()
        }
    }

    fn put(key: &str, segment: Segment) -> Changes {
        Changes {
            put_segments: [(key.to_owned(), segment)].into(),
            ..Changes::default()
        }
    }

    fn written(changes: &Changes) -> Value {
        serde_json::to_value(logged(changes)).expect("JSON")
    }

    #[test]
    fn a_small_change_is_logged_whole() {
        let changes = put("beta", segment(10));
        assert_eq!(
            written(&changes),
            serde_json::to_value(&changes).expect("JSON")
        );
        let read: LoggedChanges = serde_json::from_value(written(&changes)).expect("an entry");
        assert_eq!(read.named_segments().count(), 0);
        assert_eq!(read.with(&Ruleset::default()), changes);
    }

    #[test]
    fn a_large_change_is_logged_by_name_and_read_as_it_is_now() {
        let changes = put("beta", segment(50_000));
        let entry = written(&changes);
        assert_eq!(entry["putSegments"], json!({"beta": null}));
        assert!(entry.to_string().len() < 200);
        let read: LoggedChanges = serde_json::from_value(entry.clone()).expect("an entry");
        assert_eq!(read.named_segments().collect::<Vec<_>>(), ["beta"]);
        let present = Ruleset {
            segments: [("beta".to_owned(), segment(3))].into(),
            ..Ruleset::default()
        };
        assert_eq!(read.clone().with(&present), put("beta", segment(3)));
        assert_eq!(
            read.with(&Ruleset::default()),
            Changes::default(),
            "it went later"
        );
        serde_json::from_value::<Changes>(entry).expect_err("an older release reads everything");
    }

    #[test]
    fn a_large_flag_that_changed_more_than_once_is_not_read_as_it_is_now() {
        let flags = |key: &str| LoggedChanges {
            put_flags: [(key.to_owned(), None)].into(),
            ..LoggedChanges::default()
        };
        let segments = LoggedChanges::of(put("beta", segment(50_000)));
        let readable =
            |changes: &[LoggedChanges]| LoggedChanges::are_readable(&changes.iter(), true);
        assert!(readable(&[
            flags("a"),
            flags("b"),
            segments.clone(),
            segments.clone()
        ]));
        assert!(!readable(&[flags("a"), flags("b"), flags("a")]));
        assert!(
            !LoggedChanges::are_readable(&[segments].iter(), false),
            "they end before now"
        );
        let small = LoggedChanges::of(put("beta", segment(1)));
        assert!(LoggedChanges::are_readable(&[small].iter(), false));
    }
}
