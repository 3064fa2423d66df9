//! Recent changes of an environment, by key: enough to determine the content of a delta from an older version.

use std::collections::VecDeque;
use std::sync::Arc;

use peekaboo_flags::{Changes, CompiledRuleset};

/// The keys that the newest versions changed, oldest first and without a gap.
///
/// Values are not stored, because a delta contains the current ones. Any number of versions can therefore be merged
/// into one delta, and a version costs only its keys.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    entries: VecDeque<Arc<Entry>>,
}

/// The keys that one change affected.
#[derive(Debug)]
pub(crate) struct Entry {
    /// The previous version: one less, unless several changes arrived as one, as they may from an upstream.
    from: u64,
    version: u64,
    flags: Box<[Box<str>]>,
    segments: Box<[Box<str>]>,
    /// Flags that client keys could see before and not after. `None` if the previous state is unknown: then it may be
    /// any flag that client keys cannot see now, and naming those to a browser would reveal hidden flags.
    hidden: Option<Box<[Box<str>]>>,
}

/// The changes after a version.
#[derive(Debug, Default)]
pub(crate) struct HistorySince {
    /// Flags put or deleted.
    pub(crate) flags: Vec<Box<str>>,
    /// Segments put or deleted.
    pub(crate) segments: Vec<Box<str>>,
    /// Flags that client keys could see at some time and not afterwards; `None` if unknown.
    pub(crate) hidden: Option<Vec<Box<str>>>,
}

impl Entry {
    /// The change to `version`, from a known state.
    pub(crate) fn after(former: &CompiledRuleset, version: u64, changes: &Changes) -> Self {
        let was_visible = |key: &str| {
            former
                .flag(key)
                .is_some_and(peekaboo_flags::CompiledFlag::is_client_visible)
        };
        let now_hidden = changes
            .put_flags
            .iter()
            .filter(|(_, flag)| !flag.client_visible)
            .map(|(key, _)| key);
        let hidden = changes
            .deleted_flags
            .iter()
            .chain(now_hidden)
            .filter(|key| was_visible(key));
        Self {
            hidden: Some(hidden.map(|key| key.as_str().into()).collect()),
            ..Self::of(former.version(), version, changes)
        }
    }

    /// The change from `from` to `version`, from the log.
    pub(crate) fn of(from: u64, version: u64, changes: &Changes) -> Self {
        let boxed = |key: &String| key.as_str().into();
        Self {
            from,
            version,
            flags: changes
                .put_flags
                .keys()
                .chain(&changes.deleted_flags)
                .map(boxed)
                .collect(),
            segments: changes
                .put_segments
                .keys()
                .chain(&changes.deleted_segments)
                .map(boxed)
                .collect(),
            hidden: None,
        }
    }
}

impl History {
    /// Adds a version to the history, and removes the oldest if there are more than `capacity`.
    pub(crate) fn with(&self, entry: Entry, capacity: usize) -> Self {
        let mut entries = self.entries.clone();
        entries.push_back(Arc::new(entry));
        let excess = entries.len().saturating_sub(capacity);
        entries.drain(..excess);
        Self { entries }
    }

    /// Extends the history into the past by `older`, which is in order. Entries that would leave a gap are ignored.
    pub(crate) fn with_older(
        &self,
        older: impl DoubleEndedIterator<Item = Entry>,
        current: u64,
    ) -> Self {
        let mut entries = self.entries.clone();
        for entry in older.rev() {
            let next = entries.front().map_or(current, |first| first.from);
            if entry.version == next {
                entries.push_front(Arc::new(entry));
            }
        }
        Self { entries }
    }

    /// Whether the changes after `version` are known, when the environment is at `current`.
    pub(crate) fn reaches(&self, version: u64, current: u64) -> bool {
        let oldest = self.entries.front().map_or(current, |first| first.from);
        (oldest..=current).contains(&version)
    }

