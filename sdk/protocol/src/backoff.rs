//! How long a client waits before it connects again: exponential with full jitter ("Exponential Backoff And Jitter", AWS
//! Architecture Blog, 2015), so that the clients of a hub that went down do not come back as one.

use std::time::Duration;

/// What the ceiling begins with, and where it stops growing.
const BASE: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(20);

/// A stream that stayed up for this long lets the next wait begin anew.
const PROVEN: Duration = Duration::from_mins(1);

/// Connections that were lost in a row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Backoff {
    attempts: u32,
}

impl Backoff {
    /// Whether the next connection is to come back, and not the first.
    pub fn is_retrying(&self) -> bool {
        self.attempts > 0
    }

    /// How long to wait before the next attempt, by a random number from 0 to 1.
    pub fn next(&mut self, random: f64) -> Duration {
        let ceiling = BASE
            .saturating_mul(2_u32.saturating_pow(self.attempts))
            .min(MOST);
        self.attempts = self.attempts.saturating_add(1);
        #[expect(clippy::manual_clamp, reason = "so that what is no number counts as 0")]
        let random = random.max(0.0).min(1.0);
        ceiling.mul_f64(random)
    }

    /// The hub asked to come back: that is no failure, and the next connection not the first.
    pub fn moved_on(&mut self) {
        self.attempts = self.attempts.max(1);
    }

    /// Notes how long a stream was up.
    pub fn was_up(&mut self, time: Duration) {
        if time >= PROVEN {
            self.attempts = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_under_a_ceiling_that_doubles_to_twenty_seconds() {
        let mut backoff = Backoff::default();
        let ceilings = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000];
        assert!(!backoff.is_retrying());
        for ceiling in ceilings.map(Duration::from_millis) {
            let mut half = backoff;
            assert_eq!(half.next(0.5), ceiling / 2);
            assert_eq!(backoff.next(1.0), ceiling);
            assert!(backoff.is_retrying());
        }
    }

    #[test]
    fn no_number_whatsoever_makes_a_wait_that_is_none() {
        for random in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(Backoff::default().next(random), Duration::ZERO, "{random}");
        }
        assert_eq!(Backoff { attempts: u32::MAX }.next(f64::INFINITY), MOST);
    }

    #[test]
    fn only_a_stream_that_proved_itself_begins_anew() {
        let mut backoff = Backoff { attempts: 5 };
        backoff.was_up(PROVEN / 2);
        assert_eq!(backoff.attempts, 5);
        backoff.moved_on();
        assert_eq!(backoff.attempts, 5);
        backoff.was_up(PROVEN);
        assert_eq!(backoff.attempts, 0);
        backoff.moved_on();
        assert_eq!(backoff.attempts, 1);
    }
}
