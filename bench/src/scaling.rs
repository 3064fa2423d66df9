//! Machines and bandwidth for many sockets, computed from what a report measured: the tables of `docs/scaling.md`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::Args;
use serde_json::Value;

use crate::report::thousands;

/// What a packet adds to a frame: the headers of TCP, with timestamps, and IPv4.
const HEADERS: f64 = 52.0;

/// A WebSocket's ping.
const PING: f64 = 2.0;

/// Seconds between the pings of a connection that is sent nothing else.
const HEARTBEAT: f64 = 25.0;

/// The sizes that are computed.
const SIZES: [(&str, f64); 3] = [
    ("100 thousand", 1e5),
    ("1 million", 1e6),
    ("10 million", 1e7),
];

/// What to compute from what.
#[derive(Args)]
pub(crate) struct Options {
    /// A report with the scenarios fanout, idle and connect, or several that have them between them
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    /// Sockets of one node
    #[arg(long, default_value_t = 50_000, value_parser = clap::value_parser!(u32).range(1..))]
    per_node: u32,
    /// Processors of one node
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    cores: u32,
}

/// What of a report is computed with.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Measured {
    /// `c`, in seconds.
    cpu_of_delivery: f64,
    /// `b`.
    bytes_of_change: f64,
    /// `m`, in bytes.
    memory_of_connection: f64,
    /// `k`, in bytes: of the node's end.
    kernel_of_connection: Option<f64>,
    /// `w`, in seconds.
    cpu_of_handshake: f64,
}

/// The tables for a report.
pub(crate) fn tables(options: &Options) -> anyhow::Result<String> {
    let mut scenarios = Vec::new();
    for path in &options.reports {
        scenarios.extend(read(path).with_context(|| path.display().to_string())?);
    }
    let measured = Measured::of(&scenarios)?;
    let computed = measured.computed(f64::from(options.per_node), f64::from(options.cores));
    Ok(format!("{}\n{computed}", measured.table()))
}

/// The scenarios of a report.
fn read(path: &Path) -> anyhow::Result<Vec<Value>> {
    let report: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let scenarios = report["scenarios"].as_array();
    Ok(scenarios.context("not a report of peekaboo-bench")?.clone())
}

impl Measured {
    fn of(scenarios: &[Value]) -> anyhow::Result<Self> {
        let micros = |scenario, id| Ok::<_, anyhow::Error>(figure(scenarios, scenario, id)? / 1e6);
        Ok(Self {
            cpu_of_delivery: micros("fanout", "cpuPerDelivery")?,
            bytes_of_change: figure(scenarios, "fanout", "bytesPerDelivery")?,
            memory_of_connection: figure(scenarios, "idle", "residentPerConnection")? * 1e3,
            // Both ends of a connection were on the machine that measured.
            kernel_of_connection: figure(scenarios, "idle", "kernelPerConnection")
                .ok()
                .map(|both| both * 1e3 / 2.0),
            cpu_of_handshake: micros("connect", "cpuPerHandshake")?,
        })
    }

    fn table(&self) -> String {
        let kernel = self
            .kernel_of_connection
            .map_or("not measured".to_owned(), bytes);
        table(&[
            row("", ["measured"]),
            row("`c`, CPU per delivery", [seconds(self.cpu_of_delivery)]),
            row("`b`, bytes per change", [bytes(self.bytes_of_change)]),
            row(
                "`m`, resident memory per connection",
                [bytes(self.memory_of_connection)],
            ),
            row("`k`, the kernel's memory per connection, one end", [kernel]),
            row("`w`, CPU per handshake", [seconds(self.cpu_of_handshake)]),
        ])
    }

