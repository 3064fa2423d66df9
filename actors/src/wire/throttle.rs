//! A token bucket in eight bytes, for what one connection may ask of its hub.

use std::time::Duration;

use tokio::time::Instant;

/// How many requests a connection may make at once.
const BURST: u32 = 20;

/// How long it takes to regain one.
const REFILL: Duration = Duration::from_millis(500);

/// Counts requests as one moment: the time at which the bucket will be full again.
pub(crate) struct Throttle {
    full_at: Instant,
}

impl Throttle {
    pub(crate) fn new(now: Instant) -> Self {
        Self { full_at: now }
    }

    /// Takes a token; false when there is none.
    pub(crate) fn allow(&mut self, now: Instant) -> bool {
        let full_at = self.full_at.max(now) + REFILL;
        if full_at - now > REFILL * BURST {
            return false;
        }
        self.full_at = full_at;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_two_a_second() {
        let start = Instant::now();
        let mut throttle = Throttle::new(start);
        let passed = (0..100).filter(|_| throttle.allow(start)).count();
        assert_eq!(passed, 20);
        let a_second_later = start + Duration::from_secs(1);
        let passed = (0..100).filter(|_| throttle.allow(a_second_later)).count();
        assert_eq!(passed, 2);
        let much_later = start + Duration::from_mins(1);
        let passed = (0..100).filter(|_| throttle.allow(much_later)).count();
        assert_eq!(passed, 20);
    }
}
