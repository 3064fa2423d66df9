//! The test of a fixed horizon: valid for one look, at a time that was planned.
//!
//! Welch's t test. `t = estimate/SE`, compared with Student's distribution of Satterthwaite's degrees of freedom.
//! Source: Welch, "The generalization of 'Student's' problem when several different population variances are
//! involved", Biometrika 34 (1947).

use crate::{
    Alpha, Bounds, Effect, Side, Test,
    distribution::{student_tail, student_upper_quantile},
};

/// Tests an effect once.
///
/// Uninformative where the effect's standard error is unknown. Looking repeatedly and stopping at the first small
/// p-value makes it wrong: 200 looks gave 38 to 43 % false positives at α = 5 %. [`crate::Sequence`] is for that.
pub fn welch(effect: &Effect, alpha: Alpha, side: Side) -> Test {
    let Some(standard_error) = effect.standard_error else {
        return Test::UNINFORMATIVE;
    };
    let degrees = effect.degrees_of_freedom;
    let t = effect.z(standard_error);
    let (p_value, tail) = match side {
        Side::Two => (2.0 * student_tail(t.abs(), degrees), 0.5 * alpha.get()),
        Side::Greater => (student_tail(t, degrees), alpha.get()),
        Side::Less => (student_tail(-t, degrees), alpha.get()),
    };
    let half_width = student_upper_quantile(tail, degrees) * standard_error;
    Test {
        bounds: Bounds::around(effect.estimate, half_width, side),
        p_value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFECT: Effect = Effect {
        estimate: 2.0,
        standard_error: Some(1.0),
        degrees_of_freedom: 50.0,
        units: 100,
    };

    #[test]
    fn the_interval_touches_zero_where_the_p_value_is_alpha() {
        for side in [Side::Two, Side::Greater] {
            let p_value = welch(&EFFECT, Alpha::FIVE_PERCENT, side).p_value;
            let alpha = Alpha::new(p_value).expect("a rate");
            let touching = welch(&EFFECT, alpha, side);
            assert!(touching.bounds.lower.abs() < 1e-12, "{touching:?}");
        }
    }

    #[test]
    fn the_one_sided_p_values_add_up_to_one() {
        let greater = welch(&EFFECT, Alpha::FIVE_PERCENT, Side::Greater).p_value;
        let less = welch(&EFFECT, Alpha::FIVE_PERCENT, Side::Less).p_value;
        assert!((greater + less - 1.0).abs() < 1e-14);
        let two = welch(&EFFECT, Alpha::FIVE_PERCENT, Side::Two).p_value;
        assert!((two - 2.0 * greater).abs() < 1e-14);
    }

    #[test]
    fn an_unknown_error_says_nothing() {
        let unknown = Effect {
            standard_error: None,
            ..EFFECT
        };
        assert_eq!(
            welch(&unknown, Alpha::FIVE_PERCENT, Side::Two),
            Test::UNINFORMATIVE
        );
    }
}
