//! What Stirling's approximation of ln Γ leaves out.
//!
//! Differences of ln Γ at large arguments lose digits: at 10⁸ units one term is 1.7·10⁹, so that nine digits after the
//! point are all a double has. Written with Stirling's approximation the large parts cancel on paper, and only this
//! small remainder is left to compute.

use std::f64::consts::PI;

/// From here on the series is exact to the last digit.
const SERIES_FROM: f64 = 16.0;

/// `ln Γ(x) − ((x − ½) ln x − x + ½ ln 2π)` for `x` > 0.
///
/// Source: Abramowitz and Stegun 6.1.41.
pub(crate) fn stirling_error(x: f64) -> f64 {
    if x < SERIES_FROM {
        return libm::lgamma(x) - ((x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln());
    }
    let square = x * x;
    let series = 1.0 / 1188.0 - 691.0 / 360_360.0 / square;
    let series = 1.0 / 1680.0 - series / square;
    let series = 1.0 / 1260.0 - series / square;
    let series = 1.0 / 360.0 - series / square;
    (1.0 / 12.0 - series / square) / x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_and_definition_meet() {
        for x in [16.0, 20.5, 31.0, 64.25f64] {
            let defined = libm::lgamma(x) - ((x - 0.5) * x.ln() - x + 0.5 * (2.0 * PI).ln());
            let error = (stirling_error(x) - defined).abs();
            assert!(error < 1e-13, "{error:e} at {x}");
        }
    }

    #[test]
    fn one_half_gives_the_square_root_of_pi() {
        let ln_gamma = stirling_error(0.5) - 0.5 + 0.5 * (2.0 * PI).ln();
        assert!((ln_gamma - 0.5 * PI.ln()).abs() < 1e-15);
    }
}
