//! Custom events: each, and added up by the hour.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::batch::UsageBatch;
use super::period::hour;
use super::person::Person;
use crate::EnvironmentId;
use crate::database::Transaction;
use crate::error::Result;
use crate::rows::Rows;
use crate::stamp::truncate;

/// A custom event as it is kept. Sorts by who did it, and what, and when.
#[derive(Debug, PartialEq)]
pub(super) struct Event<'a> {
    pub(super) environment: EnvironmentId,
    pub(super) person: Option<Person>,
    pub(super) name: &'a str,
    pub(super) at: OffsetDateTime,
    pub(super) value: Option<f64>,
}

/// The events of several batches, sorted, so that rows that are neighbors in an index are written together.
pub(super) fn of<'a>(batches: &[&'a UsageBatch]) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    for batch in batches {
        let environment = batch.environment;
        events.extend(batch.events.iter().map(|event| {
            Event {
                environment,
                person: event
                    .targeting_key
                    .as_deref()
                    .map(|key| Person::new(environment, key)),
                name: &event.event,
                at: truncate(event.at),
                value: event.value,
            }
        }));
    }
    events.sort_by_key(|event| (event.environment, event.person, event.name, event.at));
    events
}

/// Writes the events and what they add up to.
pub(super) async fn write(transaction: &mut Transaction, events: &[Event<'_>]) -> Result<()> {
    let mut hours: BTreeMap<_, (i64, f64)> = BTreeMap::new();
    for event in events {
        let key = (event.environment, hour(event.at), event.name);
        let (count, sum) = hours.entry(key).or_default();
        *count += 1;
        *sum += event.value.unwrap_or_default();
    }
    let hours: Vec<_> = hours.into_iter().collect();
    Rows::of(&hours)
        .id("environment", |(key, _)| key.0.as_uuid())
        .time("hour", |(key, _)| key.1)
        .text("event", |(key, _)| key.2)
        .integer("count", |(_, (count, _))| *count)
        .real("sum", |(_, (_, sum))| Some(*sum))
        .execute(
            transaction,
            "INSERT INTO event_counts (environment, hour, event, count, sum) \
             SELECT environment, hour, event, count, sum FROM given WHERE true \
             ON CONFLICT (environment, hour, event) \
             DO UPDATE SET count = event_counts.count + excluded.count, sum = event_counts.sum + excluded.sum",
        )
        .await?;
    Rows::of(events)
        .id("environment", |event| event.environment.as_uuid())
        .text("event", |event| event.name)
        .bytes("targeting_key", |event| {
            event.person.as_ref().map(Person::as_bytes)
        })
        .real("value", |event| event.value)
        .time("at", |event| event.at)
        .execute(
            transaction,
            "INSERT INTO custom_events (environment, event, targeting_key, value, at) \
             SELECT environment, event, targeting_key, value, at FROM given",
        )
        .await?;
    Ok(())
}
