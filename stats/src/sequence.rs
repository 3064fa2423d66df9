//! Asymptotic confidence sequences: intervals that stay valid however often one looks.
//!
//! With N units in both arms, standard error SE, `q = Nρ²` and `ρ² = (−2 ln α + ln(1 − 2 ln α))/N*`:
//!
//! - two-sided half-width: `SE · √(2(q + 1)/q · ln(√(q + 1)/α))`
//! - one-sided bound: the same with 2α in ρ, and `ln(1 + √(q + 1)/(2α))` in place of the last factor
//! - p two-sided: `√(q + 1) · exp(−z² q/(2(q + 1)))`, at most 1
//! - p one-sided, z towards the tested side: `√(q + 1)/(2 expm1(z² q/(2(q + 1))))`, at most 1, and 1 where z ≤ 0
//!
//! Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic
//! confidence sequences", Annals of Statistics 52 (2024), arXiv 2103.06476.

#![expect(
    clippy::cast_precision_loss,
    reason = "counts of units are far below 2^53"
)]

use crate::{Alpha, Bounds, Effect, Error, Result, Side, Test};

/// What is fixed before a sequence starts, and never changes while it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sequence {
    alpha: Alpha,
    side: Side,
    /// ρ².
    tuning: f64,
}

impl Sequence {
    /// A sequence that is tightest around `planned_units` units in both arms, and valid at any number.
    pub fn new(alpha: Alpha, side: Side, planned_units: u64) -> Result<Self> {
        if planned_units == 0 {
            return Err(Error::PlannedUnits);
        }
        Ok(Self {
            alpha,
            side,
            tuning: planned_q(alpha, side) / planned_units as f64,
        })
    }

    /// How many standard errors the interval of a sequence extends at the number of units it was planned for.
    pub(crate) fn planned_critical_value(alpha: Alpha, side: Side) -> f64 {
        let sequence = Self {
            alpha,
            side,
            tuning: planned_q(alpha, side),
        };
        sequence.critical_value(1.0)
    }

    /// Looks at the effect as it is now. Looking costs nothing.
    ///
    /// Uninformative where the effect's standard error is unknown. The guarantee is asymptotic: below about 100 units
    /// per arm the standard error is not yet reliable.
    pub fn look(&self, effect: &Effect) -> Test {
        let Some(standard_error) = effect.standard_error else {
            return Test::UNINFORMATIVE;
        };
        let half_width = standard_error * self.critical_value(effect.units as f64);
        Test {
            bounds: Bounds::around(effect.estimate, half_width, self.side),
            p_value: self.p_value(effect.z(standard_error), effect.units as f64),
        }
    }

    /// How many standard errors the interval extends at `units` units in both arms; a fixed test has 1.96 at 5 %.
    pub fn critical_value(&self, units: f64) -> f64 {
        let q = units * self.tuning;
        let alpha = self.alpha.get();
        let surprise = match self.side {
            Side::Two => ((q + 1.0).sqrt() / alpha).ln(),
            Side::Greater | Side::Less => ((q + 1.0).sqrt() / (2.0 * alpha)).ln_1p(),
        };
        (2.0 * (q + 1.0) / q * surprise).sqrt()
    }

    fn p_value(&self, z: f64, units: f64) -> f64 {
        let q = units * self.tuning;
        let evidence = z * z * q / (2.0 * (q + 1.0));
        let one_sided = |towards: f64| {
            if towards > 0.0 {
                (q + 1.0).sqrt() / (2.0 * evidence.exp_m1())
            } else {
                1.0
            }
        };
        let p_value = match self.side {
            Side::Two => (q + 1.0).sqrt() * (-evidence).exp(),
            Side::Greater => one_sided(z),
            Side::Less => one_sided(-z),
        };
        p_value.min(1.0)
    }
}

/// q at the planned number of units, by equation 161 of the source's seventh version.
fn planned_q(alpha: Alpha, side: Side) -> f64 {
    let rate = match side {
        Side::Two => alpha.get(),
        Side::Greater | Side::Less => 2.0 * alpha.get(),
    };
    -2.0 * rate.ln() + (-2.0 * rate.ln()).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(side: Side) -> Sequence {
        Sequence::new(Alpha::FIVE_PERCENT, side, 10_000).expect("a plan")
    }

    #[test]
    fn the_bound_touches_zero_where_the_p_value_is_alpha() {
        for (side, sign) in [(Side::Two, 1.0), (Side::Greater, 1.0), (Side::Less, -1.0)] {
            let sequence = sequence(side);
            let effect = Effect {
                estimate: sign * sequence.critical_value(4_000.0),
                standard_error: Some(1.0),
                degrees_of_freedom: 3_998.0,
                units: 4_000,
            };
            let test = sequence.look(&effect);
            assert!((test.p_value - 0.05).abs() < 1e-12, "{side:?}: {test:?}");
        }
    }

    #[test]
    fn the_interval_is_narrowest_in_standard_errors_near_the_plan() {
        let sequence = sequence(Side::Two);
        let at_plan = sequence.critical_value(10_000.0);
        assert!((at_plan - 3.035).abs() < 0.001, "{at_plan}");
        assert!(at_plan < sequence.critical_value(100.0));
        assert!(at_plan < sequence.critical_value(1e7));
    }

    #[test]
    fn an_effect_away_from_the_tested_side_is_not_evidence() {
        let effect = Effect {
            estimate: -3.0,
            standard_error: Some(1.0),
            degrees_of_freedom: 98.0,
            units: 100,
        };
        assert_eq!(sequence(Side::Greater).look(&effect).p_value, 1.0);
    }

    #[test]
    fn a_plan_without_units_is_refused() {
        let refused = Sequence::new(Alpha::FIVE_PERCENT, Side::Two, 0);
        assert_eq!(refused, Err(Error::PlannedUnits));
    }
}
