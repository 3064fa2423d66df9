//! The error of a quantile, from its order-statistic interval.
//!
//! An interval between two order statistics covers the quantile whatever the distribution is. Its width gives the
//! standard error without an estimate of the density. Where a unit has several observations, these resemble each
//! other, and the variance grows by the ratio of the clustered to the independent variance of the share below the
//! quantile. Source: Deng, Knoblich and Lu, "Applying the delta method in metric analytics", KDD 2018, section 4.3.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{PairMoments, distribution::normal_quantile};

/// The interval's confidence that its width is divided by.
const CONFIDENCE: f64 = 0.95;

/// A quantile of an arm's observations, with a 95 % interval from order statistics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// How many observations.
    pub observations: u64,
    /// Which quantile, above 0 and below 1; the median is 0.5.
    pub level: f64,
    /// The sample's quantile, in the metric's unit.
    pub estimate: f64,
    /// The interval's lower order statistic.
    pub lower: f64,
    /// The interval's upper order statistic.
    pub upper: f64,
    /// The sample size that the interval's ranks were chosen for.
    pub interval_observations: u64,
    /// Sums over the units where a unit has several observations: x counts the unit's observations at or below the
    /// quantile, y all of them.
    pub clusters: Option<PairMoments>,
}

impl Quantile {
    /// Whether there are enough observations for both ranks of the interval to exist: more than
    /// `z² · max(ν/(1 − ν), (1 − ν)/ν)`.
    pub fn has_interval(&self) -> bool {
        let z = critical();
        let odds = self.level / (1.0 - self.level);
        self.observations as f64 > z * z * odds.max(1.0 / odds)
    }

    /// The variance of one observation's contribution: the squared standard error times the number of observations.
    ///
    /// It is 0 where it cannot be known, which is so without an interval or with fewer than two clusters.
    pub fn variance(&self) -> f64 {
        if self.observations < 2 || self.interval_observations == 0 || !self.has_interval() {
            return 0.0;
        }
        let n = self.observations as f64;
        let deviation = (self.upper - self.lower) / (2.0 * critical());
        let independent = self.interval_observations as f64 / n * (n - 1.0) * deviation * deviation;
        independent
            * self
                .clusters
                .map_or(1.0, |clusters| self.design_effect(&clusters))
    }

    /// How many times greater the variance is than with independent observations.
    fn design_effect(&self, clusters: &PairMoments) -> f64 {
        if clusters.units < 2 || clusters.sum_y <= 0.0 {
            return 0.0;
        }
        let count = clusters.units as f64;
        let below = clusters.sum_x / count;
        let all = clusters.sum_y / count;
        let share = below / all;
        let residual = clusters.x().variance() - 2.0 * share * clusters.covariance()
            + share * share * clusters.y().variance();
        let clustered = residual / (count * all * all);
        clustered / (self.level * (1.0 - self.level) / self.observations as f64)
    }
}

fn critical() -> f64 {
    normal_quantile(0.5 + 0.5 * CONFIDENCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEDIAN: Quantile = Quantile {
        observations: 1001,
        level: 0.5,
        estimate: 20.0,
        lower: 19.0,
        upper: 21.0,
        interval_observations: 1001,
        clusters: None,
    };

    #[test]
    fn the_standard_error_is_the_width_over_twice_the_critical_value() {
        let error = (MEDIAN.variance() / 1000.0).sqrt();
        assert!((error - 1.0 / 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn an_extreme_quantile_needs_more_observations() {
        let few = Quantile {
            observations: 300,
            level: 0.99,
            ..MEDIAN
        };
        assert!(!few.has_interval());
        assert_eq!(few.variance(), 0.0);
        assert!(
            Quantile {
                observations: 400,
                ..few
            }
            .has_interval()
        );
    }

    #[test]
    fn units_whose_observations_are_all_alike_count_once() {
        // 100 units with ten observations each, half of the units wholly below the median.
        let clusters = PairMoments {
            units: 100,
            sum_x: 500.0,
            sum_xx: 5_000.0,
            sum_y: 1_000.0,
            sum_yy: 10_000.0,
            sum_xy: 5_000.0,
        };
        let clustered = Quantile {
            observations: 1000,
            clusters: Some(clusters),
            ..MEDIAN
        };
        let independent = Quantile {
            clusters: None,
            ..clustered
        };
        let effect = clustered.variance() / independent.variance();
        assert!((effect - 10.0 * 100.0 / 99.0).abs() < 1e-9, "{effect}");
    }
}