    /// For nodes of so many sockets and processors.
    fn computed(&self, per_node: f64, cores: f64) -> String {
        let Self {
            cpu_of_delivery: delivery,
            bytes_of_change: change,
            memory_of_connection: memory,
            kernel_of_connection: kernel,
            cpu_of_handshake: handshake,
        } = *self;
        let each = |compute: &dyn Fn(f64) -> String| SIZES.map(|(_, sockets)| compute(sockets));
        let same = |text: String| SIZES.map(|_| text.clone());
        let share = per_node * delivery / cores;
        table(&[
            row("applications, `S`", SIZES.map(|(name, _)| name.to_owned())),
            row(
                &format!(
                    "nodes with `n` = {}, without spares: `S / n`",
                    thousands(per_node)
                ),
                each(&|sockets| thousands((sockets / per_node).ceil())),
            ),
            row(
                "memory per node for connections: `n × (m + k)`",
                same(bytes(per_node * (memory + kernel.unwrap_or_default()))),
            ),
            row(
                "CPU per change, total: `S × c`",
                each(&|sockets| seconds(sockets * delivery)),
            ),
            row(
                &format!("time from a node's first socket to its last: `n × c / {cores}`"),
                same(seconds(share)),
            ),
            row(
                "bytes sent per change, total: `S × (b + h)`",
                each(&|sockets| bytes(sockets * (change + HEADERS))),
            ),
            row(
                "a node's bandwidth while it sends one",
                same(bits(per_node * (change + HEADERS) / share)),
            ),
            row(
                "heartbeats sent, total: `S × (2 + h) / 25 s`",
                each(&|sockets| bits(sockets * (PING + HEADERS) / HEARTBEAT)),
            ),
            row(
                &format!(
                    "time until all applications of a node have reconnected: `n × w / {cores}`"
                ),
                same(seconds(per_node * handshake / cores)),
            ),
        ])
    }
}

/// The hub's value of a figure.
fn figure(scenarios: &[Value], scenario: &str, id: &str) -> anyhow::Result<f64> {
    let found = scenarios
        .iter()
        .find(|one| one["name"] == scenario && one["failure"].is_null())
        .with_context(|| {
            format!("there is no result of {scenario}: run `peekaboo-bench {scenario}` or `all`")
        })?;
    let figures = found["figures"].as_array().into_iter().flatten();
    let ours = figures
        .filter(|figure| figure["id"] == id)
        .find_map(|figure| figure["ours"].as_f64())
        .with_context(|| format!("{scenario} measured no {id}"))?;
    ensure!(
        ours > 0.0,
        "{scenario} measured {ours} as {id}, with which nothing can be computed"
    );
    Ok(ours)
}

fn row<const N: usize>(name: &str, cells: [impl Into<String>; N]) -> Vec<String> {
    std::iter::once(name.to_owned())
        .chain(cells.map(Into::into))
        .collect()
}

/// Markdown; the first row is the head.
fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for (nth, row) in rows.iter().enumerate() {
        writeln!(text, "| {} |", row.join(" | ")).expect("a string takes whatever is written");
        if nth == 0 {
            writeln!(text, "|{}", " --- |".repeat(row.len()))
                .expect("a string takes whatever is written");
        }
    }
    text
}

/// A number in the largest of the units, each a thousand of the one before, of which there is one or more.
fn scaled(number: f64, units: &[&str]) -> String {
    let (mut number, mut units) = (number, units.iter());
    let mut unit = units.next().copied().unwrap_or_default();
    for larger in units {
        if number < 999.5 {
            break;
        }
        (number, unit) = (number / 1_000.0, larger);
    }
    let decimals = match number {
        small if small < 9.95 => 1,
        _ => 0,
    };
    format!("{number:.decimals$} {unit}")
}

fn bytes(bytes: f64) -> String {
    scaled(bytes, &["bytes", "KB", "MB", "GB", "TB"])
}

fn bits(bytes_per_second: f64) -> String {
    scaled(
        bytes_per_second * 8.0,
        &["bit/s", "Kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"],
    )
}

