//! How long a client waits before it connects again: exponential with full jitter ("Exponential Backoff And Jitter", AWS
//! Architecture Blog, 2015), so that the clients of a hub that went down do not come back as one.

use std::time::Duration;

/// What the ceiling begins with, and where it stops growing.
const BASE: Duration = Duration::from_millis(500);
const MOST: Duration = Duration::from_secs(20);

/// A stream that stayed up for this long lets the next wait begin again.
const PROVEN: Duration = Duration::from_mins(1);

/// The longest wait after the first refusal, and after the last of many.
const REFUSED_BASE: Duration = Duration::from_secs(10);
const REFUSED_MOST: Duration = Duration::from_mins(5);

/// How many refusals a client that was never accepted counts from the start: enough for the longest waits.
const NEVER_ACCEPTED: u32 = 5;

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
        ceiling.mul_f64(fraction(random))
    }

    /// The hub asked the client to reconnect: this is not a failure, and the next connection is not the first.
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

/// How long a client waits that the hub refused with a code from 4500 to 4999.
///
/// A refusal can pass: a key that was just made, a hub that was restored or started with the wrong database, a proxy that
/// points to the wrong hub. So no client gives up. One that has been accepted before tries again after 5 to 10 seconds,
/// then after twice that each time; one that never was, after 2.5 to 5 minutes, as all do in the end.
#[derive(Clone, Copy, Debug)]
pub struct RefusalBackoff {
    refusals: u32,
}

impl Default for RefusalBackoff {
    fn default() -> Self {
        Self {
            refusals: NEVER_ACCEPTED,
        }
    }
}

impl RefusalBackoff {
    /// The hub has welcomed the client, now or in an earlier run.
    pub fn accepted(&mut self) {
        self.refusals = 0;
    }

    /// How long to wait before the next attempt, by a random number from 0 to 1.
    pub fn next(&mut self, random: f64) -> Duration {
        let most = REFUSED_BASE
            .saturating_mul(2_u32.saturating_pow(self.refusals))
            .min(REFUSED_MOST);
        self.refusals = self.refusals.saturating_add(1);
        most.mul_f64(0.5 + fraction(random) / 2.0)
    }
}

/// A number from 0 to 1, whatever is given.
fn fraction(random: f64) -> f64 {
    #[expect(clippy::manual_clamp, reason = "NaN must count as 0")]
    random.max(0.0).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_was_accepted_before_is_back_soon_after_a_refusal_and_ever_more_rarely() {
        let mut backoff = RefusalBackoff::default();
        backoff.accepted();
        for most in [10, 20, 40, 80, 160, 300, 300].map(Duration::from_secs) {
            let mut half = backoff;
            assert_eq!(half.next(0.0), most / 2);
            assert_eq!(backoff.next(1.0), most);
        }
        backoff.accepted();
        assert_eq!(backoff.next(1.0), REFUSED_BASE);
    }

    #[test]
    fn a_client_that_was_never_accepted_tries_again_every_few_minutes() {
        let mut backoff = RefusalBackoff::default();
        for random in [0.0, 0.5, 1.0, f64::NAN] {
            let wait = backoff.next(random);
            assert!(
                wait >= Duration::from_mins(1) && wait <= REFUSED_MOST,
                "{wait:?}"
            );
        }
    }

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
    fn no_number_makes_a_wait_invalid() {
        for random in [0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
            assert_eq!(Backoff::default().next(random), Duration::ZERO, "{random}");
        }
        assert_eq!(Backoff { attempts: u32::MAX }.next(f64::INFINITY), MOST);
    }

    #[test]
    fn only_a_stream_that_lasted_resets_the_backoff() {
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
