//! A scenario's figures as a table for people: ours, the floor's, the ratio, the peers', and the goal.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::ScenarioReport;
use super::figure::{Figure, Unit};

impl ScenarioReport {
    /// The scenario, for a terminal.
    pub(crate) fn table(&self) -> String {
        let mut text = format!("{}: {}\n", self.name, self.title);
        if let Some(failure) = &self.failure {
            let _ = writeln!(text, "  FAILED: {failure}");
        }
        let peers: BTreeSet<&str> = self
            .figures
            .iter()
            .flat_map(|figure| figure.peers.keys().map(String::as_str))
            .collect();
        let has_floor = self.figures.iter().any(|figure| figure.floor.is_some());
        let mut rows = Vec::new();
        if !self.figures.is_empty() {
            rows.push(head(has_floor, &peers));
        }
        rows.extend(
            self.figures
                .iter()
                .map(|figure| row(figure, has_floor, &peers)),
        );
        text.push_str(&align(&rows));
        for note in &self.notes {
            let _ = writeln!(text, "  · {note}");
        }
        text
    }
}

fn head(has_floor: bool, peers: &BTreeSet<&str>) -> Vec<String> {
    let mut cells = vec![String::new(), "hub".to_owned()];
    if has_floor {
        cells.extend(["floor".to_owned(), "ratio".to_owned()]);
    }
    cells.extend(peers.iter().map(|peer| (*peer).to_owned()));
    cells.push("goal".to_owned());
    cells
}

fn row(figure: &Figure, has_floor: bool, peers: &BTreeSet<&str>) -> Vec<String> {
    let number = |value: f64| number(value, figure.unit);
    let mut cells = vec![figure.name.clone(), number(figure.ours)];
    if has_floor {
        cells.push(figure.floor.map(number).unwrap_or_default());
        cells.push(
            figure
                .ratio()
                .map(|ratio| format!("{ratio:.2}"))
                .unwrap_or_default(),
        );
    }
    let of_peer = |peer: &&str| figure.peers.get(*peer).copied().map(number);
    cells.extend(peers.iter().map(|peer| of_peer(peer).unwrap_or_default()));
    cells.push(goal(figure));
    cells
}

fn goal(figure: &Figure) -> String {
    let Some(goal) = figure.goal else {
        return String::new();
    };
    let standing = match figure.is_met() {
        Some(true) => "met",
        Some(false) => "MISSED",
        None => "no floor",
    };
    format!("{} {standing}", goal.text())
}

/// A number with the digits that its size deserves.
fn number(value: f64, unit: Unit) -> String {
    let digits = match value.abs() {
        _ if unit == Unit::Count && value.fract() == 0.0 => 0,
        size if size >= 1_000.0 => 0,
        size if size >= 100.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$} {}", unit.symbol())
        .trim_end()
        .to_owned()
}

/// Columns as wide as their widest cell: the first to the left, numbers to the right, the last to the left.
fn align(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::from("  ");
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            if column == 0 || column + 1 == columns {
                let _ = write!(line, "{cell:<width$}  ");
            } else {
                let _ = write!(line, "{cell:>width$}  ");
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::figure::Goal;
    use super::*;

    #[test]
    fn every_figure_stands_beside_its_floor_its_peers_and_its_goal() {
        let mut report = ScenarioReport::new("fanout", "10 sockets");
        let mut cpu = Figure::new("cpu", "CPU a delivery", Unit::Micros, 8.434)
            .beside(6.47)
            .goal(Goal::AtMostTimesFloor(1.15));
        cpu.peers.insert("nats".to_owned(), 21.8);
        report.push(cpu);
        report.push(Figure::new("bytes", "bytes a delta", Unit::Count, 207.0));
        report.notes.push("a quiet machine".to_owned());
        assert_eq!(
            report.table(),
            "fanout: 10 sockets\n\
             \x20                     hub    floor  ratio      nats  goal\n\
             \x20 CPU a delivery  8.43 µs  6.47 µs   1.30  21.80 µs  ≤ 1.15 × floor MISSED\n\
             \x20 bytes a delta       207\n\
             \x20 · a quiet machine\n"
        );
    }

    #[test]
    fn a_failure_comes_first() {
        let mut report = ScenarioReport::new("idle", "10 sockets");
        report.failure = Some("socket 3: lost".to_owned());
        assert_eq!(
            report.table(),
            "idle: 10 sockets\n  FAILED: socket 3: lost\n"
        );
    }
}