    /// The changes after `version`; `None` if unknown.
    pub(crate) fn since(&self, version: u64, current: u64) -> Option<HistorySince> {
        if !self.reaches(version, current) {
            return None;
        }
        let skipped = self
            .entries
            .partition_point(|entry| entry.version <= version);
        let mut since = HistorySince {
            hidden: Some(Vec::new()),
            ..HistorySince::default()
        };
        for entry in self.entries.range(skipped..) {
            since.flags.extend(entry.flags.iter().cloned());
            since.segments.extend(entry.segments.iter().cloned());
            match (&mut since.hidden, &entry.hidden) {
                // A client inside a merged range may have seen flags that came and went within it.
                (Some(all), Some(these)) if entry.from >= version => {
                    all.extend(these.iter().cloned());
                }
                _ => since.hidden = None,
            }
        }
        for keys in [&mut since.flags, &mut since.segments]
            .into_iter()
            .chain(&mut since.hidden)
        {
            keys.sort_unstable();
            keys.dedup();
        }
        Some(since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: u64, flag: &str) -> Entry {
        spanning(version - 1, version, flag)
    }

    fn spanning(from: u64, version: u64, flag: &str) -> Entry {
        let changes = Changes {
            deleted_flags: vec![flag.to_owned()],
            ..Changes::default()
        };
        Entry::of(from, version, &changes)
    }

    fn flags(history: &History, from: u64, current: u64) -> Option<Vec<String>> {
        history
            .since(from, current)
            .map(|since| since.flags.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn several_versions_merge_into_their_keys() {
        let history = [(5, "a"), (6, "b"), (7, "a")]
            .into_iter()
            .fold(History::default(), |history, (version, flag)| {
                history.with(entry(version, flag), 10)
            });
        assert_eq!(flags(&history, 4, 7).unwrap(), ["a", "b"]);
        assert_eq!(flags(&history, 6, 7).unwrap(), ["a"]);
        assert_eq!(flags(&history, 7, 7).unwrap(), [""; 0]);
        assert_eq!(flags(&history, 3, 7), None, "too old");
        assert_eq!(flags(&history, 8, 7), None, "of the future");
    }

    #[test]
    fn the_oldest_versions_are_forgotten() {
        let history = (1..=5).fold(History::default(), |history, version| {
            history.with(entry(version, "a"), 3)
        });
        assert!(!history.reaches(1, 5));
        assert!(history.reaches(2, 5));
    }

    #[test]
    fn a_merged_range_serves_clients_inside_it() {
        let history = History::default()
            .with(spanning(4, 7, "a"), 10)
            .with(entry(8, "b"), 10);
        for from in 4..7 {
            assert_eq!(flags(&history, from, 8).unwrap(), ["a", "b"], "{from}");
        }
        assert_eq!(flags(&history, 7, 8).unwrap(), ["b"]);
        assert_eq!(flags(&history, 3, 8), None);
    }

    #[test]
    fn what_was_hidden_is_known_to_those_before_a_change_and_not_among_several() {
        let former = CompiledRuleset::default().at_version(4);
        let entry = Entry::after(&former, 7, &Changes::default());
        let history = History::default().with(entry, 10);
        let hidden = |from| history.since(from, 7).expect("reached").hidden;
        assert_eq!(hidden(4), Some(Vec::new()));
        assert_eq!(hidden(6), None);
        assert_eq!(hidden(7), Some(Vec::new()));
    }

    #[test]
    fn the_log_continues_a_history_into_the_past_without_a_gap() {
        let history = History::default().with(entry(7, "c"), 10);
        let older =
            history.with_older([entry(4, "x"), entry(6, "b"), entry(7, "c")].into_iter(), 7);
        assert_eq!(flags(&older, 5, 7).unwrap(), ["b", "c"]);
        assert!(!older.reaches(4, 7), "version 5 is missing");
        let from_nothing =
            History::default().with_older([entry(2, "a"), entry(3, "b")].into_iter(), 3);
        assert_eq!(flags(&from_nothing, 1, 3).unwrap(), ["a", "b"]);
    }
}
