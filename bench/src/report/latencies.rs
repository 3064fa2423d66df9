//! Times of many deliveries, in a histogram that keeps three digits of each.

use hdrhistogram::Histogram;
use serde::Serialize;

use super::figure::{Figure, Goal, Unit};
use crate::clock::{Nanos, SECOND, millis};

/// Longer than any run: what is above is counted as this.
const LONGEST: Nanos = 3_600 * SECOND;

/// How long things took.
#[derive(Clone)]
pub(crate) struct Latencies(Histogram<u64>);

/// The part of the deliveries, in percent, that took no longer than so many milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Point {
    pub(crate) percentile: f64,
    pub(crate) millis: f64,
}

/// A distribution to be drawn: a name of [`Curves`](super::Curves), and a line for each server.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    /// `hub`, `floor` or a peer.
    pub(crate) server: String,
    pub(crate) points: Vec<Point>,
}

impl Latencies {
    /// None yet.
    pub(crate) fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_bounds(1, LONGEST, 3)?))
    }

    /// Adds one.
    pub(crate) fn record(&mut self, nanos: Nanos) {
        self.0.saturating_record(nanos);
    }

    /// How many there are.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// That which `quantile` of them do not exceed, in milliseconds.
    pub(crate) fn millis_at(&self, quantile: f64) -> f64 {
        millis(self.0.value_at_quantile(quantile))
    }

    /// The longest, in milliseconds.
    pub(crate) fn max_millis(&self) -> f64 {
        millis(self.0.max())
    }

    /// A line for a chart.
    pub(crate) fn line(&self, server: &str) -> Line {
        let percentiles = [
            0.0, 10.0, 25.0, 50.0, 75.0, 90.0, 95.0, 99.0, 99.5, 99.9, 99.95, 99.99, 100.0,
        ];
        Line {
            server: server.to_owned(),
            points: percentiles
                .map(|percentile| Point {
                    percentile,
                    millis: self.millis_at(percentile / 100.0),
                })
                .to_vec(),
        }
    }

    /// The figures of these latencies: p50, p90, p99, p99.9 and the longest, next to the floor's.
    pub(crate) fn figures(
        &self,
        of: &Of,
        floor: Option<&Self>,
        goal_of_p99: Option<Goal>,
    ) -> Vec<Figure> {
        let figure = |id, what: &str, read: &dyn Fn(&Self) -> f64| {
            let figure = Figure::new(id, format!("{}, {what}", of.name), Unit::Millis, read(self));
            match floor {
                Some(floor) => figure.beside(read(floor)),
                None => figure,
            }
        };
        let [p50, p90, p99, p999, max] = of.ids;
        let mut of_p99 = figure(p99, "p99", &|latencies| latencies.millis_at(0.99));
        of_p99.goal = goal_of_p99;
        vec![
            figure(p50, "p50", &|latencies| latencies.millis_at(0.5)),
            figure(p90, "p90", &|latencies| latencies.millis_at(0.9)),
            of_p99,
            figure(p999, "p99.9", &|latencies| latencies.millis_at(0.999)),
            figure(max, "slowest", &Self::max_millis),
        ]
    }
}

/// How the figures of some latencies are called.
pub(crate) struct Of {
    name: &'static str,
    ids: [&'static str; 5],
}

/// From the commit to the arrival.
pub(crate) const COMMIT_TO_SOCKET: Of = Of {
    name: "commit to socket",
    ids: [
        "commitToSocketP50",
        "commitToSocketP90",
        "commitToSocketP99",
        "commitToSocketP999",
        "commitToSocketMax",
    ],
};

/// From the instant at which the change was meant to be asked for to the arrival.
pub(crate) const INTENDED_TO_SOCKET: Of = Of {
    name: "intended to socket",
    ids: [
        "intendedToSocketP50",
        "intendedToSocketP90",
        "intendedToSocketP99",
        "intendedToSocketP999",
        "intendedToSocketMax",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    fn latencies(millis: impl IntoIterator<Item = u64>) -> Latencies {
        let mut latencies = Latencies::new().unwrap();
        for one in millis {
            latencies.record(one * 1_000_000);
        }
        latencies
    }

    #[track_caller]
    fn near(left: f64, right: f64) {
        assert!(
            (left - right).abs() <= right * 0.004,
            "{left} is not {right}"
        );
    }

    #[test]
    fn percentiles_are_those_of_all_that_was_recorded() {
        let all = latencies(1..=1_000);
        near(all.millis_at(0.5), 500.0);
        near(all.millis_at(0.99), 990.0);
        near(all.millis_at(0.999), 999.0);
        near(all.max_millis(), 1_000.0);
        assert_eq!(all.count(), 1_000);
    }

    #[test]
    fn latencies_beyond_the_range_count_as_the_longest() {
        let all = latencies([1, 10 * 3_600_000]);
        near(all.max_millis(), 3_600_000.0);
    }

    #[test]
    fn figures_stand_beside_those_of_the_floor() {
        let goal = Some(Goal::AtMostTimesFloor(1.2));
        let figures =
            latencies(1..=130).figures(&COMMIT_TO_SOCKET, Some(&latencies(1..=100)), goal);
        let p99 = figures
            .iter()
            .find(|one| one.id == "commitToSocketP99")
            .unwrap();
        assert_eq!(p99.is_met(), Some(false));
        near(p99.ratio().unwrap(), 1.3);
        assert_eq!(figures.iter().filter(|one| one.goal.is_some()).count(), 1);
    }
}
