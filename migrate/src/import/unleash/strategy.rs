//! Activation strategies: who is on.

use std::collections::BTreeMap;

use peekaboo_flags::Value;
use peekaboo_flags::model::{BUCKETS, Condition, Operator, TARGETING_KEY};

use super::constraint::{self, context_field};
use super::export::{Feature, Strategy};
use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, bucket, buckets, clause, exists};

/// Whom a strategy turns its feature on for.
pub(super) fn condition(
    strategy: &Strategy,
    feature: &Feature,
    segments: &BTreeMap<i64, String>,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<Condition> {
    let mut conditions = Vec::new();
    for constraint in &strategy.constraints {
        conditions.push(constraint::condition(constraint, notes)?);
    }
    for id in &strategy.segments {
        let name = segments.get(id);
        let name = name.ok_or_else(|| {
            Unsupported(format!(
                "it uses the segment {id}, which is missing in the file"
            ))
        })?;
        conditions.push(Condition::Segment(builder.segment_key(name)?));
    }
    conditions.push(own(strategy, feature, notes)?);
    Ok(all(conditions))
}

/// The attribute that keeps people where they are, and the name that it is hashed with.
pub(super) fn stickiness(strategy: &Strategy, notes: &mut Notes) -> Kept<String> {
    by(
        parameter(strategy, "stickiness")
            .as_deref()
            .unwrap_or("default"),
        notes,
    )
}

/// An attribute by the word for it.
pub(super) fn by(stickiness: &str, notes: &mut Notes) -> Kept<String> {
    match stickiness {
        "random" => Err(Unsupported::new(
            "a percentage with random stickiness: here everyone keeps their variation",
        )),
        "" | "default" => Ok(TARGETING_KEY.to_owned()),
        field => Ok(context_field(field, notes)),
    }
}

/// What makes the percentages of several features fall together.
pub(super) fn group(strategy: &Strategy, feature: &Feature) -> String {
    let group = parameter(strategy, "groupId").filter(|group| !group.is_empty());
    group.unwrap_or_else(|| feature.name.clone())
}

fn own(strategy: &Strategy, feature: &Feature, notes: &mut Notes) -> Kept<Condition> {
    match strategy.name.as_str() {
        "default" => Ok(Condition::always()),
        "userWithId" => Ok(listed(strategy, "userIds", TARGETING_KEY, Operator::In)),
        "remoteAddress" => Ok(listed(strategy, "IPs", "remoteAddress", Operator::InCidr)),
        "flexibleRollout" => {
            let sticky = parameter(strategy, "stickiness").unwrap_or_default();
            let share = percentage(strategy, "rollout")?;
            let anybody = matches!(sticky.as_str(), "" | "default" | "random");
            if anybody && (share == 0 || share == BUCKETS) {
                return Ok(everybody(share));
            }
            let by = stickiness(strategy, notes)?;
            if matches!(sticky.as_str(), "" | "default") {
                notes.add(
                    "who comes without a targeting key is in no percentage; Unleash draws for them by session, or \
                     anew each time",
                );
            }
            Ok(part(&by, &group(strategy, feature), share, notes))
        }
        "gradualRolloutUserId" => {
            let share = percentage(strategy, "percentage")?;
            Ok(part(TARGETING_KEY, &group(strategy, feature), share, notes))
        }
        "gradualRolloutSessionId" => {
            let share = percentage(strategy, "percentage")?;
            Ok(part("sessionId", &group(strategy, feature), share, notes))
        }
        "gradualRolloutRandom" => {
            let share = percentage(strategy, "percentage")?;
            if share == 0 || share == BUCKETS {
                return Ok(everybody(share));
            }
            Err(Unsupported::new(
                "the strategy gradualRolloutRandom: here everyone keeps their variation",
            ))
        }
        "applicationHostname" => Err(Unsupported::new(
            "the strategy applicationHostname looks at the machine that the SDK runs on; use an environment of its \
             own, or an attribute that the application gives",
        )),
        name => Err(Unsupported(format!(
            "the custom strategy {name}: only the application knows what it does"
        ))),
    }
}

fn everybody(share: u32) -> Condition {
    if share == 0 {
        Condition::never()
    } else {
        Condition::always()
    }
}

/// A share of those who have the attribute.
fn part(by: &str, group: &str, share: u32, notes: &mut Notes) -> Condition {
    match share {
        0 => Condition::never(),
        BUCKETS => exists(by),
        share => {
            notes.redrawn("Unleash");
            bucket(by, group, 0, share)
        }
    }
}

/// Values from a parameter that lists them with commas.
fn listed(strategy: &Strategy, name: &str, attribute: &str, op: Operator) -> Condition {
    let list = parameter(strategy, name).unwrap_or_default();
    let values = list
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty());
    let values: Vec<_> = values.map(Value::from).collect();
    if values.is_empty() {
        return Condition::never();
    }
    clause(attribute, op, values)
}

/// A percentage in buckets.
fn percentage(strategy: &Strategy, name: &str) -> Kept<u32> {
    let text = parameter(strategy, name).unwrap_or_default();
    let percentage = text.trim().parse::<f64>().ok();
    let percentage = percentage.filter(|percentage| (0.0..=100.0).contains(percentage));
    percentage.map(|percentage| buckets(percentage / 100.0)).ok_or_else(|| {
        let strategy = &strategy.name;
        Unsupported(format!("the parameter {name} of the strategy {strategy} is {text:?}, which is not a percentage"))
    })
}

fn parameter(strategy: &Strategy, name: &str) -> Option<String> {
    match strategy.parameters.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}
