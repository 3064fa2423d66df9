//! Experiments without any effect, looked at continuously and stopped at the first "significant" result.

use peekaboo_stats::{
    Alpha, RareErrors, STABLE_BASELINE, Sequence, Side, chi_square, sequential_p_value, welch,
};
use rand::RngExt as _;

use crate::{
    QUICK,
    experiment::{Experiment, at_most, rng, share},
};

const ALPHA: Alpha = Alpha::FIVE_PERCENT;

/// Looks at units per arm: 100, 200, … 20,000.
const LOOKS: u64 = 200;
const STEP: u64 = 100;

fn ever(rate: f64, seed: u64, experiments: u64, found: impl Fn(&Experiment) -> bool) -> f64 {
    share(experiments, |number| {
        let mut experiment = Experiment::new(rate, rate, rng(seed, number));
        (0..LOOKS).any(|_| {
            experiment.expose(STEP);
            found(&experiment)
        })
    })
}

/// The test of a fixed horizon, misused.
pub(crate) fn naive(rate: f64, experiments: u64) -> f64 {
    ever(rate, 1, experiments, |experiment| {
        welch(&experiment.absolute(), ALPHA, Side::Two).p_value < ALPHA.get()
    })
}

pub(crate) fn sequence(rate: f64, side: Side, experiments: u64) -> f64 {
    let sequence = Sequence::new(ALPHA, side, 2 * LOOKS * STEP).expect("a plan");
    ever(rate, 2, experiments, |experiment| {
        sequence.look(&experiment.absolute()).p_value < ALPHA.get()
    })
}

/// Why verdicts rest on the absolute difference: one sequence for each, planned for 2,000 units in both arms.
pub(crate) fn relative_sequence(rate: f64, is_guarded: bool, experiments: u64) -> f64 {
    let sequence = Sequence::new(ALPHA, Side::Two, 2_000).expect("a plan");
    ever(rate, 3, experiments, |experiment| {
        let is_shown = !is_guarded || experiment.control.arm().is_away_from_zero(STABLE_BASELINE);
        let effect = experiment.relative().filter(|_| is_shown);
        effect.is_some_and(|effect| sequence.look(&effect).p_value < ALPHA.get())
    })
}

/// The absolute difference under the same plan.
pub(crate) fn early_sequence(rate: f64, experiments: u64) -> f64 {
    let sequence = Sequence::new(ALPHA, Side::Two, 2_000).expect("a plan");
    ever(rate, 3, experiments, |experiment| {
        sequence.look(&experiment.absolute()).p_value < ALPHA.get()
    })
}

pub(crate) fn rare_errors(rate: f64, experiments: u64) -> f64 {
    ever(rate, 4, experiments, |experiment| {
        RareErrors {
            control: experiment.control.converted(),
            treatment: experiment.treatment.converted(),
        }
        .shows_harm(ALPHA)
    })
}

/// How often a ratio as planned raises an alarm at 0.001, looked at 500 times.
pub(crate) fn sample_ratio(is_sequential: bool, experiments: u64) -> f64 {
    let test = if is_sequential {
        sequential_p_value
    } else {
        chi_square
    };
    share(experiments, |number| {
        let mut rng = rng(5, number);
        let mut counts = [0u64; 2];
        (0..500).any(|_| {
            for _ in 0..20 {
                counts[usize::from(rng.random::<bool>())] += 1;
            }
            test(&counts, &[0.5, 0.5]).expect("weights") < 0.001
        })
    })
}

#[test]
fn a_fixed_test_checked_continuously_finds_false_effects() {
    assert!(naive(0.1, QUICK) > 0.3);
}

#[test]
fn a_sequence_looked_at_continuously_keeps_its_error_rate() {
    for side in [Side::Two, Side::Greater, Side::Less] {
        for rate in [0.002, 0.01, 0.1] {
            let share = sequence(rate, side, QUICK);
            assert!(share <= at_most(0.05, QUICK), "{side:?} {rate}: {share}");
        }
    }
}

#[test]
fn the_test_of_rare_errors_looked_at_continuously_keeps_its_error_rate() {
    for rate in [0.001, 0.01, 0.1] {
        let share = rare_errors(rate, QUICK);
        assert!(share <= at_most(0.05, QUICK), "{rate}: {share}");
    }
}

#[test]
fn a_sample_ratio_looked_at_continuously_raises_no_false_alarm() {
    let share = sample_ratio(true, QUICK);
    assert!(share <= at_most(0.001, QUICK), "{share}");
}
