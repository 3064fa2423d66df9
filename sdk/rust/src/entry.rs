//! One flag of the current rules, with its counters.

use std::sync::Arc;

use peekaboo_flags::{CompiledFlag, Context, Reason};

use crate::tally::Tally;

/// One flag, or a key without a flag, with the counts that are not sent yet.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: Arc<str>,
    pub(crate) flag: Option<Arc<CompiledFlag>>,
    pub(crate) tally: Tally,
    /// Whether exposures are sent to the hub.
    pub(crate) tracked: bool,
}

impl Entry {
    /// With counters if usage is counted.
    pub(crate) fn new(key: Arc<str>, flag: Option<Arc<CompiledFlag>>, counting: bool) -> Self {
        let tally = if counting {
            Tally::new(flag.as_ref().map_or(0, |flag| flag.variations().len()))
        } else {
            Tally::default()
        };
        let tracked = counting && flag.as_ref().is_some_and(|flag| flag.is_tracked());
        Self {
            key,
            flag,
            tally,
            tracked,
        }
    }

    /// The version of the flag; `None` if it is missing or malformed.
    pub(crate) fn version(&self) -> Option<u64> {
        self.flag.as_ref()?.version()
    }

    /// The name of a variation by its index.
    pub(crate) fn variation(&self, index: usize) -> Option<&str> {
        let (name, _) = self.flag.as_ref()?.variations().nth(index)?;
        Some(name)
    }

    /// The id of a rule by its place; empty where it has none.
    pub(crate) fn rule(&self, index: Option<u32>) -> Option<&str> {
        self.flag.as_ref()?.rule_id(index?)
    }

    /// What a split bucketed, where one decided and it is not the targeting key.
    pub(crate) fn unit(
        &self,
        reason: Reason,
        rule: Option<u32>,
        context: &Context,
    ) -> Option<String> {
        if reason != Reason::Split {
            return None;
        }
        let split = self.flag.as_ref()?.assignment(rule)?;
        if split.is_by_targeting_key() {
            return None;
        }
        split.unit(context)
    }
}
