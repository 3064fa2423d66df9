//! A hundred changes at once: sockets are to be sent few merged messages, not a hundred each.

use std::collections::{BTreeMap, HashMap};

use crate::bench::Bench;
use crate::clock::{Nanos, millis};
use crate::generator::Schedule;
use crate::measure::{self, Plan, Window};
use crate::report::{Figure, Goal, ScenarioReport, Unit, count, progress};

use super::stage::Stage;

pub(super) const NAME: &str = "burst";

/// Between two changes of a burst: what a thread needs to write a request, so that all are asked for on time.
const EVERY: Nanos = 30_000;

/// What one burst led to.
struct Burst {
    /// Messages to each connection.
    writes: HashMap<u32, u32>,
    /// From the first intended instant until the last socket held the last version.
    lasted: Nanos,
    cpu_micros: f64,
}

impl Burst {
    fn of(window: &Window) -> Self {
        let mut writes = HashMap::new();
        let mut last = 0;
        for delivery in &window.collected.deliveries {
            *writes.entry(delivery.number).or_default() += 1;
            last = delivery.arrived.max(last);
        }
        Self {
            lasted: last.saturating_sub(window.issued.schedule.instant(0)),
            cpu_micros: window.cpu.as_secs_f64() * 1e6,
            writes,
        }
    }

    fn most(&self) -> u32 {
        self.writes.values().copied().max().unwrap_or_default()
    }

    fn total(&self) -> u32 {
        self.writes.values().sum()
    }
}

/// Measures the hub, then the floor with the messages that a socket was sent in the first burst.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, changes) = (bench.sockets(), bench.changes(100, 100));
    let bursts = if bench.options.quick { 2 } else { 5 };
    let limits = bench.limits(0);
    let title = format!("{bursts} bursts of {changes} changes at once to {sockets} sockets");
    let mut report = ScenarioReport::new(NAME, title);
    report.setting("sockets", sockets);
    report.setting("changes", changes);
    report.setting("bursts", bursts);
    report.setting("intervalMillis", millis(EVERY));

    let mut stage = Stage::set(bench, changes, limits).await?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    let group = stage.servers(0, sockets)?;
    stage.fleet.open(&group).await?;
    let mut found = Vec::new();
    let base = stage.version().await?;
    let mut witnesses = BTreeMap::new();
    for nth in 0..bursts {
        progress(&format!("  burst {} of {bursts}", nth + 1));
        let plan = Plan::of_all([(0, base + (nth * changes) as u64)], changes);
        let issuer = stage.toggles(nth * changes, changes)?;
        let (fleet, pid) = (&mut stage.fleet, stage.hub.pid()?);
        let schedule = Schedule::from_now(changes, EVERY);
        let window = measure::window(fleet, pid, issuer, schedule, plan.last(), limits).await?;
        found.push(Burst::of(&window));
        if nth == 0 {
            witnesses.insert(0, stage.fleet.witness(0).await?);
        }
    }
    stage.compare(&mut report, &[0]).await?;
    drop(stage);

    progress("  the same on the floor");
    let plan = Plan::of_all([(0, base)], changes);
    let floor =
        measure::floor_rounds(&bench.cpus, &[group], &witnesses, &plan, EVERY, limits).await?;
    let floor = Burst::of(&floor.window);
    let hub = found.iter();
    let most = hub.clone().map(Burst::most).max().unwrap_or_default();
    let total: u32 = hub.clone().map(Burst::total).sum();
    let mean = f64::from(total) / f64::from(sockets) / count(found.len() as u64);
    let mut lasted: Vec<Nanos> = hub.clone().map(|burst| burst.lasted).collect();
    lasted.sort_unstable();
    let cpu = hub.map(|burst| burst.cpu_micros).sum::<f64>() / f64::from(total);
    report.push(
        Figure::new(
            "writesMost",
            "writes a socket, most",
            Unit::Count,
            f64::from(most),
        )
        .goal(Goal::AtMost(5.0)),
    );
    report.push(Figure::new(
        "writesMean",
        "writes a socket, mean",
        Unit::Count,
        mean,
    ));
    report.push(
        Figure::new(
            "burstToLast",
            "burst to last socket, median",
            Unit::Millis,
            millis(lasted[lasted.len() / 2]),
        )
        .beside(millis(floor.lasted)),
    );
    report.push(
        Figure::new(
            "cpuPerDelivery",
            "CPU a delivery, commits included",
            Unit::Micros,
            cpu,
        )
        .beside(floor.cpu_micros / f64::from(floor.total())),
    );
    report.notes.push(
        "the floor sends the messages of one socket's first burst, one round after the other"
            .to_owned(),
    );
    Ok(report)
}
