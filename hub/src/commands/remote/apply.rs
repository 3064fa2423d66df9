//! Carrying out a plan, request by request.

use anyhow::anyhow;
use http::Method;
use peekaboo_migrate::{Plan, Step, StepKind};
use serde::Serialize;
use serde_json::Value;

use super::{
    client::{Client, Extras},
    error::ClientError,
};
use crate::commands::{
    failure::Failure,
    output::{note, print},
};

/// Makes the changes of a plan in its order, each against the version that was read. If the hub refuses one, earlier
/// changes stay; a new plan continues from there.
pub(super) async fn apply(
    client: &Client,
    plan: &Plan,
    comment: Option<&str>,
) -> Result<(), Failure> {
    let count = plan.steps.len();
    for (done, step) in plan.steps.iter().enumerate() {
        take(client, step, comment)
            .await
            .map_err(|error| failed(&error, step, done, count))?;
        note(&format!(
            "{}/{count} {}: {}\n",
            done + 1,
            step.subject,
            told(&step.kind)
        ));
    }
    Ok(print(&format!(
        "Done: {} matches the file.\n",
        client.place()
    ))?)
}

async fn take(client: &Client, step: &Step, comment: Option<&str>) -> Result<(), ClientError> {
    let key = &step.subject.key;
    let flag = || client.flag(key);
    let segment = || client.segment(key);
    let (method, path, body, if_match) = match &step.kind {
        StepKind::CreateFlag(definition) => {
            let body = Some(with_key(key, definition));
            (Method::POST, client.in_project("/flags"), body, None)
        }
        StepKind::UpdateFlag { patch, version } => {
            (Method::PATCH, flag(), Some(json(patch)), Some(*version))
        }
        StepKind::ReplaceTargeting { targeting, version } => {
            let body = Some(json(targeting));
            (Method::PUT, client.targeting(key), body, Some(*version))
        }
        StepKind::DeleteFlag { version } => (Method::DELETE, flag(), None, Some(*version)),
        StepKind::CreateSegment(new) => {
            let body = Some(with_key(key, new));
            (Method::POST, client.in_project("/segments"), body, None)
        }
        StepKind::ReplaceSegment {
            segment: replacement,
            version,
        } => (
            Method::PUT,
            segment(),
            Some(json(replacement)),
            Some(*version),
        ),
        StepKind::DeleteSegment { version } => (Method::DELETE, segment(), None, Some(*version)),
    };
    let extras = Extras { if_match, comment };
    client.send(method, &path, body.as_ref(), extras).await?;
    Ok(())
}

fn json(body: &impl Serialize) -> Value {
    serde_json::to_value(body).expect("definitions are JSON")
}

/// A body that creates: the key is in it, not in the path.
fn with_key(key: &str, new: &impl Serialize) -> Value {
    let mut body = json(new);
    if let Value::Object(members) = &mut body {
        members.insert("key".to_owned(), key.into());
    }
    body
}

fn failed(error: &ClientError, step: &Step, done: usize, count: usize) -> Failure {
    let (subject, doing) = (&step.subject, told(&step.kind));
    let state = match done {
        0 => "no changes were made".to_owned(),
        done => format!("{done} of {count} changes were made and stay"),
    };
    let reason = match error {
        ClientError::Refused(refusal) if matches!(refusal.status, 409 | 412) => {
            format!("it was changed on the hub after the plan was made ({refusal})")
        }
        error => error.to_string(),
    };
    Failure::from(anyhow!(
        "{subject} ({doing}): {reason}\n{state}; run this command again to plan the rest"
    ))
}

/// Describes a step.
fn told(kind: &StepKind) -> &'static str {
    match kind {
        StepKind::CreateFlag(_) | StepKind::CreateSegment(_) => "create",
        StepKind::UpdateFlag { .. } => "change the definition",
        StepKind::ReplaceTargeting { .. } => "set the targeting",
        StepKind::ReplaceSegment { .. } => "change",
        StepKind::DeleteFlag { .. } | StepKind::DeleteSegment { .. } => "delete",
    }
}
