//! Counts how often a flag served what, without locks, and so that concurrent threads do not wait for each other.

use std::iter;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

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

/// The number of stripes: as many as threads run at once, a power of two.
static STRIPES: LazyLock<usize> = LazyLock::new(|| {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    threads.min(MOST_STRIPES).next_power_of_two()
});

/// Limits the size of a flag's counters: 3 KB with two variations.
const MOST_STRIPES: usize = 16;

thread_local! {
    /// Threads are numbered, so that those of a pool use different stripes.
    static THREAD: usize = {
        static THREADS: AtomicUsize = AtomicUsize::new(0);
        THREADS.fetch_add(1, Ordering::Relaxed)
    };
}

/// The size of a cache line.
#[derive(Debug, Default)]
#[repr(align(64))]
struct Line([AtomicU64; LINE]);

const LINE: usize = 8;

/// A counter for each reason with each variation, and without one, in each stripe. Its size depends only on the flag.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// One stripe after the other.
    lines: Box<[Line]>,
    /// In each stripe.
    counters: usize,
}

impl Tally {
    /// For a flag with this many variations.
    pub(crate) fn new(variations: usize) -> Self {
        let counters = (variations + 1) * REASONS.len();
        let lines = iter::repeat_with(Line::default).take(lines(counters) * *STRIPES);
        Self {
            lines: lines.collect(),
            counters,
        }
    }

    /// Counts one evaluation, if there is a counter for it.
    #[inline]
    pub(crate) fn count(&self, variation: Option<usize>, reason: Reason) {
        let place = place(variation, reason);
        if place >= self.counters {
            return;
        }
        // A thread that is about to end may have lost its number.
        let stripe = THREAD.try_with(|thread| *thread).unwrap_or(0) & (*STRIPES - 1);
        if let Some(counter) = self.counter(stripe, place) {
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[inline]
    fn counter(&self, stripe: usize, place: usize) -> Option<&AtomicU64> {
        let line = self
            .lines
            .get(stripe * lines(self.counters) + place / LINE)?;
        line.0.get(place % LINE)
    }

    /// Offers each counted result, and clears those for which `takes` returns true, passing the count to `take`.
    pub(crate) fn take(
        &self,
        mut takes: impl FnMut(Option<usize>, Reason) -> bool,
        mut take: impl FnMut(Option<usize>, Reason, u64),
    ) {
        for place in 0..self.counters {
            let stripes = || (0..*STRIPES).filter_map(|stripe| self.counter(stripe, place));
            if stripes().all(|counter| counter.load(Ordering::Relaxed) == 0) {
                continue;
            }
            let variation = (place / REASONS.len()).checked_sub(1);
            let reason = REASONS[place % REASONS.len()];
            if takes(variation, reason) {
                let counts = stripes().map(|counter| counter.swap(0, Ordering::Relaxed));
                take(variation, reason, counts.sum());
            }
        }
    }

    /// Whether all counters are zero at the moment.
    pub(crate) fn is_empty(&self) -> bool {
        let mut counters = self.lines.iter().flat_map(|line| &line.0);
        counters.all(|counter| counter.load(Ordering::Relaxed) == 0)
    }
}

/// The number of cache lines of a stripe.
#[inline]
fn lines(counters: usize) -> usize {
    counters.div_ceil(LINE)
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
    fn threads_that_count_at_once_are_added_up() {
        let tally = Tally::new(1);
        thread::scope(|scope| {
            for _ in 0..=MOST_STRIPES {
                scope.spawn(|| (0..1_000).for_each(|_| tally.count(Some(0), Reason::Split)));
            }
        });
        let mut taken = Vec::new();
        tally.take(
            |_, _| true,
            |variation, reason, count| taken.push((variation, reason, count)),
        );
        let all = 1_000 * (MOST_STRIPES as u64 + 1);
        assert_eq!(taken, [(Some(0), Reason::Split, all)]);
        assert!(tally.is_empty());
    }

    #[test]
    fn counters_that_are_not_taken_keep_counting() {
        let tally = Tally::new(1);
        tally.count(Some(0), Reason::Static);
        tally.take(|_, _| false, |_, _, _| panic!("taken"));
        tally.count(Some(0), Reason::Static);
        let mut count = 0;
        tally.take(|_, _| true, |_, _, taken| count = taken);
        assert_eq!(count, 2);
    }
}
