//! Which alternative a test looks for, its error rate, and the range it leaves for an effect.

use crate::{Error, Result};

/// The alternative to "there is no difference".
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Side {
    /// Treatment differs from control.
    Two,
    /// Treatment is greater than control.
    Greater,
    /// Treatment is less than control.
    Less,
}

/// The rate of false positives that a test may have: above 0 and below ½.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Alpha(f64);

impl Alpha {
    /// 5 %, as most experiments use it.
    pub const FIVE_PERCENT: Self = Self(0.05);

    /// Takes a rate, such as 0.05.
    pub fn new(rate: f64) -> Result<Self> {
        if rate > 0.0 && rate < 0.5 {
            Ok(Self(rate))
        } else {
            Err(Error::Alpha(rate))
        }
    }

    /// The rate as a number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The rate for each of `tests` tests that together may err this often (Bonferroni).
    ///
    /// Returns the rate itself for one test or none.
    #[must_use]
    pub fn shared_by(self, tests: u32) -> Self {
        Self(self.0 / f64::from(tests.max(1)))
    }
}

/// A range for the effect. An unbounded side is infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

impl Bounds {
    /// Excludes nothing.
    pub const UNBOUNDED: Self = Self {
        lower: f64::NEG_INFINITY,
        upper: f64::INFINITY,
    };

    /// What `half_width` around an estimate leaves; a one-sided alternative bounds one side only.
    pub(crate) fn around(estimate: f64, half_width: f64, side: Side) -> Self {
        let both = Self {
            lower: estimate - half_width,
            upper: estimate + half_width,
        };
        match side {
            Side::Two => both,
            Side::Greater => Self {
                upper: f64::INFINITY,
                ..both
            },
            Side::Less => Self {
                lower: f64::NEG_INFINITY,
                ..both
            },
        }
    }

    /// Whether `value` is inside.
    pub fn contains(self, value: f64) -> bool {
        self.lower <= value && value <= self.upper
    }
}

/// What a frequentist test says of an effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Test {
    /// The effects that the data does not exclude.
    pub bounds: Bounds,
    /// How surprising the data is if there is no effect, from 0 to 1.
    pub p_value: f64,
}

impl Test {
    /// The data says nothing.
    pub const UNINFORMATIVE: Self = Self {
        bounds: Bounds::UNBOUNDED,
        p_value: 1.0,
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alpha_is_above_zero_and_below_one_half() {
        assert_eq!(Alpha::new(0.05), Ok(Alpha::FIVE_PERCENT));
        for rate in [0.0, 0.5, -0.1, 1.0] {
            assert_eq!(Alpha::new(rate), Err(Error::Alpha(rate)));
        }
        assert!(Alpha::new(f64::NAN).is_err());
    }

    #[test]
    fn tests_share_alpha_equally() {
        assert_eq!(Alpha::FIVE_PERCENT.shared_by(2).get(), 0.025);
        assert_eq!(Alpha::FIVE_PERCENT.shared_by(0), Alpha::FIVE_PERCENT);
    }

    #[test]
    fn a_one_sided_alternative_bounds_one_side() {
        assert_eq!(Bounds::around(1.0, 0.5, Side::Greater).upper, f64::INFINITY);
        assert_eq!(Bounds::around(1.0, 0.5, Side::Greater).lower, 0.5);
        assert_eq!(
            Bounds::around(1.0, 0.5, Side::Less).lower,
            f64::NEG_INFINITY
        );
        assert_eq!(Bounds::around(1.0, 0.5, Side::Less).upper, 1.5);
    }
}
