//! The rules that reads go by: a compiled ruleset, with a place to count next to each flag. Replaced, never changed.

use std::collections::HashMap;
use std::sync::Arc;

use peekaboo_flags::{CompiledFlag, CompiledRuleset};

use crate::entry::Entry;
use crate::usage::Usage;

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
                None => usage.entry(Arc::clone(key), Some(Arc::clone(flag))),
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