fn seconds(seconds: f64) -> String {
    if seconds < 1.0 {
        scaled(seconds * 1e6, &["µs", "ms"])
    } else {
        scaled(seconds, &["s"])
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scenarios() -> Vec<Value> {
        let figure = |id: &str, ours: f64| json!({ "id": id, "ours": ours });
        vec![
            json!({
                "name": "fanout", "failure": null,
                "figures": [figure("cpuPerDelivery", 9.0), figure("bytesPerDelivery", 205.0)]
            }),
            json!({
                "name": "idle", "failure": null,
                "figures": [figure("residentPerConnection", 6.7), figure("kernelPerConnection", 7.0)]
            }),
            json!({ "name": "connect", "failure": null, "figures": [figure("cpuPerHandshake", 120.0)] }),
        ]
    }

    #[test]
    fn a_reports_figures_are_read_in_seconds_and_bytes() {
        let measured = Measured::of(&scenarios()).unwrap();
        let near = |left: f64, right: f64| (left - right).abs() < right * 1e-9;
        assert!(near(measured.cpu_of_delivery, 9e-6), "{measured:?}");
        assert!(near(measured.memory_of_connection, 6_700.0), "{measured:?}");
        assert!(
            near(measured.kernel_of_connection.unwrap(), 3_500.0),
            "{measured:?}"
        );
        assert!(near(measured.cpu_of_handshake, 120e-6), "{measured:?}");
    }

    #[test]
    fn the_formulas_are_those_of_the_page() {
        let text = Measured::of(&scenarios()).unwrap().computed(50_000.0, 2.0);
        for line in [
            "| nodes with `n` = 50,000, without spares: `S / n` | 2 | 20 | 200 |",
            "| memory per node for connections: `n × (m + k)` | 510 MB | 510 MB | 510 MB |",
            "| CPU per change, total: `S × c` | 900 ms | 9.0 s | 90 s |",
            "| time from a node's first socket to its last: `n × c / 2` | 225 ms | 225 ms | 225 ms |",
            "| bytes sent per change, total: `S × (b + h)` | 26 MB | 257 MB | 2.6 GB |",
            "| a node's bandwidth while it sends one | 457 Mbit/s | 457 Mbit/s | 457 Mbit/s |",
            "| heartbeats sent, total: `S × (2 + h) / 25 s` | 1.7 Mbit/s | 17 Mbit/s | 173 Mbit/s |",
            "| time until all applications of a node have reconnected: `n × w / 2` | 3.0 s | 3.0 s | 3.0 s |",
        ] {
            assert!(text.contains(line), "no {line}\n{text}");
        }
    }

    #[test]
    fn what_a_report_lacks_is_said_with_how_to_get_it() {
        let mut scenarios = scenarios();
        scenarios[1]["failure"] = json!("lost");
        let error = Measured::of(&scenarios).unwrap_err().to_string();
        assert!(error.contains("run `peekaboo-bench idle`"), "{error}");
    }

    #[test]
    fn the_kernels_memory_may_be_unknown() {
        let mut scenarios = scenarios();
        scenarios[1]["figures"][1]["id"] = json!("other");
        let measured = Measured::of(&scenarios).unwrap();
        assert!(measured.table().contains("one end | not measured |"));
        assert!(
            measured
                .computed(1_000.0, 1.0)
                .contains("| 6.7 MB | 6.7 MB | 6.7 MB |")
        );
    }

    #[test]
    fn a_file_that_is_not_a_report_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.json");
        std::fs::write(&path, "{}").unwrap();
        let options = Options {
            reports: vec![path],
            per_node: 1,
            cores: 1,
        };
        let error = format!("{:#}", tables(&options).unwrap_err());
        assert!(
            error.contains("other.json") && error.contains("not a report"),
            "{error}"
        );
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(seconds(0.000_009), "9.0 µs");
        assert_eq!(bytes(999.9), "1.0 KB");
    }
}
