//! How long to wait before what failed is tried again, and when to give up.

use std::time::Duration;

/// Waiting times that double with each attempt, up to a cap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The longest wait after the first attempt.
    pub first: Duration,
    /// The longest wait after any attempt.
    pub longest: Duration,
    /// After this many attempts the task is dead; `None` tries for as long as it takes.
    pub attempts: Option<u32>,
}

impl Backoff {
    /// How long to wait after the given attempt, counted from 1; `None` when there is to be no other.
    ///
    /// `chance`, from 0 to 1, spreads the wait over its upper half, so that what failed together is not tried together.
    pub(crate) fn wait(&self, attempt: u32, chance: f64) -> Option<Duration> {
        if self.attempts.is_some_and(|most| attempt >= most) {
            return None;
        }
        let doublings = attempt.saturating_sub(1).min(31);
        let longest = self.first.saturating_mul(1 << doublings).min(self.longest);
        Some(longest.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0))
    }

    /// Whether an attempt is one too many: earlier ones ended with their node, which reported nothing.
    pub(crate) fn is_exhausted(&self, attempt: u32) -> bool {
        self.attempts.is_some_and(|most| attempt > most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACKOFF: Backoff = Backoff {
        first: Duration::from_secs(2),
        longest: Duration::from_mins(1),
        attempts: Some(8),
    };

    #[test]
    fn waits_double_up_to_the_longest() {
        let seconds = |attempt| BACKOFF.wait(attempt, 1.0).map(|wait| wait.as_secs());
        let waits: Vec<_> = (1..=8).map(seconds).collect();
        let expected = [2, 4, 8, 16, 32, 60, 60].map(Some);
        assert_eq!(waits[..7], expected);
        assert_eq!(waits[7], None, "the last attempt");
    }

    #[test]
    fn waits_are_spread_over_their_upper_half() {
        assert_eq!(BACKOFF.wait(1, 0.0), Some(Duration::from_secs(1)));
        assert_eq!(BACKOFF.wait(1, 0.5), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn without_a_limit_there_is_always_another_attempt() {
        let endless = Backoff {
            attempts: None,
            ..BACKOFF
        };
        assert_eq!(endless.wait(u32::MAX, 1.0), Some(Duration::from_mins(1)));
        assert!(!endless.is_exhausted(u32::MAX));
    }
}
