//! Guarded rollouts: how soon harm is noticed, and how often a harmless change is rolled back.

use peekaboo_stats::{Alpha, Decision, RareErrors, Reading, decide};

use crate::{
    QUICK,
    experiment::{Experiment, at_most, rng, share},
};

const ALPHA: Alpha = Alpha::FIVE_PERCENT;

/// The ratio of error rates that a guardrail tolerates.
const MARGIN: f64 = 1.5;

fn reading(experiment: &Experiment, guardrails: u32) -> Reading {
    let errors = RareErrors {
        control: experiment.control.converted(),
        treatment: experiment.treatment.converted(),
    };
    Reading::of_rare_errors(errors, MARGIN, ALPHA, guardrails)
}

/// The median number of units per arm after which a change that raises the rate of errors is rolled back, with one
/// harmful guardrail among `guardrails`.
pub(crate) fn median_units(control: f64, treatment: f64, guardrails: u32, experiments: u64) -> u64 {
    // Two looks for each error.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a positive number of units"
    )]
    let step = (0.5 / (control + treatment)).ceil() as u64;
    let mut stops: Vec<u64> = (0..experiments)
        .map(|number| {
            let mut experiment = Experiment::new(control, treatment, rng(31, number));
            let mut units = 0;
            loop {
                experiment.expose(step);
                units += step;
                if decide(&[reading(&experiment, guardrails)], false) == Decision::RollBack {
                    return units;
                }
            }
        })
        .collect();
    stops.sort_unstable();
    stops[stops.len() / 2]
}

/// The share of harmless changes that any of `guardrails` rolls back within `units` units per arm.
pub(crate) fn false_rollbacks(rate: f64, guardrails: u32, units: u64, experiments: u64) -> f64 {
    share(experiments, |number| {
        let mut watched: Vec<_> = (0..guardrails)
            .map(|guardrail| Experiment::new(rate, rate, rng(32 + u64::from(guardrail), number)))
            .collect();
        (0..200).any(|_| {
            for experiment in &mut watched {
                experiment.expose(units / 200);
            }
            let readings: Vec<_> = watched
                .iter()
                .map(|experiment| reading(experiment, guardrails))
                .collect();
            decide(&readings, false) == Decision::RollBack
        })
    })
}

/// The share of changes as harmful as the margin that a guardrail lets go on within `units` units per arm.
pub(crate) fn false_advances(rate: f64, units: u64, experiments: u64) -> f64 {
    share(experiments, |number| {
        let mut experiment = Experiment::new(rate, MARGIN * rate, rng(41, number));
        for _ in 0..200 {
            experiment.expose(units / 200);
            match decide(&[reading(&experiment, 1)], true) {
                Decision::RollBack => return false,
                Decision::GoOn => return true,
                Decision::Hold => {}
            }
        }
        false
    })
}

#[test]
fn harm_is_noticed_early() {
    let units = median_units(0.01, 0.03, 1, QUICK);
    assert!(units <= 650, "{units}");
    let units = median_units(0.001, 0.002, 1, QUICK);
    assert!(units <= 21_000, "{units}");
}

#[test]
fn a_harmless_change_is_rarely_rolled_back() {
    for guardrails in [1, 3] {
        let share = false_rollbacks(0.01, guardrails, 20_000, QUICK);
        assert!(share <= at_most(0.05, QUICK), "{guardrails}: {share}");
    }
}

#[test]
fn a_harmful_change_rarely_advances() {
    let share = false_advances(0.01, 20_000, QUICK);
    assert!(share <= at_most(0.05, QUICK), "{share}");
}
