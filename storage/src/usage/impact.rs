//! What people did who were served a variation: added up as it is reported, because joining everybody who was exposed
//! with all that they did takes seconds once there are a million of them.
//!
//! An exposure and an event that followed it belong to a bucket: the day of the exposure and the day of the event. A
//! person converts on the day of the first event that followed. So the sums add up over any range of whole days.
//! Whichever of the two is reported second finds the other in the database: the order of batches does not matter.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::FromRow;
use time::OffsetDateTime;

use super::events::Event;
use super::exposures::Exposure;
use super::period::day;
use super::person::Person;
use crate::EnvironmentId;
use crate::database::Transaction;
use crate::error::Result;
use crate::rows::Rows;

/// Makes the transaction the only one that records who did what in the environments of these exposures and events.
///
/// Of two that ran at once, on two nodes, neither would find what the other is about to write.
pub(super) async fn take_turn(
    transaction: &mut Transaction,
    exposures: &[Exposure<'_>],
    events: &[Event<'_>],
) -> Result<()> {
    let exposed = exposures.iter().map(|exposure| exposure.environment);
    let acted = events.iter().filter(|event| event.person.is_some());
    let environments: BTreeSet<_> = exposed
        .chain(acted.map(|event| event.environment))
        .collect();
    let environments: Vec<_> = environments.into_iter().collect();
    Rows::of(&environments)
        .id("environment", |environment| environment.as_uuid())
        .execute(
            transaction,
            "INSERT INTO impact_turns (environment, turn) SELECT environment, 1 FROM given WHERE true \
             ON CONFLICT (environment) DO UPDATE SET turn = impact_turns.turn + 1",
        )
        .await?;
    Ok(())
}

/// Adds up new exposures, which are written, and new events, which are not yet.
pub(super) async fn add_up(
    transaction: &mut Transaction,
    exposures: &[&Exposure<'_>],
    events: &[Event<'_>],
) -> Result<()> {
    write_people(transaction, exposures).await?;
    let acts: Vec<_> = events
        .chunk_by(|a, b| (a.environment, a.person, a.name) == (b.environment, b.person, b.name))
        .filter_map(Act::of)
        .collect();
    let earlier = earlier_events(transaction, exposures).await?;
    let exposed = exposures_of(transaction, &acts).await?;
    let mut tallies = Tallies::default();
    tallies.add_earlier(exposures, &earlier);
    tallies.add_acts(&acts, &exposed);
    tallies.write(transaction).await
}

/// Adds to how many people were exposed each day.
async fn write_people(transaction: &mut Transaction, exposures: &[&Exposure<'_>]) -> Result<()> {
    let mut people: BTreeMap<_, i64> = BTreeMap::new();
    for exposure in exposures {
        let day = day(exposure.first_seen_at);
        let key = (exposure.environment, exposure.flag, day, exposure.variation);
        *people.entry(key).or_default() += 1;
    }
    let people: Vec<_> = people.into_iter().collect();
    Rows::of(&people)
        .id("environment", |(key, _)| key.0.as_uuid())
        .text("flag", |(key, _)| key.1)
        .time("day", |(key, _)| key.2)
        .text("variation", |(key, _)| key.3)
        .integer("people", |(_, people)| *people)
        .execute(
            transaction,
            "INSERT INTO exposure_days (environment, flag, day, variation, people) \
             SELECT environment, flag, day, variation, people FROM given WHERE true \
             ON CONFLICT (environment, flag, day, variation) \
             DO UPDATE SET people = exposure_days.people + excluded.people",
        )
        .await?;
    Ok(())
}

/// Events of one name that one person triggered, earliest first.
struct Act<'a> {
    environment: EnvironmentId,
    person: Person,
    event: &'a str,
    events: &'a [Event<'a>],
}

impl<'a> Act<'a> {
    /// None where nobody is known to have triggered them.
    fn of(events: &'a [Event<'a>]) -> Option<Self> {
        let first = events.first()?;
        Some(Self {
            environment: first.environment,
            person: first.person?,
            event: first.name,
            events,
        })
    }
}

/// What somebody had done on one day after an exposure that is only now reported.
#[derive(FromRow)]
struct EarlierEvents {
    /// Which of the exposures.
    number: i64,
    event: String,
    day: OffsetDateTime,
    events: i64,
    sum: f64,
}

async fn earlier_events(
    transaction: &mut Transaction,
    exposures: &[&Exposure<'_>],
) -> Result<Vec<EarlierEvents>> {
    let numbered: Vec<_> = (0..).zip(exposures).collect();
    let events = Rows::of(&numbered)
        .integer("number", |(number, _)| *number)
        .id("environment", |(_, exposure)| exposure.environment.as_uuid())
        .bytes("targeting_key", |(_, exposure)| {
            Some(exposure.person.as_bytes())
        })
        .time("first_seen_at", |(_, exposure)| exposure.first_seen_at)
        .fetch_all(
            transaction,
            "SELECT given.number, held.event, held.day, COUNT(*) AS events, COALESCE(SUM(held.value), 0.0) AS sum \
             FROM given CROSS JOIN custom_events_with_day AS held \
             WHERE held.environment = given.environment AND held.targeting_key = given.targeting_key \
             AND held.at >= given.first_seen_at GROUP BY given.number, held.event, held.day",
        )
        .await?;
    Ok(events)
}

/// That somebody who now did something had been exposed before.
#[derive(FromRow)]
struct Exposed {
    /// Which of the acts.
    number: i64,
    flag: String,
    variation: String,
    first_seen_at: OffsetDateTime,
    /// When they first did it after the exposure, as far as is known.
    converted_at: Option<OffsetDateTime>,
}

async fn exposures_of(transaction: &mut Transaction, acts: &[Act<'_>]) -> Result<Vec<Exposed>> {
    let numbered: Vec<_> = (0..).zip(acts).collect();
    let exposed = Rows::of(&numbered)
        .integer("number", |(number, _)| *number)
        .id("environment", |(_, act)| act.environment.as_uuid())
        .bytes("targeting_key", |(_, act)| Some(act.person.as_bytes()))
        .text("event", |(_, act)| act.event)
        .fetch_all(
            transaction,
            "SELECT given.number, exposures.flag, exposures.variation, exposures.first_seen_at, \
             (SELECT MIN(held.at) FROM custom_events AS held \
              WHERE held.environment = given.environment AND held.targeting_key = given.targeting_key \
              AND held.event = given.event AND held.at >= exposures.first_seen_at) AS converted_at \
             FROM given CROSS JOIN exposures \
             WHERE exposures.environment = given.environment AND exposures.targeting_key = given.targeting_key",
        )
        .await?;
    Ok(exposed)
}

/// Environment, flag, event, the day of the exposure, that of the event, and the variation.
type Bucket<'a> = (
    EnvironmentId,
    &'a str,
    &'a str,
    OffsetDateTime,
    OffsetDateTime,
    &'a str,
);

/// What is added to a bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    converted: i64,
    events: i64,
    sum: f64,
}

/// Sorted, so that no two writers wait for each other.
#[derive(Default)]
struct Tallies<'a>(BTreeMap<Bucket<'a>, Tally>);

impl<'a> Tallies<'a> {
    fn add_earlier(&mut self, exposures: &[&'a Exposure<'a>], earlier: &'a [EarlierEvents]) {
        let mut converted: BTreeMap<(i64, &str), OffsetDateTime> = BTreeMap::new();
        for events in earlier {
            let first = converted
                .entry((events.number, &events.event))
                .or_insert(events.day);
            *first = events.day.min(*first);
        }
        for events in earlier {
            let Some(exposure) = nth(exposures, events.number) else {
                continue;
            };
            let tally = self.bucket(
                exposure.environment,
                (exposure.flag, exposure.variation, exposure.first_seen_at),
                &events.event,
                events.day,
            );
            tally.events += events.events;
            tally.sum += events.sum;
            let first = converted.get(&(events.number, events.event.as_str()));
            tally.converted += i64::from(first == Some(&events.day));
        }
    }

    fn add_acts(&mut self, acts: &[Act<'a>], exposed: &'a [Exposed]) {
        for exposure in exposed {
            let Some(act) = nth(acts, exposure.number) else {
                continue;
            };
            let after = act.events.iter();
            let mut after = after
                .skip_while(|event| event.at < exposure.first_seen_at)
                .peekable();
            let Some(first) = after.peek().map(|event| event.at) else {
                continue;
            };
            let served = (
                exposure.flag.as_str(),
                exposure.variation.as_str(),
                exposure.first_seen_at,
            );
            for event in after {
                let tally = self.bucket(act.environment, served, act.event, event.at);
                tally.events += 1;
                tally.sum += event.value.unwrap_or_default();
            }
            let earliest = exposure.converted_at.is_none_or(|at| first < at);
            if earliest {
                self.bucket(act.environment, served, act.event, first)
                    .converted += 1;
                // An event that comes late moves the conversion to its own day.
                if let Some(at) = exposure.converted_at {
                    self.bucket(act.environment, served, act.event, at)
                        .converted -= 1;
                }
            }
        }
    }

    /// The bucket of an exposure, as flag, variation and when, and of an event at a time.
    fn bucket(
        &mut self,
        environment: EnvironmentId,
        (flag, variation, exposed_at): (&'a str, &'a str, OffsetDateTime),
        event: &'a str,
        at: OffsetDateTime,
    ) -> &mut Tally {
        let key = (
            environment,
            flag,
            event,
            day(exposed_at),
            day(at),
            variation,
        );
        self.0.entry(key).or_default()
    }

    async fn write(self, transaction: &mut Transaction) -> Result<()> {
        let tallies: Vec<_> = self.0.into_iter().collect();
        Rows::of(&tallies)
            .id("environment", |(key, _)| key.0.as_uuid())
            .text("flag", |(key, _)| key.1)
            .text("event", |(key, _)| key.2)
            .time("exposed_day", |(key, _)| key.3)
            .time("event_day", |(key, _)| key.4)
            .text("variation", |(key, _)| key.5)
            .integer("converted", |(_, tally)| tally.converted)
            .integer("events", |(_, tally)| tally.events)
            .real("sum", |(_, tally)| Some(tally.sum))
            .execute(
                transaction,
                "INSERT INTO impact_days \
                 (environment, flag, event, exposed_day, event_day, variation, converted, events, sum) \
                 SELECT environment, flag, event, exposed_day, event_day, variation, converted, events, sum \
                 FROM given WHERE true \
                 ON CONFLICT (environment, flag, event, exposed_day, event_day, variation) DO UPDATE SET \
                 converted = impact_days.converted + excluded.converted, \
                 events = impact_days.events + excluded.events, sum = impact_days.sum + excluded.sum",
            )
            .await?;
        Ok(())
    }
}

fn nth<T>(items: &[T], number: i64) -> Option<&T> {
    items.get(usize::try_from(number).ok()?)
}
