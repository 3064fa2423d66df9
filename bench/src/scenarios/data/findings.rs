//! What was found on one database, and what could not be.

use std::time::Duration;

use crate::report::{Figure, ScenarioReport};

/// Figures in the order of their measurement, and why others are missing.
#[derive(Default)]
pub(super) struct Findings {
    figures: Vec<Figure>,
    failures: Vec<String>,
}

impl Findings {
    pub(super) fn push(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    /// Takes a figure, or why there is none.
    pub(super) fn take_one(&mut self, what: &str, found: anyhow::Result<Figure>) {
        match found {
            Ok(figure) => self.push(figure),
            Err(error) => self.failures.push(format!("{what}: {error:#}")),
        }
    }

    /// Takes what a step found.
    pub(super) fn take(&mut self, step: &str, found: anyhow::Result<Self>) {
        match found {
            Ok(found) => {
                self.figures.extend(found.figures);
                self.failures.extend(found.failures);
            }
            Err(error) => self.failures.push(format!("{step}: {error:#}")),
        }
    }

    /// Makes these the report's figures.
    pub(super) fn report_to(self, report: &mut ScenarioReport) {
        fail(report, "PostgreSQL", self.failures);
        report.figures.extend(self.figures);
    }

    /// Sets these next to the report's figures, and notes which goals they miss. Where the report has none, these are its
    /// figures.
    pub(super) fn report_beside(self, report: &mut ScenarioReport, name: &str) {
        fail(report, name, self.failures);
        if report.figures.is_empty() {
            report.notes.push(format!("the hub is on {name}"));
            report.figures = self.figures;
            return;
        }
        let missed = self
            .figures
            .iter()
            .filter(|figure| figure.is_met() == Some(false));
        let missed: Vec<&str> = missed.map(|figure| figure.id).collect();
        if !missed.is_empty() {
            report
                .notes
                .push(format!("{name} misses the goals of {}", missed.join(", ")));
        }
        for figure in self.figures {
            if let Some(ours) = report.figure_mut(figure.id) {
                ours.peers.insert(name.to_owned(), figure.ours);
            }
        }
    }
}

/// Milliseconds, for figures.
pub(super) fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn fail(report: &mut ScenarioReport, name: &str, failures: Vec<String>) {
    for failure in failures {
        let text = format!("{name}: {failure}");
        report.failure = Some(match report.failure.take() {
            Some(before) => format!("{before}\n          {text}"),
            None => text,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Goal, Unit};

    fn found(ours: f64) -> Findings {
        let mut findings = Findings::default();
        let figure = Figure::new("list", "list of flags", Unit::Millis, ours);
        findings.push(figure.goal(Goal::AtMost(10.0)));
        findings
    }

    #[test]
    fn the_second_database_stands_beside_the_first_with_the_goals_that_it_misses() {
        let mut report = ScenarioReport::new("data", "");
        found(8.0).report_to(&mut report);
        found(12.0).report_beside(&mut report, "sqlite");
        assert_eq!(report.figures[0].peers["sqlite"].to_string(), "12");
        assert_eq!(report.notes, ["sqlite misses the goals of list"]);
        assert_eq!(report.failure, None);
    }

    #[test]
    fn a_step_that_fails_fails_the_scenario_and_keeps_the_figures_of_others() {
        let mut report = ScenarioReport::new("data", "");
        let mut findings = found(8.0);
        findings.take("deletes", Err(anyhow::anyhow!("answered 503")));
        findings.report_to(&mut report);
        assert_eq!(report.figures.len(), 1);
        let failure = report.failure.expect("a failure");
        assert_eq!(failure, "PostgreSQL: deletes: answered 503");
    }
}
