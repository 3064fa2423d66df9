//! The chi-square distribution.

use statrs::function::gamma::gamma_ur;

/// P(X > `statistic`) with `degrees` of freedom.
pub(crate) fn chi_square_tail(statistic: f64, degrees: f64) -> f64 {
    // The incomplete gamma function panics at its ends.
    if statistic <= 0.0 {
        1.0
    } else if statistic.is_finite() {
        gamma_ur(0.5 * degrees, 0.5 * statistic)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed by mpmath with 40 digits.
    #[test]
    fn the_tail_agrees_with_forty_digits() {
        for (statistic, degrees, expected) in [
            (18.18, 1.0, 2.009_783_421_41e-5),
            (40.0, 3.0, 1.065_509_033_43e-8),
            (500.0, 1.0, 9.505_397_766_55e-111),
        ] {
            let error = (chi_square_tail(statistic, degrees) / expected - 1.0).abs();
            assert!(error < 1e-11, "{error:e} at {statistic}");
        }
    }

    #[test]
    fn the_ends_are_one_and_zero() {
        assert_eq!(chi_square_tail(0.0, 1.0), 1.0);
        assert_eq!(chi_square_tail(f64::INFINITY, 1.0), 0.0);
        assert_eq!(chi_square_tail(1e300, 3.0), 0.0);
    }
}
