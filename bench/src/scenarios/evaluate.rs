//! What an evaluation costs, in this process: no hub, no socket. Criterion's bench of the same name says more.

use std::hint::black_box;

use crate::bench::Bench;
use crate::cpus::Role;
use crate::evaluation::{CASES, context, ruleset};
use crate::report::{Figure, Goal, ScenarioReport, Unit};
use crate::samples::{SAMPLES, median};

pub(super) const NAME: &str = "evaluate";

/// Measures our engine, then others where that is asked for: all on the server's processor.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let mut report = bench.cpus.start(Role::Server, || Ok(ours()))?;
    if let Some(peers) = &bench.peers {
        peers.evaluate(&bench.cpus, &mut report).await?;
    }
    Ok(report)
}

/// Measures each case: the median of the samples.
fn ours() -> ScenarioReport {
    let mut report =
        ScenarioReport::new(NAME, "single evaluations in a ruleset of a thousand flags");
    report.setting("samples", SAMPLES);
    let (ruleset, context) = (ruleset(), context());
    for case in CASES {
        if ruleset.evaluate(case.flag, &context).reason != case.reason {
            report.failure = Some(format!("{} is not what it is called", case.name));
            return report;
        }
        let nanos = median(|| {
            black_box(ruleset.evaluate(black_box(case.flag), black_box(&context)));
        });
        let mut figure = Figure::new(case.flag, case.name, Unit::Nanos, nanos);
        figure.goal = case.goal.map(Goal::AtMost);
        report.push(figure);
    }
    report
}
