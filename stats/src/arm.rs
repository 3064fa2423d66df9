//! One arm of an experiment: what every comparison needs of it.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{Moments, PairMoments, Quantile};

/// An arm's estimate, and the variance of one unit's contribution to it.
///
/// The estimate's standard error is `√(variance/units)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arm {
    /// How many units, or observations of a quantile.
    pub units: u64,
    /// The estimate, in the metric's unit.
    pub mean: f64,
    /// The variance of one unit's contribution, in the metric's unit squared.
    pub variance: f64,
}

impl Arm {
    /// The mean of a value, with its sample variance. `None` without units.
    pub fn of_mean(moments: &Moments) -> Option<Self> {
        Some(Self {
            units: moments.units,
            mean: moments.mean()?,
            variance: moments.variance(),
        })
    }

    /// The share of units that converted, with variance `p(1 − p)`; 0 below two units. `None` without units.
    pub fn of_proportion(units: u64, converted: f64) -> Option<Self> {
        let mean = (units > 0).then(|| converted / units as f64)?;
        let variance = if units < 2 { 0.0 } else { mean * (1.0 - mean) };
        Some(Self {
            units,
            mean,
            variance: variance.max(0.0),
        })
    }

    /// The ratio Σx/Σy, with the variance of the delta method:
    /// `σx²/μy² − 2 σxy μx/μy³ + σy² μx²/μy⁴`. `None` where Σy is 0.
    ///
    /// Source: Deng, Knoblich and Lu, "Applying the delta method in metric analytics", KDD 2018.
    pub fn of_ratio(pairs: &PairMoments) -> Option<Self> {
        let denominator = pairs.y().mean().filter(|&mean| mean != 0.0)?;
        let ratio = pairs.sum_x / pairs.sum_y;
        let residual = pairs.x().variance() - 2.0 * ratio * pairs.covariance()
            + ratio * ratio * pairs.y().variance();
        Some(Self {
            units: pairs.units,
            mean: ratio,
            variance: (residual / (denominator * denominator)).max(0.0),
        })
    }

    /// A quantile. `None` without observations.
    pub fn of_quantile(quantile: &Quantile) -> Option<Self> {
        (quantile.observations > 0).then(|| Self {
            units: quantile.observations,
            mean: quantile.estimate,
            variance: quantile.variance(),
        })
    }

    /// The variance of the estimate: one unit's over the number of units.
    pub fn squared_error(&self) -> f64 {
        self.variance / self.units as f64
    }

    /// Whether the estimate is more than `errors` of its standard errors from 0.
    pub fn is_away_from_zero(&self, errors: f64) -> bool {
        self.mean.abs() > errors * self.squared_error().sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proportion_has_the_variance_of_a_coin() {
        let arm = Arm::of_proportion(200, 50.0).expect("units");
        assert_eq!((arm.mean, arm.variance), (0.25, 0.1875));
        assert_eq!(Arm::of_proportion(0, 0.0), None);
    }

    #[test]
    fn a_ratio_of_proportional_values_has_no_variance() {
        // y = 1, 2, 3 and x = 2y
        let pairs = PairMoments {
            units: 3,
            sum_x: 12.0,
            sum_xx: 56.0,
            sum_y: 6.0,
            sum_yy: 14.0,
            sum_xy: 28.0,
        };
        let arm = Arm::of_ratio(&pairs).expect("a denominator");
        assert_eq!(arm.mean, 2.0);
        assert!(arm.variance < 1e-12);
    }

    #[test]
    fn a_ratio_without_denominator_does_not_exist() {
        let pairs = PairMoments {
            units: 3,
            sum_x: 12.0,
            ..PairMoments::default()
        };
        assert_eq!(Arm::of_ratio(&pairs), None);
    }

    #[test]
    fn distance_from_zero_is_counted_in_standard_errors() {
        let arm = Arm {
            units: 100,
            mean: -0.5,
            variance: 1.0,
        };
        assert!(arm.is_away_from_zero(4.9));
        assert!(!arm.is_away_from_zero(5.0));
    }
}
