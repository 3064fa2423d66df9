//! An edge that serves most environments of the wide organization and has nothing to do.

use std::time::Duration;

use anyhow::ensure;
use tokio::time::{Instant, sleep};

use super::findings::Findings;
use super::world::{World, rest};
use crate::bench::Bench;
use crate::clock::SECOND;
use crate::hub::Edge;
use crate::process::{self, CpuTime};
use crate::report::{Figure, Goal, Unit, count};

/// Environments that it serves, of a thousand.
const SERVED: usize = 980;

/// How long all of them may take to arrive.
const PATIENCE: Duration = Duration::from_mins(3);

pub(super) async fn measure(bench: &Bench, world: &World<'_>) -> anyhow::Result<Findings> {
    let places = &world.filled.wide;
    let served = places.len() * SERVED / 1_000;
    let places = &places[..served.max(1)];
    let keys: Vec<&str> = places
        .iter()
        .map(|place| place.server_key.as_str())
        .collect();
    let edge = Edge::start(
        &bench.cpus,
        bench.binary(),
        world.hub.sdk_address()?,
        &keys.join(","),
    )
    .await?;
    let url = format!("{}/sdk/v1/ruleset", edge.ready.sdk);
    let deadline = Instant::now() + PATIENCE;
    for key in keys {
        loop {
            let answer = world.http.get(&url).bearer_auth(key).send().await?;
            let status = answer.status();
            answer.bytes().await?;
            if status.is_success() {
                break;
            }
            ensure!(
                Instant::now() < deadline,
                "the edge answers a key with {status}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }

    let pid = edge.pid()?;
    rest(pid).await?;
    let time = bench.duration(10, 2);
    let before = CpuTime::of(pid)?;
    sleep(Duration::from_nanos(time)).await;
    let used = CpuTime::of(pid)?.since(&before);
    let millis_a_second = used.as_secs_f64() * 1_000.0 * count(SECOND) / count(time);

    let mut findings = Findings::default();
    findings.push(
        Figure::new(
            "edgeThreads",
            format!("edge with {} keys: threads", places.len()),
            Unit::Count,
            count(process::threads(pid)?),
        )
        .goal(Goal::AtMost(20.0)),
    );
    findings.push(
        Figure::new(
            "edgeResident",
            "its memory",
            Unit::Kilobytes,
            count(edge.resident_bytes()?) / 1_000.0,
        )
        .goal(Goal::AtMost(60_000.0)),
    );
    findings.push(
        Figure::new(
            "edgeCpu",
            "its CPU at rest",
            Unit::MicrosPerSecond,
            millis_a_second * 1_000.0,
        )
        .goal(Goal::AtMost(5_000.0)),
    );
    Ok(findings)
}
