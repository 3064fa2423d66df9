//! How long to wait before the upstream is tried again: exponential with full jitter, as the protocol asks of clients.

use std::time::Duration;

use rand::{Rng, RngExt as _};

const BASE: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(20);

/// A stream that stayed up for this long begins anew.
pub(super) const PROVEN: Duration = Duration::from_mins(1);

/// Attempts that failed in a row.
#[derive(Debug, Default)]
pub(super) struct Backoff {
    attempt: u32,
}

impl Backoff {
    /// How long to wait before the next attempt.
    pub(super) fn next(&mut self, random: &mut impl Rng) -> Duration {
        let ceiling = BASE
            .saturating_mul(2_u32.saturating_pow(self.attempt))
            .min(MOST);
        self.attempt = self.attempt.saturating_add(1);
        random.random_range(Duration::ZERO..=ceiling)
    }

    /// Notes how long a stream was up.
    pub(super) fn was_up(&mut self, time: Duration) {
        if time >= PROVEN {
            self.attempt = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_random_below_a_ceiling_that_doubles_to_twenty_seconds() {
        let mut longest = [Duration::ZERO; 8];
        for _ in 0..2_000 {
            let mut backoff = Backoff::default();
            for longest in &mut longest {
                *longest = backoff.next(&mut rand::rng()).max(*longest);
            }
        }
        for (attempt, longest) in (0..).zip(longest) {
            let ceiling = BASE.saturating_mul(1 << attempt).min(MOST);
            assert!(longest <= ceiling, "{attempt}: {longest:?}");
            assert!(longest > ceiling / 2, "{attempt}: {longest:?}");
        }
    }

    #[test]
    fn only_a_stream_that_proved_itself_begins_anew() {
        let mut backoff = Backoff { attempt: 5 };
        backoff.was_up(PROVEN / 2);
        assert_eq!(backoff.attempt, 5);
        backoff.was_up(PROVEN);
        assert_eq!(backoff.attempt, 0);
    }
}
