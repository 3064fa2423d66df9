//! A report's figures and distributions as SVG.
//!
//! A chart explains itself to those who do not see it (`title`, `desc`), follows the reader's choice of a light or a
//! dark page, and never tells by color alone.

mod bars;
mod curves;
mod role;
mod svg;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::machine::Machine;
use crate::report::{Report, ScenarioReport};

/// Writes a chart of every scenario's figures and one of each of its distributions; answers their files.
pub(crate) fn write(report: &Report, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for scenario in report.scenarios.iter().filter(|one| one.failure.is_none()) {
        for (name, svg) in charts(scenario, &report.machine) {
            let file = folder.join(format!("{name}.svg"));
            std::fs::write(&file, svg)
                .with_context(|| format!("cannot write {}", file.display()))?;
            written.push(file);
        }
    }
    Ok(written)
}

/// The charts of a scenario, by the names of their files.
fn charts(scenario: &ScenarioReport, machine: &Machine) -> Vec<(String, String)> {
    let conditions = machine.line();
    let figures = bars::draw(scenario, &conditions).map(|svg| (scenario.name.to_owned(), svg));
    let curves = scenario.curves.iter().map(|curves| {
        let svg = curves::draw(scenario, curves, &conditions);
        (format!("{}-{}", scenario.name, file_name(curves.name)), svg)
    });
    figures.into_iter().chain(curves).collect()
}

/// Words as a part of a file's name.
fn file_name(words: &str) -> String {
    let letters =
        |word: &str| -> String { word.chars().filter(|char| char.is_alphanumeric()).collect() };
    let words: Vec<_> = words.split_whitespace().map(letters).collect();
    words.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Curves, Figure, Latencies, Unit};

    #[test]
    fn every_scenario_that_did_not_fail_has_its_charts() {
        let mut fanout = ScenarioReport::new("fanout", "to sockets");
        fanout.push(Figure::new("cpu", "CPU a delivery", Unit::Micros, 9.0).beside(6.0));
        fanout.curves.push(Curves {
            name: "commit to socket",
            lines: vec![Latencies::new().unwrap().line("hub")],
        });
        let mut failed = ScenarioReport::new("idle", "sockets");
        failed.push(Figure::new("cpu", "CPU", Unit::Micros, 9.0).beside(6.0));
        failed.failure = Some("lost".to_owned());
        let report = Report {
            machine: Machine::here(),
            arguments: Vec::new(),
            scenarios: vec![fanout, failed],
        };
        let folder = tempfile::tempdir().unwrap();
        let files = write(&report, &folder.path().join("charts")).unwrap();
        let names: Vec<_> = files.iter().map(|file| file.file_name().unwrap()).collect();
        assert_eq!(names, ["fanout.svg", "fanout-commit-to-socket.svg"]);
        let svg = std::fs::read_to_string(&files[0]).unwrap();
        assert!(svg.contains("CPU a delivery"), "{svg}");
    }

    #[test]
    fn what_cannot_be_compared_has_no_bars() {
        let mut scenario = ScenarioReport::new("soak", "for long");
        scenario.push(Figure::new("changes", "changes", Unit::Count, 9.0));
        assert!(charts(&scenario, &Machine::here()).is_empty());
    }
}
