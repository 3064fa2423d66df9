//! How often intervals hold the true difference.

use peekaboo_stats::{
    Adjusted, Alpha, Effect, PairMoments, Posterior, RareErrors, Sequence, Side, Test, welch,
};
use rand::{RngExt as _, rngs::StdRng};

use crate::{
    QUICK,
    experiment::{Experiment, at_most, rng, share},
};

const ALPHA: Alpha = Alpha::FIVE_PERCENT;
const CONTROL: f64 = 0.1;
const TREATMENT: f64 = 0.12;

/// One look at 5,000 units per arm.
pub(crate) fn fixed(experiments: u64) -> f64 {
    once(experiments, |effect| {
        welch(effect, ALPHA, Side::Two)
            .bounds
            .contains(TREATMENT - CONTROL)
    })
}

pub(crate) fn credible(experiments: u64) -> f64 {
    once(experiments, |effect| {
        let posterior = Posterior::new(effect, None).expect("an error");
        posterior
            .credible_interval(ALPHA)
            .contains(TREATMENT - CONTROL)
    })
}

fn once(experiments: u64, holds: impl Fn(&Effect) -> bool) -> f64 {
    share(experiments, |number| {
        let mut experiment = Experiment::new(CONTROL, TREATMENT, rng(11, number));
        experiment.expose(5_000);
        holds(&experiment.absolute())
    })
}

/// At every one of 200 looks.
pub(crate) fn sequence(experiments: u64) -> f64 {
    let sequence = Sequence::new(ALPHA, Side::Two, 20_000).expect("a plan");
    share(experiments, |number| {
        let mut experiment = Experiment::new(CONTROL, TREATMENT, rng(12, number));
        (0..200).all(|_| {
            experiment.expose(100);
            let Test { bounds, .. } = sequence.look(&experiment.absolute());
            bounds.contains(TREATMENT - CONTROL)
        })
    })
}

/// The odds of rare errors, from both sides, at every one of 100 looks.
pub(crate) fn rare_odds(experiments: u64) -> f64 {
    share(experiments, |number| {
        let mut experiment = Experiment::new(0.002, 0.003, rng(13, number));
        (0..100).all(|_| {
            experiment.expose(300);
            let errors = RareErrors {
                control: experiment.control.converted(),
                treatment: experiment.treatment.converted(),
            };
            // The true odds are excluded where the bet against them succeeds.
            let threshold = -(0.5 * ALPHA.get()).ln();
            let odds = 1.5;
            errors.ln_evidence_above(odds) < threshold && errors.ln_evidence_below(odds) < threshold
        })
    })
}

/// A mean adjusted by what was known before, relative to the control: one look at 1,000 units per arm.
pub(crate) fn adjusted(experiments: u64) -> f64 {
    share(experiments, |number| {
        let mut rng = rng(14, number);
        let control = adjusted_arm(1.0, &mut rng);
        let treatment = adjusted_arm(1.1, &mut rng);
        let effect = Adjusted::new(&control, &treatment).and_then(|adjusted| adjusted.relative());
        let test = welch(&effect.expect("a baseline"), ALPHA, Side::Two);
        test.bounds.contains(0.1)
    })
}

/// Values with mean `mean`, half of whose variance was there before.
fn adjusted_arm(mean: f64, rng: &mut StdRng) -> PairMoments {
    let mut sums = PairMoments::default();
    for _ in 0..1_000 {
        let before: f64 = rng.random::<f64>() * 3.0;
        let after = mean * (before + rng.random::<f64>() * 3.0) / 3.0;
        sums = sums
            + PairMoments {
                units: 1,
                sum_x: after,
                sum_xx: after * after,
                sum_y: before,
                sum_yy: before * before,
                sum_xy: after * before,
            };
    }
    sums
}

#[test]
fn intervals_miss_the_truth_at_most_as_often_as_they_say() {
    for (name, coverage) in [
        ("fixed", fixed(QUICK)),
        ("credible", credible(QUICK)),
        ("sequence", sequence(QUICK)),
        ("rare odds", rare_odds(QUICK)),
        ("adjusted", adjusted(QUICK)),
    ] {
        assert!(1.0 - coverage <= at_most(0.05, QUICK), "{name}: {coverage}");
    }
}
