//! The standard normal distribution.

use std::f64::consts::{PI, SQRT_2};

use statrs::function::erf::erfc_inv;

/// P(Z ≤ z), with a small relative error in the lower tail.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// The density at `z`.
pub(crate) fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z).exp() / (2.0 * PI).sqrt()
}

/// The `z` with P(Z ≤ z) = `p`; infinite at 0 and 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    -SQRT_2 * erfc_inv(2.0 * p)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(actual: f64, expected: f64) {
        let error = (actual / expected - 1.0).abs();
        assert!(error < 1e-12, "{actual:e} instead of {expected:e}");
    }

    // Computed by mpmath with 40 digits.
    #[test]
    fn the_tails_agree_with_forty_digits() {
        near(normal_cdf(-37.0), 5.725_571_222_524_577e-300);
        near(normal_cdf(-10.0), 7.619_853_024_160_526e-24);
        near(normal_cdf(-1.0), 0.158_655_253_931_457_05);
        near(normal_cdf(2.0), 0.977_249_868_051_820_8);
    }

    #[test]
    fn the_quantile_inverts_the_distribution_function() {
        for p in [1e-300, 1e-20, 1e-5, 0.025, 0.3, 0.7, 0.975] {
            near(normal_cdf(normal_quantile(p)), p);
        }
        assert!(normal_quantile(0.5).abs() < 1e-15);
    }
}
