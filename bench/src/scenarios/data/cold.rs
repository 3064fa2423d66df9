//! A hub that has just started: how soon it answers for small projects while it loads large ones.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};
use tokio::time::sleep;

use super::findings::{Findings, millis};
use super::world::World;
use crate::bench::Bench;
use crate::data::{EnvironmentPath, Filled};
use crate::report::{Figure, Goal, Unit};

/// How long a load has been in progress when someone else asks.
const MEANWHILE: Duration = Duration::from_millis(20);

/// Requests in progress at a time.
const AT_A_TIME: usize = 32;

pub(super) async fn measure(bench: &Bench, filled: &Filled) -> anyhow::Result<Findings> {
    let mut findings = Findings::default();
    let world = World::start(bench, filled, &[]).await?;
    let begun = Instant::now();
    let (whole, neighbor, small) = tokio::try_join!(
        async {
            all(&world, &filled.large).await?;
            Ok::<_, anyhow::Error>(begun.elapsed())
        },
        after(MEANWHILE, world.first_answer(&filled.neighbor)),
        after(MEANWHILE, world.first_answer(&filled.small)),
    )?;
    drop(world);
    findings.push(Figure::new(
        "coldLarge",
        "cold load of the large project",
        Unit::Millis,
        millis(whole),
    ));
    findings.push(
        Figure::new(
            "coldNeighbor",
            "first answer of a small project of its organization meanwhile",
            Unit::Millis,
            millis(neighbor),
        )
        .goal(Goal::AtMost(100.0)),
    );
    findings.push(
        Figure::new(
            "coldSmall",
            "first answer of another organization meanwhile",
            Unit::Millis,
            millis(small),
        )
        .goal(Goal::AtMost(100.0)),
    );

    let world = World::start(bench, filled, &[]).await?;
    let begun = Instant::now();
    all(&world, &filled.wide).await?;
    let wide = begun.elapsed();
    drop(world);
    findings.push(Figure::new(
        "coldWide",
        "cold load of the wide organization",
        Unit::Millis,
        millis(wide),
    ));

    let world = World::start(bench, filled, &[]).await?;
    let place = filled.large.first().context("no large project")?;
    let toggle = world.large.toggle(place, 1, true).await?;
    world.large.toggle(place, 1, false).await?;
    findings.push(Figure::new(
        "firstToggle",
        "first toggle after a start, large project",
        Unit::Millis,
        millis(toggle),
    ));
    Ok(findings)
}

/// Waits until each of these is answered.
async fn all(world: &World<'_>, places: &[EnvironmentPath]) -> anyhow::Result<()> {
    let answers = iter(places).map(|place| world.first_answer(place));
    answers
        .buffer_unordered(AT_A_TIME)
        .try_for_each(|_| async { Ok(()) })
        .await
}

async fn after<T>(time: Duration, then: impl Future<Output = T>) -> T {
    sleep(time).await;
    then.await
}
