//! All sockets drop and come back at once, after changes that they missed: each is to be sent a delta and no snapshot,
//! and the hub is to answer people meanwhile.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use tokio::sync::oneshot;

use crate::admin::Admin;
use crate::bench::Bench;
use crate::clock::{MILLISECOND, Nanos, millis, now};
use crate::dataset::{self, FLAGS};
use crate::fleet::{Fleet, GroupSpec};
use crate::floor::Floor;
use crate::process::CpuTime;
use crate::receiver::RecordedFrames;
use crate::report::{Curves, Figure, Goal, Latencies, ScenarioReport, Unit, count, progress};

use super::handshakes::Handshakes;
use super::stage::Stage;

pub(super) const NAME: &str = "storm";

/// Connections in progress at once: as many as the listener's queue surely holds.
const AT_ONCE: u32 = 1_000;

/// Changes that the sockets miss.
const MISSED: usize = 3;

/// Between two requests of the one who looks whether the hub still answers.
const PROBE: Nanos = 50 * MILLISECOND;

/// What followed WELCOME.
const DELTA: u8 = 1;

/// Measures the hub, then the floor with the same bytes.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let sockets = bench.sockets();
    let limits = bench.limits(0);
    let title =
        format!("{sockets} sockets drop, miss {MISSED} changes and resume, {AT_ONCE} at a time");
    let mut report = ScenarioReport::new(NAME, title);
    report.setting("sockets", sockets);
    report.setting("atOnce", AT_ONCE);
    report.setting("missed", MISSED);

    let mut stage = Stage::set(bench, FLAGS, limits).await?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    let group = stage.servers(0, sockets)?;
    stage.fleet.open(&group).await?;
    let before = stage.fleet.witness(0).await?;
    stage.fleet.drop_some(0, 0, sockets).await?;
    for nth in 0..MISSED {
        stage
            .admin
            .toggle(&dataset::toggle(&stage.place, nth, FLAGS))
            .await?;
    }
    progress("  all come back");
    let (stop, stopped) = oneshot::channel();
    let probe = tokio::spawn(probe(stage.admin.clone(), stopped));
    let hub = Storm::run(&mut stage.fleet, stage.hub.pid()?).await?;
    drop(stop);
    let answers = probe
        .await?
        .context("the hub stopped answering people during the storm")?;
    stage.compare(&mut report, &[0]).await?;
    let after = stage.fleet.witness(0).await?;
    drop(stage);

    progress("  the same on the floor");
    let floor = on_the_floor(bench, &group, before, after, limits.deadline).await?;
    hub.report(&floor, &answers, &mut report);
    Ok(report)
}

/// How a storm went.
struct Storm {
    resumes: Handshakes,
    without_delta: u64,
}

impl Storm {
    async fn run(fleet: &mut Fleet, pid: u32) -> anyhow::Result<Self> {
        let before = CpuTime::of(pid)?;
        let handshakes = fleet.reopen(0, true, AT_ONCE).await?;
        ensure!(!handshakes.is_empty(), "nobody came back");
        let mut resumes = Handshakes::new()?;
        resumes.add(&handshakes, CpuTime::of(pid)?.since(&before));
        let without_delta = handshakes.iter().filter(|one| one.mode != DELTA).count();
        Ok(Self {
            resumes,
            without_delta: without_delta as u64,
        })
    }

    fn report(&self, floor: &Self, answers: &Latencies, report: &mut ScenarioReport) {
        let (lasted, of_floor) = (millis(self.resumes.lasted), millis(floor.resumes.lasted));
        report.push(
            Figure::new(
                "storm",
                "until the last socket was up to date",
                Unit::Millis,
                lasted,
            )
            .beside(of_floor)
            .goal(Goal::AtMost(4_000.0)),
        );
        report.push(
            Figure::new(
                "snapshots",
                "sockets that were sent no delta",
                Unit::Count,
                count(self.without_delta),
            )
            .goal(Goal::AtMost(0.0)),
        );
        report.push(
            Figure::new(
                "cpuPerResume",
                "CPU a resume",
                Unit::Micros,
                self.resumes.cpu_micros(),
            )
            .beside(floor.resumes.cpu_micros()),
        );
        let mut resume = |id, name, quantile| {
            let figure = Figure::new(
                id,
                name,
                Unit::Millis,
                self.resumes.latencies.millis_at(quantile),
            );
            report.push(figure.beside(floor.resumes.latencies.millis_at(quantile)));
        };
        resume("resumeP50", "connect to up to date, p50", 0.5);
        resume("resumeP99", "connect to up to date, p99", 0.99);
        report.push(Figure::new(
            "answerP50",
            "admin API meanwhile, p50",
            Unit::Millis,
            answers.millis_at(0.5),
        ));
        report.push(
            Figure::new(
                "answerMax",
                "admin API meanwhile, slowest",
                Unit::Millis,
                answers.max_millis(),
            )
            .goal(Goal::AtMost(1_000.0)),
        );
        report.notes.push(format!(
            "the admin API was asked {} times during the storm",
            answers.count()
        ));
        report.curves.push(Curves {
            name: "connect to up to date",
            lines: vec![
                self.resumes.latencies.line("hub"),
                floor.resumes.latencies.line("floor"),
            ],
        });
    }
}

/// Asks the admin API again and again until told to stop, at instants fixed beforehand.
async fn probe(admin: Admin, mut stopped: oneshot::Receiver<()>) -> anyhow::Result<Latencies> {
    let mut answers = Latencies::new()?;
    let mut intended = now();
    loop {
        let wait = Duration::from_nanos(intended.saturating_sub(now()));
        tokio::select! {
            _ = &mut stopped => break,
            () = tokio::time::sleep(wait) => {}
        }
        admin.look().await?;
        answers.record(now().saturating_sub(intended));
        intended += PROBE;
    }
    Ok(answers)
}

/// The same bytes from the floor: first what the sockets were welcomed with, then what they were sent on coming back.
async fn on_the_floor(
    bench: &Bench,
    group: &GroupSpec,
    before: RecordedFrames,
    after: RecordedFrames,
    deadline: Nanos,
) -> anyhow::Result<Storm> {
    let mut floor = Floor::start(&bench.cpus).await?;
    let mut fleet = Fleet::start(&bench.cpus, group.count, deadline)?;
    let group = GroupSpec {
        address: floor.address,
        ..group.clone()
    };
    floor.welcome(0, before.welcome).await?;
    fleet.open(&group).await?;
    floor.welcome(0, after.welcome).await?;
    fleet.drop_some(0, 0, group.count).await?;
    Storm::run(&mut fleet, floor.pid()?).await
}
