//! What a run found: one type for every scenario, as a table for people and as JSON for charts and comparisons.

mod figure;
mod latencies;
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::Value;

pub(crate) use figure::{Figure, Goal, Unit};
pub(crate) use latencies::{COMMIT_TO_SOCKET, INTENDED_TO_SOCKET, Latencies, Line};

use crate::machine::Machine;

/// A run of one scenario or several.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    /// How the program was called.
    pub(crate) arguments: Vec<String>,
    pub(crate) scenarios: Vec<ScenarioReport>,
}

/// What one scenario found.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ScenarioReport {
    /// As on the command line.
    pub(crate) name: &'static str,
    /// What was done, for people.
    pub(crate) title: String,
    /// The sizes it ran with.
    pub(crate) settings: BTreeMap<&'static str, Value>,
    pub(crate) figures: Vec<Figure>,
    /// Distributions to be drawn.
    pub(crate) curves: Vec<Curves>,
    /// What a reader has to know next to the figures.
    pub(crate) notes: Vec<String>,
    /// Why it failed, where it did; its figures count for nothing then.
    pub(crate) failure: Option<String>,
}

/// The same distribution of several servers, for one chart.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Curves {
    pub(crate) name: &'static str,
    pub(crate) lines: Vec<Line>,
}

impl ScenarioReport {
    /// A report with nothing found yet.
    pub(crate) fn new(name: &'static str, title: impl Into<String>) -> Self {
        Self {
            name,
            title: title.into(),
            settings: BTreeMap::new(),
            figures: Vec::new(),
            curves: Vec::new(),
            notes: Vec::new(),
            failure: None,
        }
    }

    /// Tells a size it ran with.
    pub(crate) fn setting(&mut self, name: &'static str, value: impl Into<Value>) {
        self.settings.insert(name, value.into());
    }

    /// Adds a figure.
    pub(crate) fn push(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// The figure of this id, to put a peer's next to it.
    pub(crate) fn figure_mut(&mut self, id: &str) -> Option<&mut Figure> {
        self.figures.iter_mut().find(|figure| figure.id == id)
    }
}

impl Report {
    /// Writes the report as JSON, into directories that are made when missing.
    pub(crate) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let write = || {
            if let Some(directory) = path.parent() {
                std::fs::create_dir_all(directory)?;
            }
            std::fs::write(path, serde_json::to_vec_pretty(self)?)?;
            anyhow::Ok(())
        };
        write().with_context(|| format!("cannot write the report to {}", path.display()))
    }

    /// The names of the scenarios that failed.
    pub(crate) fn failed(&self) -> Vec<&'static str> {
        let failed = self.scenarios.iter().filter(|one| one.failure.is_some());
        failed.map(|one| one.name).collect()
    }
}

/// Prints progress for people, separate from the report.
#[expect(clippy::print_stderr, reason = "progress, for people")]
pub(crate) fn progress(line: &str) {
    eprintln!("{line}");
}

/// Prints a part of the report.
#[expect(clippy::print_stdout, reason = "the report is this program's output")]
pub(crate) fn say(text: &str) {
    println!("{text}");
}

/// A number of things, for figures.
#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people, far below 2^52"
)]
pub(crate) fn count(number: u64) -> f64 {
    number as f64
}

/// A whole number with a comma before every three digits.
pub(crate) fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(thousands(1_234_567.0), "1,234,567");
        assert_eq!(thousands(200.4), "200");
        assert_eq!(thousands(0.0), "0");
    }
}
