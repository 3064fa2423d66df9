//! Deleting what has usage: how soon it is accepted, how soon its keys are dead, and who waits meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reqwest::{Method, StatusCode};
use tokio::time::sleep;

use super::admin_client::{environment, project};
use super::findings::{Findings, millis};
use super::world::World;
use crate::data::EnvironmentPath;
use crate::report::{Figure, Goal, Unit};

/// How long keys may take to die.
const PATIENCE: Duration = Duration::from_secs(30);

/// For how long after it others are watched: rows are removed meanwhile.
const WATCHED: Duration = Duration::from_secs(5);

pub(super) async fn measure(world: &World<'_>) -> anyhow::Result<Findings> {
    let used = world.filled.large.first().context("no large project")?;
    let other = world.filled.large.get(1).context("no large project")?;
    let mut findings = Findings::default();
    let of_environment = delete(world, &environment(used), used).await;
    let ids = ("deleteEnvironment", "deleteEnvironmentKeys");
    let wait = take(
        &mut findings,
        ids,
        "an environment with usage",
        of_environment,
    );
    let of_project = delete(world, &project(other), other).await;
    let ids = ("deleteProject", "deleteProjectKeys");
    let last = take(&mut findings, ids, "the large project", of_project);
    let wait = wait.into_iter().chain(last).max();
    if let Some(wait) = wait {
        findings.push(
            Figure::new(
                "deleteWaits",
                "longest toggle of other projects meanwhile",
                Unit::Millis,
                millis(wait),
            )
            .goal(Goal::AtMost(100.0)),
        );
    }
    Ok(findings)
}

/// What a deletion was like.
struct Deleted {
    accepted: Duration,
    keys_dead: Duration,
    others_waited: Duration,
}

async fn delete(world: &World<'_>, path: &str, key: &EnvironmentPath) -> anyhow::Result<Deleted> {
    world.first_answer(key).await?;
    let bystanders = world.bystanders();
    let begun = Instant::now();
    let accepted = world.large.call(Method::DELETE, path, None).await;
    let mut keys_dead = begun.elapsed();
    let deleted = async {
        let accepted = accepted?;
        while world.ruleset_status(key).await? != StatusCode::UNAUTHORIZED {
            keys_dead = begun.elapsed();
            ensure!(keys_dead < PATIENCE, "its key still opens something");
            sleep(Duration::from_millis(5)).await;
        }
        sleep(if world.quick { WATCHED / 5 } else { WATCHED }).await;
        anyhow::Ok((accepted, keys_dead))
    }
    .await;
    let mut others_waited = Duration::ZERO;
    for bystander in bystanders {
        others_waited = others_waited.max(bystander.end().await?);
    }
    let (accepted, keys_dead) = deleted?;
    Ok(Deleted {
        accepted,
        keys_dead,
        others_waited,
    })
}

/// Adds the figures of a deletion, or why there are none; returns how long others waited.
fn take(
    findings: &mut Findings,
    (id, keys_id): (&'static str, &'static str),
    what: &str,
    deleted: anyhow::Result<Deleted>,
) -> Option<Duration> {
    let name = format!("delete {what}: accepted");
    match deleted {
        Ok(deleted) => {
            let accepted = Figure::new(id, name, Unit::Millis, millis(deleted.accepted));
            findings.push(accepted.goal(Goal::AtMost(100.0)));
            let dead = Figure::new(
                keys_id,
                format!("delete {what}: keys dead"),
                Unit::Millis,
                millis(deleted.keys_dead),
            );
            findings.push(dead.goal(Goal::AtMost(1_000.0)));
            Some(deleted.others_waited)
        }
        Err(error) => {
            findings.take_one(&name, Err(error));
            None
        }
    }
}
