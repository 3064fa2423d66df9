//! The one clock of a run: `CLOCK_MONOTONIC`, which every process of a machine shares.
//!
//! Intended instants, arrivals and the floor's rounds are all read from it. The hub says in its deltas when it
//! committed, and says so by the wall clock: [`WallClock`] relates the two, and knows how far they drifted.

use anyhow::ensure;
use rustix::thread::ClockId as Sleeping;
use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds of the monotonic clock.
pub(crate) type Nanos = u64;

/// A second.
pub(crate) const SECOND: Nanos = 1_000_000_000;

/// A millisecond.
pub(crate) const MILLISECOND: Nanos = 1_000_000;

/// How long before an instant a sleeper wakes, to meet it awake: more than the timer's slack of 50 µs.
const AWAKE: Nanos = 200_000;

/// How far the wall clock may drift from the monotonic one in a run. Both are disciplined alike, so that more than this
/// means that someone set the time.
const MAX_DRIFT: Nanos = MILLISECOND;

/// Now.
pub(crate) fn now() -> Nanos {
    nanos(clock_gettime(ClockId::Monotonic))
}

/// Waits until an instant on this thread alone, with an error of microseconds where the scheduler lets it.
pub(crate) fn sleep_until(instant: Nanos) {
    let wake = timespec(instant.saturating_sub(AWAKE));
    while now() + AWAKE < instant {
        // Interrupted by a signal it is asked again.
        let _ = rustix::thread::clock_nanosleep_absolute(Sleeping::Monotonic, &wake);
    }
    while now() < instant {
        std::hint::spin_loop();
    }
}

/// An instant, for the kernel.
pub(crate) fn timespec(nanos: Nanos) -> Timespec {
    let part = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Timespec {
        tv_sec: part(nanos / SECOND),
        tv_nsec: part(nanos % SECOND),
    }
}

fn nanos(time: Timespec) -> Nanos {
    let part = |number: i64| u64::try_from(number).unwrap_or_default();
    part(time.tv_sec) * SECOND + part(time.tv_nsec)
}

/// How far the wall clock was ahead of the monotonic one at an instant.
#[derive(Clone, Copy, Debug)]
struct Reading {
    at: Nanos,
    ahead: Nanos,
    /// The true value is within this of `ahead`.
    within: Nanos,
}

impl Reading {
    /// The best of several: one that was not interrupted between the clocks.
    fn take() -> Self {
        let one = || {
            let before = now();
            let wall = nanos(clock_gettime(ClockId::Realtime));
            let after = now();
            let at = before.midpoint(after);
            Self {
                at,
                ahead: wall.saturating_sub(at),
                within: (after - before).div_ceil(2),
            }
        };
        (0..31)
            .map(|_| one())
            .min_by_key(|one| one.within)
            .unwrap_or_else(one)
    }
}

/// The wall clock over a run, as seen from the monotonic one at its begin and its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WallClock {
    begin: Reading,
    end: Reading,
}

/// A run in progress, of which the end is not known yet.
pub(crate) struct Begun(Reading);

impl WallClock {
    /// To be called as a run begins.
    pub(crate) fn begin() -> Begun {
        Begun(Reading::take())
    }

    /// The instant of a wall clock's microsecond during the run.
    pub(crate) fn instant(&self, wall_micros: u64) -> Nanos {
        let wall = wall_micros.saturating_mul(1_000);
        let (from, to) = (self.begin, self.end);
        let span = i128::from(to.at.saturating_sub(from.at).max(1));
        let passed = i128::from(wall.saturating_sub(from.ahead)) - i128::from(from.at);
        let drifted =
            (i128::from(to.ahead) - i128::from(from.ahead)) * passed.clamp(0, span) / span;
        let instant = i128::from(wall) - i128::from(from.ahead) - drifted;
        u64::try_from(instant).unwrap_or_default()
    }

    /// How far the two clocks moved apart.
    pub(crate) fn drift(&self) -> Nanos {
        self.end.ahead.abs_diff(self.begin.ahead)
    }

    /// How well their distance is known.
    pub(crate) fn within(&self) -> Nanos {
        self.begin.within.max(self.end.within)
    }
}

impl Begun {
    /// To be called as the run ends; fails where someone set the time in between.
    pub(crate) fn end(self) -> anyhow::Result<WallClock> {
        let clock = WallClock {
            begin: self.0,
            end: Reading::take(),
        };
        ensure!(
            clock.drift() <= MAX_DRIFT,
            "the wall clock moved by {:.1} ms against the monotonic one during the run, so that the time from a \
             commit to a socket cannot be told: keep the time daemon from stepping the clock, and run again",
            millis(clock.drift())
        );
        Ok(clock)
    }
}

/// Milliseconds, for people.
#[expect(
    clippy::cast_precision_loss,
    reason = "durations of a run are far below 2^52 ns"
)]
pub(crate) fn millis(nanos: Nanos) -> f64 {
    nanos as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(at: Nanos, ahead: Nanos) -> Reading {
        Reading {
            at,
            ahead,
            within: 50,
        }
    }

    #[test]
    fn a_wall_time_between_is_related_by_the_drift_up_to_there() {
        let clock = WallClock {
            begin: reading(10_000_000, 5_000_000_000),
            end: reading(20_000_000, 5_000_100_000),
        };
        assert_eq!(clock.drift(), 100_000);
        assert_eq!(clock.instant(5_010_000), 10_000_000, "at the begin");
        let middle = clock.instant(5_015_050);
        assert!(middle.abs_diff(15_000_000) < 1_000, "{middle}");
    }

    #[test]
    fn a_clock_that_was_set_fails_the_run() {
        let mut begun = Reading::take();
        begun.ahead -= 5 * MILLISECOND;
        let error = Begun(begun).end().unwrap_err().to_string();
        assert!(error.contains("moved by 5.0 ms"), "{error}");
        assert!(Begun(Reading::take()).end().is_ok());
    }

    #[test]
    fn a_sleeper_is_never_early() {
        let until = now() + 2 * MILLISECOND;
        sleep_until(until);
        assert!(now() >= until);
    }
}
