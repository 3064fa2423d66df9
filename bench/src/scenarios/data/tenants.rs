//! What thousands of small tenants take of memory, and what is left of it once they are gone.

use std::time::Duration;

use anyhow::ensure;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};
use tokio::time::{Instant, sleep};

use super::findings::Findings;
use super::world::World;
use crate::bench::Bench;
use crate::data::Filled;
use crate::report::{Figure, Goal, Unit, count};

/// Tenants in memory, by the hub's metrics.
const LOADED: &str = "peekaboo_tenants_loaded";

/// Requests in progress at a time.
const AT_A_TIME: usize = 16;

/// How long after the last use all of them may take to leave.
const PATIENCE: Duration = Duration::from_mins(5);

pub(super) async fn measure(bench: &Bench, filled: &Filled) -> anyhow::Result<Findings> {
    // Long enough for all to be in memory at the same time.
    let idle = if bench.options.quick { "15s" } else { "90s" };
    let flag = format!("--sdk-organization-idle={idle}");
    let world = World::start(bench, filled, &[&flag]).await?;
    world.first_answer(&filled.small).await?;
    world.rest().await?;
    let before = world.hub.resident_bytes()?;

    iter(&filled.tenants)
        .map(|place| world.first_answer(place))
        .buffer_unordered(AT_A_TIME)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    let loaded = world.hub.metric(LOADED).await?;
    let tenants = count(filled.tenants.len() as u64);
    ensure!(
        loaded >= tenants,
        "{loaded} tenants are in memory, of {tenants}"
    );
    world.rest().await?;
    let with_all = world.hub.resident_bytes()?;

    let deadline = Instant::now() + PATIENCE;
    while world.hub.metric(LOADED).await? > 2.0 {
        ensure!(Instant::now() < deadline, "tenants that nobody uses stay");
        sleep(Duration::from_millis(500)).await;
    }
    world.rest().await?;
    let after = world.hub.resident_bytes()?;

    let mut findings = Findings::default();
    let grown = count(with_all.saturating_sub(before));
    findings.push(
        Figure::new(
            "residentPerTenant",
            "memory of a tenant of 45 flag-environments",
            Unit::Kilobytes,
            grown / tenants / 1_000.0,
        )
        .goal(Goal::AtMost(120.0)),
    );
    findings.push(
        Figure::new(
            "residentAfterEviction",
            "memory after all left; floor: before they came",
            Unit::Kilobytes,
            count(after) / 1_000.0,
        )
        .beside(count(before) / 1_000.0)
        .goal(Goal::AtMostTimesFloor(1.2)),
    );
    findings.push(
        Figure::new(
            "residentAfterEvictionRatio",
            "the same, after ÷ before",
            Unit::Times,
            count(after) / count(before),
        )
        .goal(Goal::AtMost(1.2)),
    );
    Ok(findings)
}
