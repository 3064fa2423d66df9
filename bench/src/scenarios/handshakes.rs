//! Handshakes added up: how long each took, how many there were a second, and what they cost the server.

use std::time::Duration;

use crate::clock::{Nanos, SECOND};
use crate::receiver::Handshake;
use crate::report::{Latencies, count};

/// Handshakes of one round or several.
pub(super) struct Handshakes {
    /// From `connect` until a connection was up to date.
    pub(super) latencies: Latencies,
    /// From the first `connect` of each round until its last connection was up to date.
    pub(super) lasted: Nanos,
    cpu: Duration,
}

impl Handshakes {
    /// None yet.
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            latencies: Latencies::new()?,
            lasted: 0,
            cpu: Duration::ZERO,
        })
    }

    /// Adds a round, and the server's processor time in it.
    pub(super) fn add(&mut self, round: &[Handshake], cpu: Duration) {
        for Handshake { began, ended, .. } in round {
            self.latencies.record(ended.saturating_sub(*began));
        }
        let begin = round.iter().map(|one| one.began).min().unwrap_or_default();
        let end = round.iter().map(|one| one.ended).max().unwrap_or_default();
        self.lasted += end.saturating_sub(begin);
        self.cpu += cpu;
    }

    /// How many ended in a second.
    pub(super) fn per_second(&self) -> f64 {
        count(self.latencies.count()) * count(SECOND) / count(self.lasted.max(1))
    }

    /// Processor time of each, in microseconds.
    pub(super) fn cpu_micros(&self) -> f64 {
        self.cpu.as_secs_f64() * 1e6 / count(self.latencies.count().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_added_up_without_the_pauses_between_them() {
        let handshake = |began, ended| Handshake {
            began: began * SECOND,
            ended: ended * SECOND,
            mode: 2,
        };
        let mut all = Handshakes::new().unwrap();
        all.add(
            &[handshake(1, 2), handshake(1, 3)],
            Duration::from_micros(40),
        );
        all.add(&[handshake(10, 12)], Duration::from_micros(50));
        assert_eq!(all.lasted, 4 * SECOND);
        assert!((all.per_second() - 0.75).abs() < 1e-9);
        assert!((all.cpu_micros() - 30.0).abs() < 1e-9);
    }
}
