//! Runs scenarios, tries void ones again, and writes what they found.

use std::path::Path;

use anyhow::bail;

use crate::bench::Bench;
use crate::chart;
use crate::clock::{SECOND, now};
use crate::generator::InvalidRun;
use crate::machine::Machine;
use crate::report::{Report, ScenarioReport, progress, say};
use crate::scenarios::Scenario;

/// Fails where a peer that was named, and that one of the scenarios measures, is missing.
pub(crate) fn check_peers(bench: &Bench, scenarios: &[Scenario]) -> anyhow::Result<()> {
    let Some(peers) = &bench.peers else {
        return Ok(());
    };
    peers.check(|peer| scenarios.iter().any(|scenario| scenario.compares(peer)))
}

/// Runs scenarios one after the other; fails in the end where one of them did.
pub(crate) async fn run(bench: &Bench, scenarios: &[Scenario]) -> anyhow::Result<()> {
    let mut report = Report {
        machine: Machine::here(),
        arguments: std::env::args().skip(1).collect(),
        scenarios: Vec::new(),
    };
    say(&report.machine.line());
    for (nth, scenario) in scenarios.iter().enumerate() {
        progress(&format!(
            "[{}/{}] {}",
            nth + 1,
            scenarios.len(),
            scenario.name()
        ));
        let found = attempt(bench, *scenario).await;
        say(&format!("\n{}", found.table()));
        report.scenarios.push(found);
        // What was found is kept, whatever becomes of the next.
        report.write(&bench.options.json)?;
    }
    let folder = bench.options.json.parent().unwrap_or(Path::new(""));
    let charts = chart::write(&report, folder)?;
    say(&format!(
        "written to {}, and {} charts beside it",
        bench.options.json.display(),
        charts.len()
    ));
    match report.failed().as_slice() {
        [] => Ok(()),
        failed => bail!("failed: {}", failed.join(", ")),
    }
}

/// One scenario, tried again while the fault is the generator's.
async fn attempt(bench: &Bench, scenario: Scenario) -> ScenarioReport {
    let mut attempt = 1;
    loop {
        let begun = now();
        let error = match scenario.run(bench).await {
            Ok(mut report) => {
                if attempt > 1 {
                    report
                        .notes
                        .push(format!("attempt {attempt}: those before were void"));
                }
                let seconds = (now() - begun) / SECOND;
                report.setting("pinned", bench.cpus.are_split());
                report.setting("took", format!("{seconds} s"));
                return report;
            }
            Err(error) => error,
        };
        let void = error.is::<InvalidRun>();
        if void && attempt < bench.options.attempts {
            progress(&format!("  void: {error:#}; once more"));
            attempt += 1;
            continue;
        }
        let mut report = ScenarioReport::new(scenario.name(), "no result");
        report.failure = Some(format!("{error:#}"));
        return report;
    }
}
