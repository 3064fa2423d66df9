//! How fast reports of usage become durable, and how soon they are acknowledged at half of the rate that is the goal.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use super::admin_client::flag_key;
use super::findings::{Findings, millis};
use super::world::World;
use crate::bench::Bench;
use crate::data::EnvironmentPath;
use crate::report::{Figure, Goal, Unit, count};

/// Flags that a batch counts, each with two variations.
const FLAGS: u64 = 50;

/// Rows of a batch.
const ROWS: u64 = FLAGS * 2;

/// Senders that wait for their acknowledgment before they send again.
const SENDERS: usize = 256;

/// The goal, in rows a second.
const GOAL: u64 = 50_000;

pub(super) async fn measure(bench: &Bench, world: &World<'_>) -> anyhow::Result<Findings> {
    let time = Duration::from_secs(if bench.options.quick { 1 } else { 10 });
    let sender = Sender {
        http: world.http.clone(),
        url: format!("{}/sdk/v1/events", world.hub.ready.sdk),
    };
    // The first batch of each environment loads it.
    for place in &world.filled.wide {
        world.first_answer(place).await?;
    }
    let mut findings = Findings::default();
    let rate = closed(&sender, &world.filled.wide, time).await?;
    findings.push(
        Figure::new("usageRows", "usage rows written", Unit::PerSecond, rate)
            .goal(Goal::AtLeast(count(GOAL))),
    );
    world.rest().await?;
    let every = Duration::from_secs_f64(count(ROWS) / count(GOAL / 2));
    let p99 = open(&sender, &world.filled.wide, time, every).await?;
    findings.push(
        Figure::new(
            "usageAckP99",
            "acknowledgment at 25,000 rows a second, p99",
            Unit::Millis,
            millis(p99),
        )
        .goal(Goal::AtMost(1_000.0)),
    );
    Ok(findings)
}

/// A client that reports usage.
#[derive(Clone)]
struct Sender {
    http: reqwest::Client,
    url: String,
}

impl Sender {
    /// Sends a batch until it is acknowledged.
    async fn send(&self, place: &EnvironmentPath, nth: u64) -> anyhow::Result<()> {
        let batch = batch(nth);
        let deadline = Instant::now() + Duration::from_mins(1);
        loop {
            let request = self.http.post(&self.url).bearer_auth(&place.server_key);
            let answer = request.json(&batch).send().await?;
            let status = answer.status();
            let text = answer.text().await?;
            if status.is_success() {
                return Ok(());
            }
            ensure!(
                status.as_u16() == 503 && Instant::now() < deadline,
                "a batch was answered {status}: {text}"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }
}

fn batch(nth: u64) -> Value {
    let counts: Vec<Value> = (0..FLAGS)
        .flat_map(|flag| ["on", "off"].map(|served| json!([flag_key(flag), 1, served, "SPLIT", 3])))
        .collect();
    json!({ "id": format!("bench-{nth}-{}", crate::clock::now()), "counts": counts })
}

/// Rows a second when every sender sends again as soon as it may.
async fn closed(
    sender: &Sender,
    places: &[EnvironmentPath],
    time: Duration,
) -> anyhow::Result<f64> {
    let (begun, sent) = (Instant::now(), Arc::new(AtomicU64::new(0)));
    let mut senders = JoinSet::new();
    for nth in 0..SENDERS {
        let (sender, sent) = (sender.clone(), Arc::clone(&sent));
        let own: Vec<EnvironmentPath> = places.iter().skip(nth).step_by(SENDERS).cloned().collect();
        if own.is_empty() {
            break;
        }
        senders.spawn(async move {
            for place in own.iter().cycle() {
                if begun.elapsed() > time {
                    break;
                }
                let nth = sent.fetch_add(1, Ordering::Relaxed);
                sender.send(place, nth).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(ended) = senders.join_next().await {
        ended??;
    }
    let rows = count(sent.load(Ordering::Relaxed) * ROWS);
    Ok(rows / begun.elapsed().as_secs_f64())
}

/// The time within which 99 of 100 batches are acknowledged that are due at fixed instants.
async fn open(
    sender: &Sender,
    places: &[EnvironmentPath],
    time: Duration,
    every: Duration,
) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let mut sending = JoinSet::new();
    for (nth, place) in (0_u64..).zip(places.iter().cycle()) {
        let due = begun + every * u32::try_from(nth)?;
        if due > begun + time {
            break;
        }
        sleep_until(due.into()).await;
        let (sender, place) = (sender.clone(), place.clone());
        sending.spawn(async move {
            sender.send(&place, nth).await?;
            anyhow::Ok(due.elapsed())
        });
    }
    let mut times = Vec::new();
    while let Some(ended) = sending.join_next().await {
        times.push(ended??);
    }
    times.sort_unstable();
    let p99 = times.get((times.len() * 99).div_ceil(100).saturating_sub(1));
    p99.copied().context("no batch was sent")
}
