//! The rules that reads go by: a compiled ruleset, with a place to count beside each flag. Replaced, never changed.

use std::collections::HashMap;
use std::sync::Arc;

use peekaboo_flags::{CompiledFlag, CompiledRuleset};

use crate::tally::Tally;
use crate::usage::Usage;

/// One flag, or that there is none of this key, and what of it was counted and not told yet.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Arc<str>,
    pub(crate) flag: Option<Arc<CompiledFlag>>,
    pub(crate) tally: Tally,
    /// Whether the hub is to be told who is served what.
    pub(crate) tracked: bool,
}

impl Entry {
    pub(crate) fn new(key: Arc<str>, flag: Option<Arc<CompiledFlag>>, usage: &Usage) -> Arc<Self> {
        let tally = if usage.is_counting() {
            Tally::new(flag.as_ref().map_or(0, |flag| flag.variations().len()))
        } else {
            Tally::default()
        };
        let tracked = usage.is_counting() && flag.as_ref().is_some_and(|flag| flag.is_tracked());
        let entry = Arc::new(Self {
            key,
            flag,
            tally,
            tracked,
        });
        usage.register(&entry);
        entry
    }

    /// The version of the flag; none where there is no flag, or a malformed one.
    pub(crate) fn version(&self) -> Option<u64> {
        self.flag.as_ref()?.version()
    }

    /// The name of a variation by its place.
    pub(crate) fn variation(&self, index: usize) -> Option<&str> {
        let (name, _) = self.flag.as_ref()?.variations().nth(index)?;
        Some(name)
    }
}

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) ruleset: CompiledRuleset,
    entries: HashMap<Arc<str>, Arc<Entry>, foldhash::fast::RandomState>,
}

impl Rules {
    /// Entries of flags that are as they were before are kept, with their counts.
    pub(crate) fn new(ruleset: CompiledRuleset, before: Option<&Self>, usage: &Usage) -> Self {
        let entry = |key: &Arc<str>, flag: &Arc<CompiledFlag>| {
            let former = before.and_then(|before| before.entries.get(key));
            let same = former.filter(|former| {
                let former = former.flag.as_ref();
                former.is_some_and(|former| Arc::ptr_eq(former, flag))
            });
            match same {
                Some(entry) => Arc::clone(entry),
                None => Entry::new(Arc::clone(key), Some(Arc::clone(flag)), usage),
            }
        };
        let entries = ruleset
            .shared_flags()
            .map(|(key, flag)| (Arc::clone(key), entry(key, flag)))
            .collect();
        Self { ruleset, entries }
    }

    #[inline]
    pub(crate) fn entry(&self, key: &str) -> Option<&Arc<Entry>> {
        self.entries.get(key)
    }
}
