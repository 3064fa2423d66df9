//! What an evaluation costs, in this process: no hub, no socket. Criterion's bench of the same name says more.

use std::hint::black_box;

use peekaboo_flags::{CompiledRuleset, Context};

use crate::clock::{MILLISECOND, Nanos, now};
use crate::evaluation::{CASES, context, ruleset};
use crate::report::{Figure, Goal, ScenarioReport, Unit, count};

pub(super) const NAME: &str = "evaluate";

/// Samples of a case, and how long each takes at least.
const SAMPLES: usize = 25;
const SAMPLE: Nanos = 2 * MILLISECOND;

/// Measures each case: the median of the samples.
pub(super) fn run() -> ScenarioReport {
    let mut report =
        ScenarioReport::new(NAME, "single evaluations in a ruleset of a thousand flags");
    report.setting("samples", SAMPLES);
    let (ruleset, context) = (ruleset(), context());
    for case in CASES {
        if ruleset.evaluate(case.flag, &context).reason != case.reason {
            report.failure = Some(format!("{} is not what it is called", case.name));
            return report;
        }
        let mut figure = Figure::new(
            case.flag,
            case.name,
            Unit::Nanos,
            median(&ruleset, case.flag, &context),
        );
        figure.goal = case.goal.map(Goal::AtMost);
        report.push(figure);
    }
    report
}

fn median(ruleset: &CompiledRuleset, flag: &str, context: &Context) -> f64 {
    // The first call finds out how many evaluations make a sample.
    let mut evaluations = 1_000;
    while sample(ruleset, flag, context, evaluations) < SAMPLE {
        evaluations *= 2;
    }
    let mut samples: Vec<f64> = (0..SAMPLES)
        .map(|_| count(sample(ruleset, flag, context, evaluations)) / count(evaluations))
        .collect();
    samples.sort_unstable_by(f64::total_cmp);
    samples[SAMPLES / 2]
}

fn sample(ruleset: &CompiledRuleset, flag: &str, context: &Context, evaluations: u64) -> Nanos {
    let begun = now();
    for _ in 0..evaluations {
        black_box(ruleset.evaluate(black_box(flag), black_box(context)));
    }
    now() - begun
}
