//! One environment to many sockets: every change must reach every socket once. `fanout` is under a server key, whose
//! sockets are all sent the same bytes; `clients` is under a client key with a context for each socket, for which each
//! change is evaluated.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::bench::Bench;
use crate::clock::millis;
use crate::dataset::FLAGS;
use crate::generator::Schedule;
use crate::measure::{self, Goals, Plan, Served};
use crate::peers::{self, FanOut};
use crate::report::{ScenarioReport, progress};
use crate::wire::first_frame;

use super::stage::Stage;

pub(super) const SERVERS: &str = "fanout";
pub(super) const CLIENTS: &str = "clients";

/// Under a server key.
pub(super) async fn servers(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let goals = Goals {
        cpu: Some(1.15),
        p99: Some(1.2),
        last: Some(1.2),
    };
    let title = format!(
        "{} sockets of one environment under a server key",
        bench.sockets()
    );
    run(bench, ScenarioReport::new(SERVERS, title), false, goals).await
}

/// Under a client key.
pub(super) async fn clients(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let goals = Goals {
        cpu: Some(1.4),
        ..Goals::default()
    };
    let title = format!(
        "{} sockets with a context each under a client key",
        bench.sockets()
    );
    run(bench, ScenarioReport::new(CLIENTS, title), true, goals).await
}

/// Measures the hub, then the floor with the same bytes.
async fn run(
    bench: &Bench,
    mut report: ScenarioReport,
    contexts: bool,
    goals: Goals,
) -> anyhow::Result<ScenarioReport> {
    let (sockets, changes, every) = (bench.sockets(), bench.changes(100, 20), bench.interval(250));
    let limits = bench.limits(2 * every * changes as u64);
    report.setting("sockets", sockets);
    report.setting("changes", changes);
    report.setting("intervalMillis", millis(every));

    let mut stage = Stage::set(bench, FLAGS, limits).await?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    let group = if contexts {
        stage.clients(0, sockets)?
    } else {
        stage.servers(0, sockets)?
    };
    let resident = stage.hub.resident_bytes()?;
    stage.fleet.open(&group).await?;
    let resident = stage.hub.resident_bytes()?.saturating_sub(resident);
    let plan = Plan::of_all([(0, stage.version().await?)], changes);
    let issuer = stage.toggles(0, FLAGS)?;
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
    let witnesses: BTreeMap<_, _> = [(0, stage.fleet.witness(0).await?)].into();
    drop(stage);

    progress("  the same on the floor");
    let floor = measure::floor(&bench.cpus, &[group], &witnesses, &plan, every, limits).await?;
    measure::report_fan_out(&mut report, &hub, Some(&floor), goals);
    // Others have no contexts.
    if let Some(peers) = bench.peers.as_ref().filter(|_| !contexts) {
        report.push(peers::resident(resident / u64::from(sockets)));
        let message = &witnesses[&0].messages.last().context("nothing was sent")?.1;
        let delta = first_frame(message).context("half a message")?.payload;
        let fan_out = FanOut {
            sockets,
            changes,
            every,
            delta,
        };
        let limits = bench.limits(every * changes as u64);
        peers
            .measure(&bench.cpus, &fan_out, limits, &mut report)
            .await?;
    }
    Ok(report)
}
