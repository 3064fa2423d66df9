//! What a toggle costs the hub in a large project next to a small one, and what it writes to disk afterwards.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::time::{sleep, sleep_until};

use super::admin_client::{AdminClient, median};
use super::findings::{Findings, millis};
use super::world::World;
use crate::data::EnvironmentPath;
use crate::report::{Figure, Goal, Unit};

/// Rounds of toggles, of the small project and the large one in turn; of a quick run one.
const ROUNDS: usize = 5;

/// Toggles of a round.
const TOGGLES: u64 = 60;

/// Between two of them: a round is over before the hub writes files.
const PAUSE: Duration = Duration::from_millis(20);

/// Toggles that stand alone; of a quick run one.
const ALONE: usize = 3;

/// How long after a toggle its files are written.
const WRITTEN_WITHIN: Duration = Duration::from_secs(4);

/// Flags that are toggled, which both projects have.
const FLAGS: u64 = 15;

pub(super) async fn measure(world: &World<'_>) -> anyhow::Result<Findings> {
    let large = world.filled.large.get(1).context("no large project")?;
    let small = &world.filled.small;
    world.first_answer(large).await?;
    world.first_answer(small).await?;

    let (mut of_large, mut of_small) = (Vec::new(), Vec::new());
    for _ in 0..if world.quick { 1 } else { ROUNDS } {
        of_small.push(round(world, &world.small, small).await?);
        of_large.push(round(world, &world.large, large).await?);
    }
    let (of_large, of_small) = (median(of_large), median(of_small));

    let mut findings = Findings::default();
    findings.push(
        Figure::new(
            "toggleCpu",
            "CPU of a toggle, large project; floor: small one",
            Unit::Millis,
            millis(of_large),
        )
        .beside(millis(of_small))
        .goal(Goal::AtMostTimesFloor(1.1)),
    );
    findings.push(
        Figure::new(
            "toggleCpuRatio",
            "the same, large ÷ small",
            Unit::Times,
            of_large.as_secs_f64() / of_small.as_secs_f64(),
        )
        .goal(Goal::AtMost(1.1)),
    );

    let files = alone(world, &world.large, large).await?;
    findings.push(
        Figure::new(
            "snapshotCpu",
            "CPU of a toggle alone with its files",
            Unit::Millis,
            millis(files),
        )
        .goal(Goal::AtMost(20.0)),
    );
    Ok(findings)
}

/// The CPU of each of some toggles, one after the other.
async fn round(
    world: &World<'_>,
    admin_client: &AdminClient,
    place: &EnvironmentPath,
) -> anyhow::Result<Duration> {
    world.rest().await?;
    let (before, begun) = (world.cpu()?, Instant::now());
    for nth in 0..TOGGLES {
        admin_client
            .toggle(place, nth % FLAGS, (nth / FLAGS).is_multiple_of(2))
            .await?;
        let next = begun + PAUSE * u32::try_from(nth + 1)?;
        sleep_until(next.into()).await;
    }
    Ok(world.cpu()?.since(&before) / u32::try_from(TOGGLES)?)
}

/// The CPU from a toggle until its files are written, without what the hub uses at rest.
async fn alone(
    world: &World<'_>,
    admin_client: &AdminClient,
    place: &EnvironmentPath,
) -> anyhow::Result<Duration> {
    let mut used = Vec::with_capacity(ALONE);
    for nth in 0..if world.quick { 1 } else { ALONE } {
        world.rest().await?;
        let before = world.cpu()?;
        sleep(WRITTEN_WITHIN).await;
        let at_rest = world.cpu()?.since(&before);
        let before = world.cpu()?;
        admin_client.toggle(place, 0, nth.is_multiple_of(2)).await?;
        sleep(WRITTEN_WITHIN).await;
        used.push(world.cpu()?.since(&before).saturating_sub(at_rest));
    }
    admin_client.toggle(place, 0, false).await?;
    Ok(median(used))
}
