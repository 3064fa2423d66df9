//! One environment to many sockets under a server key: every change must reach every socket once.

use crate::bench::Bench;
use crate::clock::millis;
use crate::dataset::{self, FLAGS};
use crate::generator::Schedule;
use crate::measure::{self, Goals, Plan, Served};
use crate::report::{ScenarioReport, progress};

use super::Stage;

pub(super) const NAME: &str = "fanout";

/// Measures the hub, then the floor with the same bytes.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, changes, every) = (bench.sockets(), bench.changes(100, 20), bench.interval(250));
    let limits = bench.limits(every * changes as u64);
    let mut report = ScenarioReport::new(
        NAME,
        format!("{sockets} sockets of one environment, {changes} changes"),
    );
    report.setting("sockets", sockets);
    report.setting("changes", changes);
    report.setting("intervalMillis", millis(every));

    let mut stage = Stage::set(bench, FLAGS, limits).await?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    let group = stage.servers(0, sockets)?;
    stage.fleet.open(&group).await?;
    let plan = Plan::of_all([(0, stage.version().await?)], changes);
    let place = stage.place.clone();
    let issuer = stage
        .admin
        .toggles(move |nth| dataset::toggle(&place, nth, FLAGS))?;
    progress(&format!("  making {changes} changes"));
    let schedule = Schedule::from_now(changes, every);
    let window = measure::window(
        &mut stage.fleet,
        stage.hub.pid()?,
        issuer,
        schedule,
        plan.last(),
        limits,
    )
    .await?;
    stage.compare(&mut report, &[0]).await?;
    let hub = Served::by_hub(&window, &plan)?;
    let witnesses = [(0, stage.fleet.witness(0).await?)].into();
    drop(stage);

    progress("  the same on the floor");
    let floor = measure::floor(&bench.cpus, &[group], &witnesses, &plan, every, limits).await?;
    let goals = Goals {
        cpu: Some(1.15),
        p99: Some(1.2),
        last: Some(1.2),
    };
    measure::report_fan_out(&mut report, &hub, Some(&floor), goals);
    Ok(report)
}
