//! What people look at: lists of flags, dependents, and usage.

use anyhow::Context as _;
use reqwest::Method;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::admin_client::{environment, median, project};
use super::findings::{Findings, millis};
use super::world::World;
use crate::data::{DAYS, EVENT};
use crate::report::{Figure, Goal, Unit};

/// How often each is looked at, after once that does not count.
const LOOKS: usize = 7;

pub(super) async fn measure(world: &World<'_>) -> anyhow::Result<Findings> {
    let place = world.filled.large.first().context("no large project")?;
    let flags = format!("{}/flags?limit=50", project(place));
    let used = format!("{}/usage", environment(place));
    let since = |days: u64| -> anyhow::Result<String> {
        let at = OffsetDateTime::now_utc() - Duration::days(i64::try_from(days)?);
        // Within the hour, so that as many hours count whenever this runs.
        Ok((at + Duration::HOUR).format(&Rfc3339)?)
    };
    let usage = |days| anyhow::Ok(format!("{used}?limit=50&from={}", since(days)?));
    let impact = |days| {
        anyhow::Ok(format!(
            "{used}/flags/flag-00000/impact?event={EVENT}&from={}",
            since(days)?
        ))
    };
    let looks = [
        ("list", "list of flags", 10.0, flags.clone()),
        (
            "search",
            "search in flags",
            10.0,
            format!("{flags}&search=checkout%2001"),
        ),
        (
            "sortUpdated",
            "flags, last changed first",
            10.0,
            format!("{flags}&sort=-updatedAt"),
        ),
        (
            "sortName",
            "flags by name",
            10.0,
            format!("{flags}&sort=name"),
        ),
        (
            "dependents",
            "dependents of a flag",
            50.0,
            format!("{}/flags/flag-00000/dependents", project(place)),
        ),
        (
            "segmentDependents",
            "dependents of a segment",
            50.0,
            format!("{}/segments/segment-000/dependents", project(place)),
        ),
        ("usage7", "usage list, 7 days", 50.0, usage(7)?),
        ("usage40", "usage list, 40 days", 50.0, usage(DAYS)?),
        ("impact7", "impact, 7 days", 300.0, impact(7)?),
        ("impact30", "impact, 30 days", 300.0, impact(30)?),
    ];
    let mut findings = Findings::default();
    for (id, name, goal, path) in looks {
        let found = look(world, &path)
            .await
            .map(|took| Figure::new(id, name, Unit::Millis, millis(took)).goal(Goal::AtMost(goal)));
        findings.take_one(name, found);
    }
    Ok(findings)
}

async fn look(world: &World<'_>, path: &str) -> anyhow::Result<std::time::Duration> {
    world.large.call(Method::GET, path, None).await?;
    let mut times = Vec::with_capacity(LOOKS);
    for _ in 0..LOOKS {
        times.push(world.large.call(Method::GET, path, None).await?);
    }
    Ok(median(times))
}
