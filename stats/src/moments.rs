//! Sums over the units of an arm, which is all that is kept of them.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use std::ops::Add;

/// Sums of one value over units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// How many units.
    pub units: u64,
    /// Σx.
    pub sum: f64,
    /// Σx².
    pub sum_squares: f64,
}

impl Moments {
    /// The mean; `None` without units.
    pub fn mean(&self) -> Option<f64> {
        (self.units > 0).then(|| self.sum / self.units as f64)
    }

    /// The sample variance `(Σx² − (Σx)²/n)/(n − 1)`; 0 below two units.
    ///
    /// Rounding never makes it negative.
    pub fn variance(&self) -> f64 {
        covariance(self.units, self.sum, self.sum, self.sum_squares).max(0.0)
    }
}

impl Add for Moments {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            units: self.units + other.units,
            sum: self.sum + other.sum,
            sum_squares: self.sum_squares + other.sum_squares,
        }
    }
}

/// Sums of two values over the same units: a metric, and its value before exposure or a ratio's denominator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PairMoments {
    /// How many units.
    pub units: u64,
    /// Σx.
    pub sum_x: f64,
    /// Σx².
    pub sum_xx: f64,
    /// Σy.
    pub sum_y: f64,
    /// Σy².
    pub sum_yy: f64,
    /// Σxy.
    pub sum_xy: f64,
}

impl PairMoments {
    /// The metric by itself.
    pub fn x(&self) -> Moments {
        Moments {
            units: self.units,
            sum: self.sum_x,
            sum_squares: self.sum_xx,
        }
    }

    /// The second value by itself.
    pub fn y(&self) -> Moments {
        Moments {
            units: self.units,
            sum: self.sum_y,
            sum_squares: self.sum_yy,
        }
    }

    /// The sample covariance `(Σxy − ΣxΣy/n)/(n − 1)`; 0 below two units.
    pub fn covariance(&self) -> f64 {
        covariance(self.units, self.sum_x, self.sum_y, self.sum_xy)
    }
}

impl Add for PairMoments {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            units: self.units + other.units,
            sum_x: self.sum_x + other.sum_x,
            sum_xx: self.sum_xx + other.sum_xx,
            sum_y: self.sum_y + other.sum_y,
            sum_yy: self.sum_yy + other.sum_yy,
            sum_xy: self.sum_xy + other.sum_xy,
        }
    }
}

fn covariance(units: u64, sum_x: f64, sum_y: f64, products: f64) -> f64 {
    if units < 2 {
        return 0.0;
    }
    let n = units as f64;
    (products - sum_x * sum_y / n) / (n - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_and_variance_are_those_of_the_units() {
        // 1, 2, 3, 6
        let moments = Moments {
            units: 4,
            sum: 12.0,
            sum_squares: 50.0,
        };
        assert_eq!(moments.mean(), Some(3.0));
        assert_eq!(moments.variance(), 14.0 / 3.0);
    }

    #[test]
    fn too_few_units_have_no_mean_and_no_variance() {
        assert_eq!(Moments::default().mean(), None);
        let one = Moments {
            units: 1,
            sum: 2.0,
            sum_squares: 4.0,
        };
        assert_eq!(one.variance(), 0.0);
    }

    #[test]
    fn rounding_never_makes_a_variance_negative() {
        let same = Moments {
            units: 3,
            sum: 0.3,
            sum_squares: 0.03 - 1e-18,
        };
        assert!(same.variance() >= 0.0);
    }

    #[test]
    fn covariance_is_that_of_the_units() {
        // (1, 2), (2, 4), (3, 9)
        let pairs = PairMoments {
            units: 3,
            sum_x: 6.0,
            sum_xx: 14.0,
            sum_y: 15.0,
            sum_yy: 101.0,
            sum_xy: 37.0,
        };
        assert_eq!(pairs.covariance(), 3.5);
    }

    #[test]
    fn sums_of_parts_are_the_sums_of_the_whole() {
        let part = Moments {
            units: 2,
            sum: 3.0,
            sum_squares: 5.0,
        };
        let whole = part + part;
        assert_eq!((whole.units, whole.sum, whole.sum_squares), (4, 6.0, 10.0));
    }
}
