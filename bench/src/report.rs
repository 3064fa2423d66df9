//! Figures of one server, and a table that sets two of them side by side.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::machine::Machine;
use crate::receivers::Seen;

/// What one server cost and how soon its deliveries arrived.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Figures {
    pub(crate) deliveries: u64,
    pub(crate) frame_bytes: usize,
    pub(crate) cpu_micros_per_delivery: f64,
    pub(crate) p50_micros: u64,
    pub(crate) p90_micros: u64,
    pub(crate) p99_micros: u64,
    pub(crate) p999_micros: u64,
    pub(crate) max_micros: u64,
    /// Median over the changes of the time until the last socket had it.
    pub(crate) last_socket_micros: u64,
    /// Only of a server whose connections are long-lived objects of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) resident_bytes_per_connection: Option<u64>,
}

impl Figures {
    /// Adds up what the sockets saw; `start_of` gives the microsecond from which a delivery counts.
    pub(crate) fn new(
        seen: &[Seen],
        cpu: Duration,
        frame_bytes: usize,
        start_of: impl Fn(&crate::receivers::Delivery) -> u64,
    ) -> anyhow::Result<Self> {
        let mut latencies = Histogram::<u64>::new(3)?;
        let mut last_by_version = std::collections::BTreeMap::<u64, u64>::new();
        let mut deliveries = 0;
        for delivery in seen.iter().flat_map(|one| &one.deliveries) {
            let latency = delivery.arrived_micros.saturating_sub(start_of(delivery));
            latencies.record(latency)?;
            let last = last_by_version.entry(delivery.to).or_default();
            *last = latency.max(*last);
            deliveries += 1;
        }
        let mut lasts: Vec<u64> = last_by_version.into_values().collect();
        lasts.sort_unstable();
        Ok(Self {
            deliveries,
            frame_bytes,
            cpu_micros_per_delivery: cpu.as_secs_f64() * 1e6 / count(deliveries),
            p50_micros: latencies.value_at_quantile(0.5),
            p90_micros: latencies.value_at_quantile(0.9),
            p99_micros: latencies.value_at_quantile(0.99),
            p999_micros: latencies.value_at_quantile(0.999),
            max_micros: latencies.max(),
            last_socket_micros: lasts.get(lasts.len() / 2).copied().unwrap_or_default(),
            resident_bytes_per_connection: None,
        })
    }
}

/// One run of `fanout`.
#[derive(Serialize)]
pub(crate) struct Comparison {
    pub(crate) machine: Machine,
    pub(crate) sockets: usize,
    pub(crate) changes: u64,
    pub(crate) hub: Figures,
    pub(crate) floor: Figures,
}

impl Comparison {
    /// Prints a line a figure: the hub's, the floor's, and the ratio of the two.
    pub(crate) fn print(&self) {
        say(&self.machine.line());
        say(&format!(
            "{} sockets, {} changes, nothing lost or repeated",
            self.sockets, self.changes
        ));
        say(&format!(
            "{:<28}{:>12}{:>12}{:>10}",
            "", "hub", "floor", "ratio"
        ));
        let (hub, floor) = (&self.hub, &self.floor);
        row(
            "CPU a delivery (µs)",
            hub.cpu_micros_per_delivery,
            floor.cpu_micros_per_delivery,
        );
        row(
            "p50 to a socket (ms)",
            millis(hub.p50_micros),
            millis(floor.p50_micros),
        );
        row(
            "p90 to a socket (ms)",
            millis(hub.p90_micros),
            millis(floor.p90_micros),
        );
        row(
            "p99 to a socket (ms)",
            millis(hub.p99_micros),
            millis(floor.p99_micros),
        );
        row(
            "p99.9 to a socket (ms)",
            millis(hub.p999_micros),
            millis(floor.p999_micros),
        );
        row(
            "slowest delivery (ms)",
            millis(hub.max_micros),
            millis(floor.max_micros),
        );
        row(
            "last socket, median (ms)",
            millis(hub.last_socket_micros),
            millis(floor.last_socket_micros),
        );
        if let Some(bytes) = hub.resident_bytes_per_connection {
            say(&format!(
                "{:<28}{:>12.1}",
                "resident KB a connection",
                count(bytes) / 1000.0
            ));
        }
        say(&format!("{:<28}{:>12}", "bytes a delta", hub.frame_bytes));
    }
}

fn row(name: &str, hub: f64, floor: f64) {
    say(&format!(
        "{name:<28}{hub:>12.2}{floor:>12.2}{:>10.2}",
        hub / floor
    ));
}

fn millis(micros: u64) -> f64 {
    count(micros) / 1000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures for people, far below 2^52"
)]
fn count(number: u64) -> f64 {
    number as f64
}

#[expect(clippy::print_stdout, reason = "the report is this program's output")]
pub(crate) fn say(line: &str) {
    println!("{line}");
}
