//! Student's t distribution.

use super::{Point, incomplete_beta, normal_cdf, normal_density, normal_quantile};

/// From here on the normal distribution differs by less than a double shows in a p-value.
const NORMAL_FROM: f64 = 1e11;

/// P(T > t) with `degrees` of freedom, with a small relative error in the upper tail.
pub(crate) fn student_tail(t: f64, degrees: f64) -> f64 {
    if t < 0.0 {
        return 1.0 - student_tail(-t, degrees);
    }
    if degrees > NORMAL_FROM {
        return normal_cdf(-t);
    }
    let square = t * t / degrees;
    let at = Point {
        x: 1.0 / (1.0 + square),
        rest: 1.0 / (1.0 + 1.0 / square),
    };
    0.5 * incomplete_beta(0.5 * degrees, 0.5, at)
}

/// The `t` with P(T > t) = `tail`, for a tail between 0 and ½.
///
/// Newton's method from a bracket; a step that leaves the bracket is replaced by its middle.
pub(crate) fn student_upper_quantile(tail: f64, degrees: f64) -> f64 {
    let normal = -normal_quantile(tail);
    if degrees > NORMAL_FROM {
        return normal;
    }
    // Student's tails are heavier, so the quantile is at least the normal one.
    let mut low = normal;
    let mut high = 2.0 * normal.max(0.5);
    while student_tail(high, degrees) > tail {
        low = high;
        high *= 2.0;
    }
    let mut t = low;
    for _ in 0..200 {
        let error = student_tail(t, degrees) - tail;
        if error > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let mut next = t + error / density(t, degrees);
        if !(low..=high).contains(&next) {
            next = 0.5 * (low + high);
        }
        let step = (next - t).abs();
        t = next;
        if step <= 1e-15 * t.abs() {
            break;
        }
    }
    t
}

/// The density near enough for Newton's steps.
fn density(t: f64, degrees: f64) -> f64 {
    // Γ((ν + 1)/2) / (Γ(ν/2) √(ν/2)) is within 1/(4ν) of 1, and exact for one degree at 0.8.
    let scale = (1.0 - 0.25 / degrees).max(0.5);
    let kernel = (-0.5 * (degrees + 1.0) * (t * t / degrees).ln_1p()).exp();
    scale * normal_density(0.0) * kernel
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(actual: f64, expected: f64, bound: f64) {
        let error = (actual / expected - 1.0).abs();
        assert!(
            error < bound,
            "{actual:e} instead of {expected:e}: {error:e}"
        );
    }

    // Computed by mpmath with 60 digits.
    #[test]
    fn tails_agree_with_sixty_digits() {
        near(student_tail(5.0, 3.0), 0.007_696_219_036_651_15, 1e-13);
        near(student_tail(2.5, 40.5), 0.008_282_916_933_531_816, 1e-13);
        near(student_tail(3.2, 6_800.25), 6.902_946_096_840_21e-4, 1e-13);
        near(
            student_tail(12.0, 6_800.25),
            3.806_875_175_745_265e-33,
            1e-13,
        );
        near(student_tail(0.1, 6_800.25), 0.460_173_636_619_708_8, 1e-13);
        near(student_tail(5.0, 1e6), 2.866_998_935_445_371e-7, 1e-13);
        near(student_tail(20.0, 1e8), 2.754_731_288_328_896_7e-89, 1e-13);
    }

    #[test]
    fn one_degree_of_freedom_is_the_cauchy_distribution() {
        for t in [0.1, 1.0, 12.0, 1e6f64] {
            let cauchy = (1.0 / t).atan() / std::f64::consts::PI;
            near(student_tail(t, 1.0), cauchy, 1e-13);
        }
    }

    #[test]
    fn the_quantile_inverts_the_tail() {
        for degrees in [0.9, 1.0, 2.5, 30.0, 6_800.3, 1e6, 1e9, 1e12] {
            for tail in [1e-12, 1e-5, 0.005, 0.025, 0.25, 0.49] {
                let t = student_upper_quantile(tail, degrees);
                near(student_tail(t, degrees), tail, 1e-11);
            }
        }
    }
}
