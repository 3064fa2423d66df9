//! How often one flag served what, counted without a lock.

use std::sync::atomic::{AtomicU64, Ordering};

use peekaboo_flags::Reason;

/// In the order of their discriminants.
const REASONS: [Reason; 7] = [
    Reason::Static,
    Reason::Default,
    Reason::TargetingMatch,
    Reason::Split,
    Reason::Disabled,
    Reason::PrerequisiteFailed,
    Reason::Error,
];

/// A counter for each reason with each variation, and with none. Its size is given by the flag, however much is counted.
#[derive(Debug, Default)]
pub(crate) struct Tally(Box<[AtomicU64]>);

impl Tally {
    /// For a flag of so many variations.
    pub(crate) fn new(variations: usize) -> Self {
        let counters = (variations + 1) * REASONS.len();
        Self((0..counters).map(|_| AtomicU64::new(0)).collect())
    }

    /// Counts one evaluation; nothing where there is no counter.
    #[inline]
    pub(crate) fn count(&self, variation: Option<usize>, reason: Reason) {
        if let Some(counter) = self.0.get(place(variation, reason)) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Offers each outcome that was counted, and forgets those for which `takes` says yes, giving `take` the count.
    pub(crate) fn take(
        &self,
        mut takes: impl FnMut(Option<usize>, Reason) -> bool,
        mut take: impl FnMut(Option<usize>, Reason, u64),
    ) {
        for (row, counters) in self.0.chunks(REASONS.len()).enumerate() {
            let variation = row.checked_sub(1);
            for (reason, counter) in REASONS.into_iter().zip(counters) {
                if counter.load(Ordering::Relaxed) > 0 && takes(variation, reason) {
                    take(variation, reason, counter.swap(0, Ordering::Relaxed));
                }
            }
        }
    }

    /// Whether nothing is counted at the moment.
    pub(crate) fn is_empty(&self) -> bool {
        let mut counters = self.0.iter();
        counters.all(|counter| counter.load(Ordering::Relaxed) == 0)
    }
}

#[inline]
fn place(variation: Option<usize>, reason: Reason) -> usize {
    variation.map_or(0, |variation| variation + 1) * REASONS.len() + reason as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_counter_of_its_own() {
        let tally = Tally::new(2);
        let outcomes: Vec<_> = [None, Some(0), Some(1)]
            .into_iter()
            .flat_map(|variation| REASONS.map(|reason| (variation, reason)))
            .collect();
        for (times, (variation, reason)) in outcomes.iter().enumerate() {
            for _ in 0..=times {
                tally.count(*variation, *reason);
            }
        }
        tally.count(Some(2), Reason::Static);
        let mut taken = Vec::new();
        tally.take(
            |_, _| true,
            |variation, reason, count| taken.push((variation, reason, count)),
        );
        let expected: Vec<_> = (1..)
            .zip(outcomes)
            .map(|(count, (variation, reason))| (variation, reason, count))
            .collect();
        assert_eq!(taken, expected);
        assert!(tally.is_empty());
    }

    #[test]
    fn what_is_not_taken_goes_on_counting() {
        let tally = Tally::new(1);
        tally.count(Some(0), Reason::Static);
        tally.take(|_, _| false, |_, _, _| panic!("taken"));
        tally.count(Some(0), Reason::Static);
        let mut count = 0;
        tally.take(|_, _| true, |_, _, taken| count = taken);
        assert_eq!(count, 2);
    }
}
