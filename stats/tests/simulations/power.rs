//! How often real effects are found, and after how many units.

use peekaboo_stats::{Alpha, Baseline, Design, Looks, SampleSize, Scale, Sequence, Side, welch};

use crate::{
    QUICK,
    experiment::{Experiment, rng, share},
};

const ALPHA: Alpha = Alpha::FIVE_PERCENT;
const BASELINE: f64 = 0.1;
const LIFT: f64 = 0.2;

fn design(looks: Looks) -> Design {
    Design {
        baseline: Baseline::Proportion(BASELINE),
        scale: Scale::Absolute,
        looks,
        side: Side::Two,
        alpha: ALPHA,
        power: 0.8,
        ratio: 1.0,
    }
}

fn size(looks: Looks) -> SampleSize {
    design(looks).sample_size(LIFT).expect("a sample")
}

fn experiment(seed: u64, number: u64) -> Experiment {
    Experiment::new(BASELINE, BASELINE * (1.0 + LIFT), rng(seed, number))
}

/// The fixed test at the sample size that its design has.
pub(crate) fn fixed(experiments: u64) -> f64 {
    share(experiments, |number| {
        let mut experiment = experiment(21, number);
        experiment.expose(size(Looks::Once).control);
        welch(&experiment.absolute(), ALPHA, Side::Two).p_value < ALPHA.get()
    })
}

/// The share that the sequence finds up to the sample size of its design, in 100 looks, and the median number of units
/// per arm at which it does.
pub(crate) fn sequence(experiments: u64) -> (f64, u64) {
    let planned = size(Looks::Always);
    let sequence = Sequence::new(ALPHA, Side::Two, planned.total()).expect("a plan");
    let step = planned.control.div_ceil(100);
    let mut stops: Vec<u64> = (0..experiments)
        .map(|number| {
            let mut experiment = experiment(22, number);
            let found = (1..=100).find(|_| {
                experiment.expose(step);
                sequence.look(&experiment.absolute()).p_value < ALPHA.get()
            });
            found.map_or(u64::MAX, |look| look * step)
        })
        .collect();
    stops.sort_unstable();
    let found = stops.iter().filter(|&&stop| stop < u64::MAX).count();
    (found as f64 / experiments as f64, stops[stops.len() / 2])
}

/// Units per arm that the designs ask for: a fixed test, and a sequence.
pub(crate) fn sizes() -> (u64, u64) {
    (size(Looks::Once).control, size(Looks::Always).control)
}

#[test]
fn designs_have_the_power_that_was_asked_for() {
    let margin = 5.0 * (0.8f64 * 0.2 / QUICK as f64).sqrt();
    let fixed = fixed(QUICK);
    assert!((fixed - 0.8).abs() < margin, "{fixed}");
    let (always, median) = sequence(QUICK);
    assert!(always > 0.8 - margin, "{always}");
    // Most effects are found long before the planned end.
    assert!(median < sizes().1, "{median}");
}
