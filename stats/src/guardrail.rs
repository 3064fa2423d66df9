//! Guarded rollouts: whether to go on, hold or roll back.
//!
//! Each guardrail is read continuously over all steps of a rollout, in two arms of equal size, and never restarted.

use crate::{Alpha, Effect, RareErrors, Result, Sequence, Side};

/// In which direction a metric gets worse.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Harm {
    /// More is worse, as of errors and latency.
    Increase,
    /// Less is worse, as of conversion.
    Decrease,
}

/// What one guardrail says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Reading {
    /// Harm beyond zero is shown.
    pub harm_shown: bool,
    /// Harm beyond the guardrail's margin is excluded.
    pub harm_excluded: bool,
}

impl Reading {
    /// Reads the mean of a metric. `margin` is the difference that is tolerated, 0 or more, in the metric's unit.
    ///
    /// Harm is tested at α over the number of `guardrails`, for any of them rolls back. The margin is tested at α, for
    /// all of them must exclude it.
    pub fn of_means(
        effect: &Effect,
        harm: Harm,
        margin: f64,
        alpha: Alpha,
        guardrails: u32,
        planned_units: u64,
    ) -> Result<Self> {
        let (worse, better, limit) = match harm {
            Harm::Increase => (Side::Greater, Side::Less, margin),
            Harm::Decrease => (Side::Less, Side::Greater, -margin),
        };
        let shown = Sequence::new(alpha.shared_by(guardrails), worse, planned_units)?.look(effect);
        let remaining = Sequence::new(alpha, better, planned_units)?.look(effect);
        Ok(Self {
            harm_shown: !shown.bounds.contains(0.0),
            harm_excluded: !remaining.bounds.contains(limit),
        })
    }

    /// Reads how many units had a rare error. `margin` is the ratio of rates that is tolerated, 1 or more.
    ///
    /// α is used as for [`Reading::of_means`].
    pub fn of_rare_errors(errors: RareErrors, margin: f64, alpha: Alpha, guardrails: u32) -> Self {
        Self {
            harm_shown: errors.shows_harm(alpha.shared_by(guardrails)),
            harm_excluded: errors.excludes_harm(margin, alpha),
        }
    }
}

/// What to do with a rollout.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    /// A guardrail shows harm.
    RollBack,
    /// Every guardrail excludes harm beyond its margin, and the step is complete.
    GoOn,
    /// Neither: inconclusive data never ships.
    Hold,
}

/// Decides by all guardrails. `step_is_complete` says that the step's time and size are reached.
pub fn decide(readings: &[Reading], step_is_complete: bool) -> Decision {
    if readings.iter().any(|reading| reading.harm_shown) {
        Decision::RollBack
    } else if step_is_complete && readings.iter().all(|reading| reading.harm_excluded) {
        Decision::GoOn
    } else {
        Decision::Hold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Reading = Reading {
        harm_shown: false,
        harm_excluded: true,
    };
    const OPEN: Reading = Reading {
        harm_shown: false,
        harm_excluded: false,
    };
    const HARMFUL: Reading = Reading {
        harm_shown: true,
        harm_excluded: false,
    };

    #[test]
    fn one_harmful_guardrail_rolls_back() {
        assert_eq!(decide(&[FINE, HARMFUL], true), Decision::RollBack);
        assert_eq!(decide(&[OPEN, HARMFUL], false), Decision::RollBack);
    }

    #[test]
    fn inconclusive_data_holds() {
        assert_eq!(decide(&[FINE, OPEN], true), Decision::Hold);
        assert_eq!(decide(&[FINE, FINE], false), Decision::Hold);
    }

    #[test]
    fn a_complete_step_advances_when_every_guardrail_excludes_harm() {
        assert_eq!(decide(&[FINE, FINE], true), Decision::GoOn);
    }

    #[test]
    fn a_decrease_in_conversion_is_harm_and_in_latency_is_not() {
        let effect = Effect {
            estimate: -0.05,
            standard_error: Some(0.005),
            degrees_of_freedom: 9_998.0,
            units: 10_000,
        };
        let read = |harm| {
            Reading::of_means(&effect, harm, 0.01, Alpha::FIVE_PERCENT, 1, 10_000).expect("a plan")
        };
        assert_eq!(read(Harm::Decrease), HARMFUL);
        assert_eq!(read(Harm::Increase), FINE);
    }

    #[test]
    fn rare_errors_are_read_by_their_counts() {
        let read = |control, treatment| {
            let errors = RareErrors { control, treatment };
            Reading::of_rare_errors(errors, 1.5, Alpha::FIVE_PERCENT, 3)
        };
        assert_eq!(read(2, 20), HARMFUL);
        assert_eq!(read(200, 200), FINE);
        assert_eq!(read(2, 2), OPEN);
    }
}
