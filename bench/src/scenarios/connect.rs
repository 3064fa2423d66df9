//! Handshakes: how many a second one server takes, each with a snapshot of fifty flags, and what each costs it.

use std::time::Duration;

use anyhow::ensure;

use crate::bench::Bench;
use crate::clock::{Nanos, SECOND, now};
use crate::dataset::FLAGS;
use crate::fleet::{Fleet, GroupSpec};
use crate::floor::Floor;
use crate::hub::Hub;
use crate::process::CpuTime;
use crate::report::{Curves, Figure, Goal, ScenarioReport, Unit, count, progress};

use super::handshakes::Handshakes;
use super::stage::Stage;

pub(super) const NAME: &str = "connect";

/// Connections in progress at once: enough that the server always has something to do.
const AT_ONCE: u32 = 64;

/// Measures the hub, then the floor: a bare loop that accepts, reads an upgrade, and sends the same bytes.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let sockets = bench.sockets();
    let rounds = if bench.options.quick { 2 } else { 3 };
    let limits = bench.limits(0);
    let title = format!(
        "{rounds} times {sockets} handshakes with a snapshot of {FLAGS} flags, {AT_ONCE} at a time"
    );
    let mut report = ScenarioReport::new(NAME, title);
    report.setting("sockets", sockets);
    report.setting("rounds", rounds);
    report.setting("atOnce", AT_ONCE);
    report.setting("flags", FLAGS);

    let mut stage = Stage::set(bench, FLAGS, limits).await?;
    let group = stage.servers(0, sockets)?;
    let mut hub = Handshakes::new()?;
    for round in 0..rounds {
        progress(&format!("  round {} of {rounds}", round + 1));
        one_round(
            &mut hub,
            &mut stage.fleet,
            stage.hub.pid()?,
            &group,
            round == 0,
        )
        .await?;
        if round + 1 == rounds {
            stage.compare(&mut report, &[0]).await?;
        }
        stage.fleet.drop_some(0, 0, sockets).await?;
        // What closing costs is not part of a handshake.
        wait_until_closed(&stage.hub, limits.deadline).await?;
    }
    let welcome = stage.fleet.witness(0).await?.welcome;
    let bytes = welcome.len();
    drop(stage);

    progress("  the same on the floor");
    let mut server = Floor::start(&bench.cpus).await?;
    server.welcome(0, welcome).await?;
    let mut fleet = Fleet::start(&bench.cpus, sockets, limits.deadline)?;
    let group = GroupSpec {
        address: server.address,
        ..group
    };
    let mut floor = Handshakes::new()?;
    for round in 0..rounds {
        one_round(&mut floor, &mut fleet, server.pid()?, &group, round == 0).await?;
        fleet.drop_some(0, 0, sockets).await?;
        fleet.idle(SECOND / 2).await?;
    }
    tell(&mut report, &hub, &floor);
    report.push(Figure::new(
        "welcomeBytes",
        "bytes of WELCOME and snapshot",
        Unit::Bytes,
        count(bytes as u64),
    ));
    Ok(report)
}

async fn one_round(
    all: &mut Handshakes,
    fleet: &mut Fleet,
    pid: u32,
    group: &GroupSpec,
    first: bool,
) -> anyhow::Result<()> {
    let before = CpuTime::of(pid)?;
    let handshakes = if first {
        fleet.open_at_once(group, AT_ONCE).await?
    } else {
        fleet.reopen(group.id, false, AT_ONCE).await?
    };
    all.add(&handshakes, CpuTime::of(pid)?.since(&before));
    Ok(())
}

fn tell(report: &mut ScenarioReport, hub: &Handshakes, floor: &Handshakes) {
    report.push(
        Figure::new(
            "cpuPerHandshake",
            "CPU a handshake",
            Unit::Micros,
            hub.cpu_micros(),
        )
        .beside(floor.cpu_micros())
        .goal(Goal::AtMost(120.0)),
    );
    report.push(
        Figure::new(
            "handshakesPerSecond",
            "handshakes",
            Unit::PerSecond,
            hub.per_second(),
        )
        .beside(floor.per_second())
        .goal(Goal::FloorOverOrAtLeast(5_000.0, 1.5)),
    );
    let mut latency = |id, name, quantile| {
        let figure = Figure::new(id, name, Unit::Millis, hub.latencies.millis_at(quantile));
        report.push(figure.beside(floor.latencies.millis_at(quantile)));
    };
    latency("handshakeP50", "connect to snapshot, p50", 0.5);
    latency("handshakeP99", "connect to snapshot, p99", 0.99);
    report.curves.push(Curves {
        name: "connect to snapshot",
        lines: vec![hub.latencies.line("hub"), floor.latencies.line("floor")],
    });
}

async fn wait_until_closed(hub: &Hub, deadline: Nanos) -> anyhow::Result<()> {
    while hub.metric("peekaboo_connections").await? > 0.0 {
        ensure!(
            now() < deadline,
            "the hub did not notice in time that its sockets are closed"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}
