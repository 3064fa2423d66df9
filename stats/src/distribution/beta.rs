//! The beta function and its incomplete form.

use std::f64::consts::PI;

use super::stirling_error;

/// More than the continued fraction takes at 10¹² in both arguments.
const MOST_STEPS: u32 = 5_000_000;

/// A point of the unit interval with its distance from 1, both to full precision.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Point {
    /// The point.
    pub(crate) x: f64,
    /// 1 − x.
    pub(crate) rest: f64,
}

impl Point {
    /// The point of odds `odds` : 1.
    pub(crate) fn of_odds(odds: f64) -> Self {
        Self {
            x: odds / (1.0 + odds),
            rest: 1.0 / (1.0 + odds),
        }
    }

    fn mirrored(self) -> Self {
        Self {
            x: self.rest,
            rest: self.x,
        }
    }
}

/// ln B(a, b) for positive arguments.
pub(crate) fn ln_beta(a: f64, b: f64) -> f64 {
    let sum = a + b;
    -a * (b / a).ln_1p() - b * (a / b).ln_1p()
        + 0.5 * (2.0 * PI * (1.0 / a + 1.0 / b)).ln()
        + stirling_error(a)
        + stirling_error(b)
        - stirling_error(sum)
}

/// The regularized incomplete beta function: P(Beta(a, b) ≤ x).
///
/// The relative error stays small in the lower tail. Source: `DiDonato` and Morris, "Algorithm 708", ACM Transactions on
/// Mathematical Software 18 (1992), equation 9.
pub(crate) fn incomplete_beta(a: f64, b: f64, at: Point) -> f64 {
    if at.x <= 0.0 {
        return 0.0;
    }
    if at.rest <= 0.0 {
        return 1.0;
    }
    if at.x * b > at.rest * a {
        return 1.0 - lower_tail(b, a, at.mirrored());
    }
    lower_tail(a, b, at)
}

/// The function below its mean, where every term of the continued fraction's denominators is positive.
fn lower_tail(a: f64, b: f64, at: Point) -> f64 {
    ln_front(a, b, at).exp() / continued_fraction(a, b, at)
}

/// ln(xᵃ(1 − x)ᵇ / B(a, b)), with the large terms canceled before they are computed.
fn ln_front(a: f64, b: f64, at: Point) -> f64 {
    let sum = a + b;
    let from_mean = at.x * b - at.rest * a;
    a * ln_ratio(from_mean / a, at.x * sum / a)
        + b * ln_ratio(-from_mean / b, at.rest * sum / b)
        + 0.5 * (a / sum * b / (2.0 * PI)).ln()
        - stirling_error(a)
        - stirling_error(b)
        + stirling_error(sum)
}

/// The logarithm of a ratio, from whichever is more precise of its excess over 1 and itself.
fn ln_ratio(excess: f64, ratio: f64) -> f64 {
    if excess.abs() < 0.5 {
        excess.ln_1p()
    } else {
        ratio.ln()
    }
}

/// Evaluated by Lentz's method.
fn continued_fraction(a: f64, b: f64, at: Point) -> f64 {
    let from_mean = a * at.rest - b * at.x;
    let denominator = |m: f64| {
        m + m * (b - m) * at.x / (a + 2.0 * m - 1.0)
            + (a + m) * (from_mean + 1.0 + m * (1.0 + at.rest)) / (a + 2.0 * m + 1.0)
    };
    let mut fraction = denominator(0.0);
    let mut above = fraction;
    let mut below = 0.0;
    for step in 1..MOST_STEPS {
        let m = f64::from(step);
        let middle = a + 2.0 * m - 1.0;
        let numerator =
            m * (a + m - 1.0) / middle * ((a + b + m - 1.0) / middle) * (b - m) * at.x * at.x;
        below = 1.0 / (denominator(m) + numerator * below);
        above = denominator(m) + numerator / above;
        let factor = above * below;
        fraction *= factor;
        if (factor - 1.0).abs() < 1e-16 {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64) -> Point {
        Point { x, rest: 1.0 - x }
    }

    fn near(actual: f64, expected: f64) {
        let error = (actual / expected - 1.0).abs();
        assert!(
            error < 2e-13,
            "{actual:e} instead of {expected:e}: {error:e}"
        );
    }

    // Computed by mpmath with 60 digits.
    #[test]
    fn values_agree_with_sixty_digits() {
        near(incomplete_beta(0.5, 0.5, at(0.3)), 0.369_010_119_565_545_4);
        near(incomplete_beta(5.0, 0.5, at(0.9)), 0.316_642_915_020_012_3);
        near(
            incomplete_beta(50.0, 0.5, at(0.99)),
            0.317_304_397_874_197_4,
        );
        near(
            incomplete_beta(30.5, 10.5, at(0.5)),
            6.241_339_130_676_012e-4,
        );
        near(
            incomplete_beta(1000.5, 1200.5, at(0.5)),
            0.999_990_085_062_207_6,
        );
        near(
            incomplete_beta(100_000.5, 101_000.5, at(0.5)),
            0.987_142_944_513_683_5,
        );
        near(
            incomplete_beta(3.0, 3000.0, at(0.001)),
            0.577_370_082_425_694_5,
        );
        near(
            incomplete_beta(300.5, 100.5, at(0.5)),
            7.457_858_362_949_943e-25,
        );
        near(
            incomplete_beta(5000.5, 2000.5, at(0.5)),
            4.095_584_906_148_149e-291,
        );
        near(
            incomplete_beta(1.5, 0.5, at(1e-5)),
            1.342_116_349_144_859_3e-8,
        );
    }

    #[test]
    fn ln_beta_keeps_its_digits_at_large_arguments() {
        near(ln_beta(0.5, 0.5), 1.144_729_885_849_400_2);
        near(ln_beta(12.5, 0.5), -0.680_502_040_800_740_4);
        near(ln_beta(1000.5, 1200.5), -1_518.749_606_702_79);
        near(
            ln_beta(100_000_000.5, 100_010_000.5),
            -138_636_375.971_807_6,
        );
        near(ln_beta(5e7, 0.5), -8.291_401_836_271_51);
    }

    #[test]
    fn a_point_and_its_mirror_image_add_up_to_one() {
        for (a, b, x) in [(0.5, 0.5, 0.2), (30.5, 10.5, 0.5), (1000.5, 3.5, 0.99)] {
            let sum = incomplete_beta(a, b, at(x)) + incomplete_beta(b, a, at(x).mirrored());
            assert!((sum - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn the_ends_are_zero_and_one() {
        assert!(incomplete_beta(2.0, 3.0, at(0.0)) == 0.0);
        assert!(incomplete_beta(2.0, 3.0, at(1.0)) == 1.0);
    }
}
