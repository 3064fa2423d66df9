//! Edits of a large project, and how long toggles of other projects take meanwhile.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::admin_client::{flag_key, median, project};
use super::findings::{Findings, millis};
use super::world::World;
use crate::report::{Figure, Goal, Unit};

/// How often each edit is made.
const TIMES: u64 = 5;

/// Every tenth flag names a segment and the one behind it a flag; these do not, and none names them.
const UNUSED: u64 = 3;

/// Segments from this one on name another, and none names them.
const NAMING_SEGMENT: u64 = 50;

/// Before and after an edit, so that bystanders are in progress.
const AROUND: Duration = Duration::from_millis(50);

/// One kind of edit: what the nth is.
struct Edit<'a> {
    id: &'static str,
    name: &'static str,
    goal: f64,
    request: &'a dyn Fn(u64) -> (Method, String, Option<Value>),
}

pub(super) async fn measure(world: &World<'_>) -> anyhow::Result<Findings> {
    let place = world.filled.large.first().context("no large project")?;
    world.first_answer(place).await?;
    let path = project(place);
    let flag = |nth: u64| format!("{path}/flags/{}", flag_key(UNUSED + nth * 10));
    let segment = |nth: u64| format!("{path}/segments/segment-{:03}", NAMING_SEGMENT + nth);
    let edits = [
        Edit {
            id: "archive",
            name: "archive a flag",
            goal: 50.0,
            request: &|nth| {
                let change = json!({ "archived": true });
                (Method::PATCH, flag(nth), Some(change))
            },
        },
        Edit {
            id: "deleteFlag",
            name: "delete an unused flag",
            goal: 50.0,
            request: &|nth| (Method::DELETE, flag(nth), None),
        },
        Edit {
            id: "editSegment",
            name: "edit a segment that names another",
            goal: 50.0,
            request: &|nth| {
                let change = json!({ "included": ["ada", format!("person-{nth}")] });
                (Method::PATCH, segment(0), Some(change))
            },
        },
        Edit {
            id: "deleteSegment",
            name: "delete an unused segment",
            goal: 50.0,
            request: &|nth| (Method::DELETE, segment(1 + nth), None),
        },
        Edit {
            id: "addEnvironment",
            name: "add an environment",
            goal: 300.0,
            request: &|nth| {
                let added = json!({ "key": format!("added-{nth}"), "name": "Added" });
                (Method::POST, format!("{path}/environments"), Some(added))
            },
        },
    ];

    let mut findings = Findings::default();
    let mut waits = Waits::default();
    for edit in edits {
        let took = make(world, &edit, &mut waits).await.map(|took| {
            Figure::new(edit.id, edit.name, Unit::Millis, millis(took))
                .goal(Goal::AtMost(edit.goal))
        });
        findings.take_one(edit.name, took);
    }
    for (id, name, wait) in [
        (
            "otherProjectWaits",
            "longest toggle of another project meanwhile",
            waits.project,
        ),
        (
            "otherOrganizationWaits",
            "longest toggle of another organization meanwhile",
            waits.organization,
        ),
    ] {
        findings.push(Figure::new(id, name, Unit::Millis, millis(wait)).goal(Goal::AtMost(50.0)));
    }
    Ok(findings)
}

/// The longest that toggles of others took.
#[derive(Default)]
struct Waits {
    project: Duration,
    organization: Duration,
}

/// Makes an edit a few times; returns how long one takes.
async fn make(world: &World<'_>, edit: &Edit<'_>, waits: &mut Waits) -> anyhow::Result<Duration> {
    let [project, organization] = world.bystanders();
    let mut times = Vec::new();
    let mut made = Ok(());
    for nth in 0..TIMES {
        sleep(AROUND).await;
        let (method, path, body) = (edit.request)(nth);
        match world.large.call(method, &path, body.as_ref()).await {
            Ok(took) => times.push(took),
            Err(error) => {
                made = Err(error);
                break;
            }
        }
    }
    sleep(AROUND).await;
    waits.project = waits.project.max(project.end().await?);
    waits.organization = waits.organization.max(organization.end().await?);
    made.map(|()| median(times))
}
