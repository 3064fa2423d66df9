//! Many organizations with a few environments each, of sizes by Zipf's law: a change reaches its own environment and
//! no one else's.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::admin::{Admin, Place, Toggle};
use crate::bench::Bench;
use crate::clock::millis;
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Schedule;
use crate::measure::{self, Goals, Plan, Served};
use crate::population::{SeededRandom, zipf};
use crate::process::resident_bytes;
use crate::receiver::ClientProtocol;
use crate::report::{Figure, ScenarioReport, Unit, count, progress};

pub(super) const NAME: &str = "tenants";

/// Flags of each organization.
const FLAGS: usize = 5;

/// Environments of a new project.
const ENVIRONMENTS: u32 = 3;

/// Measures the hub, then the floor with the same bytes to the same groups.
pub(super) async fn run(bench: &Bench) -> anyhow::Result<ScenarioReport> {
    let (sockets, changes, every) = (bench.sockets(), bench.changes(400, 60), bench.interval(50));
    let most = if bench.options.quick { 30 } else { 100 };
    let organizations = most.min(sockets.div_ceil(ENVIRONMENTS));
    let limits = bench.limits(2 * every * changes as u64);
    let environments = organizations * ENVIRONMENTS;
    let sizes = zipf(sockets.max(environments), environments);
    let title = format!(
        "{sockets} sockets of {environments} environments of {organizations} organizations, {} in the largest",
        sizes[0]
    );
    let mut report = ScenarioReport::new(NAME, title);
    report.setting("sockets", sockets);
    report.setting("organizations", organizations);
    report.setting("environments", environments);
    report.setting("changes", changes);
    report.setting("intervalMillis", millis(every));

    let hub = bench.hub().await?;
    let admin = Admin::sign_in(&hub.ready).await?;
    progress(&format!("  making {organizations} organizations"));
    let places = places(&admin, organizations).await?;
    let mut fleet = Fleet::start(&bench.cpus, sockets, limits.deadline)?;
    let mut groups = Vec::new();
    let mut base = Vec::new();
    for ((id, place), size) in (0..).zip(&places).zip(&sizes) {
        let version = super::stage::version(&hub.ruleset(&place.server_key).await?)?;
        base.push((id, version));
        groups.push(GroupSpec {
            id,
            address: hub.sdk_address()?,
            speech: ClientProtocol::Peekaboo {
                key: place.server_key.clone(),
                contexts: false,
            },
            narrow: false,
            count: *size,
        });
    }
    // Every environment is in memory by now, so that the growth is that of connections.
    let resident = resident_bytes(hub.pid()?)?;
    progress(&format!("  connecting {sockets} sockets to the hub"));
    for group in &groups {
        fleet.open(group).await?;
    }
    let resident = resident_bytes(hub.pid()?)?.saturating_sub(resident);

    let (plan, toggles) = plan(base, &places, &sizes, changes);
    let mut toggles = toggles.into_iter();
    let mut last = None;
    let issuer = admin.toggles(move |_| {
        last = toggles.next().or_else(|| last.take());
        last.clone()
            .unwrap_or_else(|| unreachable!("a change past the plan"))
    })?;
    progress(&format!("  making {changes} changes"));
    let schedule = Schedule::from_now(changes, every);
    let window = measure::window(
        &mut fleet,
        hub.pid()?,
        issuer,
        schedule,
        plan.last(),
        limits,
    )
    .await?;
    let mut compared = 0;
    let mut witnesses = BTreeMap::new();
    for (group, place) in groups.iter().zip(&places) {
        compared += fleet
            .compare(group.id, &hub.ruleset(&place.server_key).await?)
            .await?;
        witnesses.insert(group.id, fleet.witness(group.id).await?);
    }
    report.notes.push(format!(
        "no version lost, repeated or of another environment; all {compared} hold their environment's final state"
    ));
    let served = Served::by_hub(&window, &plan)?;
    drop((fleet, admin, hub));

    progress("  the same on the floor");
    let floor = measure::floor(&bench.cpus, &groups, &witnesses, &plan, every, limits).await?;
    measure::report_fan_out(&mut report, &served, Some(&floor), Goals::default());
    let each = count(resident) / 1_000.0 / f64::from(sockets);
    report.push(Figure::new(
        "residentPerConnection",
        "resident memory a connection",
        Unit::Kilobytes,
        each,
    ));
    Ok(report)
}

async fn places(admin: &Admin, organizations: u32) -> anyhow::Result<Vec<Place>> {
    let mut places = Vec::new();
    for nth in 0..organizations {
        let environments = admin.organization(&format!("tenant-{nth}")).await?;
        let first = environments.first().context("a project has environments")?;
        dataset::create_plain(admin, first, FLAGS).await?;
        places.extend(environments);
    }
    Ok(places)
}

/// Changes of environments, of the larger ones more.
fn plan(
    base: impl IntoIterator<Item = (u32, u64)>,
    places: &[Place],
    sizes: &[u32],
    changes: usize,
) -> (Plan, Vec<Toggle>) {
    let mut plan = Plan::new(base);
    let mut dice = SeededRandom::new(1);
    let mut made = vec![0; places.len()];
    let mut toggles = Vec::with_capacity(changes);
    for _ in 0..changes {
        let at = dice.weighted(sizes);
        toggles.push(dataset::toggle(&places[at], made[at], FLAGS));
        made[at] += 1;
        plan.push(vec![u32::try_from(at).unwrap_or_default()]);
    }
    (plan, toggles)
}
