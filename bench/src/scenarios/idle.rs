//! Connections that nothing happens on: what each costs in memory and in processor time.

use anyhow::Context as _;

use crate::bench::Bench;
use crate::clock::{Nanos, SECOND};
use crate::dataset::FLAGS;
use crate::fleet::{Fleet, GroupSpec};
use crate::floor::Floor;
use crate::process::{CpuTime, KernelMemory, resident_bytes};
use crate::report::{Figure, Goal, ScenarioReport, Unit, count, progress};

use super::stage::Stage;

pub(super) const NAME: &str = "idle";

/// The hub pings what it has not sent anything to for so long.
const HEARTBEAT: Nanos = 25 * SECOND;

/// What so many connections cost while nothing happened.
struct Cost {
    resident: f64,
    kernel_objects: Option<f64>,
    kernel_buffers: f64,
    cpu: f64,
}

/// Measures the hub, then the floor.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, lasting) = (bench.sockets(), bench.duration(60, 6));
    let limits = bench.limits(2 * lasting);
    let seconds = lasting / SECOND;
    let mut report = ScenarioReport::new(NAME, format!("{sockets} sockets for {seconds} s"));
    report.setting("sockets", sockets);
    report.setting("seconds", seconds);

    let mut stage = Stage::set(bench, FLAGS, limits).await?;
    // The first socket loads the environment, so that its memory is not counted as a connection's.
    let first = stage.servers(1, 1)?;
    stage.fleet.open(&first).await?;
    let group = stage.servers(0, sockets)?;
    let hub = measure(&mut stage.fleet, stage.hub.pid()?, &group, lasting)
        .await
        .context("the hub")?;
    let welcome = stage.fleet.witness(0).await?.welcome;
    drop(stage);

    progress("  the same on the floor");
    let mut floor = Floor::start(&bench.cpus).await?;
    floor.welcome(0, welcome).await?;
    let mut fleet = Fleet::start(&bench.cpus, sockets, limits.deadline)?;
    let group = GroupSpec {
        address: floor.address,
        ..group
    };
    let floor = measure(&mut fleet, floor.pid()?, &group, lasting)
        .await
        .context("the floor")?;

    let memory = "resident memory a connection";
    report.push(
        Figure::new(
            "residentPerConnection",
            memory,
            Unit::Kilobytes,
            hub.resident,
        )
        .beside(floor.resident)
        .goal(Goal::AtMost(8.5)),
    );
    match (hub.kernel_objects, floor.kernel_objects) {
        (Some(hub), Some(floor)) => report.push(
            Figure::new(
                "kernelPerConnection",
                "kernel objects, both ends",
                Unit::Kilobytes,
                hub,
            )
            .beside(floor),
        ),
        _ => report.notes.push(
            "the kernel's objects were not counted: /proc/slabinfo is for root alone".to_owned(),
        ),
    }
    report.push(
        Figure::new(
            "buffersPerConnection",
            "kernel buffers, both ends",
            Unit::Kilobytes,
            hub.kernel_buffers,
        )
        .beside(floor.kernel_buffers),
    );
    report.push(
        Figure::new(
            "idleCpu",
            "idle CPU a connection",
            Unit::MicrosPerSecond,
            hub.cpu,
        )
        .beside(floor.cpu)
        .goal(Goal::AtMost(2.0)),
    );
    report.notes.push(
        "the kernel's memory is that of the whole machine: other programs' sockets add to it"
            .to_owned(),
    );
    if lasting < 2 * HEARTBEAT {
        report.notes.push(
            "idle CPU is of less than two heartbeats: ask for --seconds 60 to count them whole"
                .to_owned(),
        );
    }
    Ok(report)
}

async fn measure(
    fleet: &mut Fleet,
    pid: u32,
    group: &GroupSpec,
    lasting: Nanos,
) -> anyhow::Result<Cost> {
    let (resident, kernel) = (resident_bytes(pid)?, KernelMemory::now());
    progress(&format!("  connecting {} sockets", group.count));
    fleet.open(group).await?;
    // What opening them leaves behind is not part of being idle.
    fleet.idle(SECOND).await?;
    let each = |before: u64, after: u64| {
        count(after.saturating_sub(before)) / 1_000.0 / f64::from(group.count)
    };
    let now = KernelMemory::now();
    let (resident, kernel_objects, kernel_buffers) = (
        each(resident, resident_bytes(pid)?),
        kernel
            .objects
            .zip(now.objects)
            .map(|(before, after)| each(before, after)),
        each(kernel.buffers, now.buffers),
    );
    progress(&format!("  idle for {} s", lasting / SECOND));
    let before = CpuTime::of(pid)?;
    fleet.idle(lasting).await?;
    let cpu = CpuTime::of(pid)?.since(&before);
    let seconds = count(lasting) / count(SECOND);
    Ok(Cost {
        resident,
        kernel_objects,
        kernel_buffers,
        cpu: cpu.as_secs_f64() * 1e6 / seconds / f64::from(group.count),
    })
}
