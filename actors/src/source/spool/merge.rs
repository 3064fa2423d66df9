//! Merges many batches of many senders into a few: counts of the same result and hour are added up, and each exposure
//! is kept once.
//!
//! How the sum is split into batches depends only on the segment, never on the time: a batch that is sent again with
//! the same id must have the same content.

use std::collections::BTreeMap;

use peekaboo_protocol::{Batch, Count, Event, Exposure, MAX_CLIENT_MESSAGE};
use time::OffsetDateTime;

use crate::source::usage::{Admitted, MAX_COUNT, MAX_VALUE};

/// The maximum size of a batch's own fields in a message.
const ENVELOPE: usize = 512;

/// Whole hours since 1970.
type Hour = i64;

/// Flag, version, variation and reason.
type Outcome = (String, Option<u64>, Option<String>, String);

/// Flag, variation, targeting key, reason, rule and unit.
type Exposed = (
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

/// The sum of a segment's batches.
#[derive(Default)]
pub(super) struct Merged {
    /// Counts by the hour in which they were made, with the earliest known time.
    counts: BTreeMap<Hour, (OffsetDateTime, BTreeMap<Outcome, u64>)>,
    /// With the flag's version and the time of the first exposure.
    exposures: BTreeMap<Exposed, (u64, OffsetDateTime)>,
    events: Vec<(Event, OffsetDateTime)>,
    pub(super) dropped: u64,
}

impl Merged {
    pub(super) fn of(batches: Vec<Admitted>) -> Self {
        let mut merged = Self::default();
        for admitted in batches {
            merged.add(admitted);
        }
        merged
    }

    fn add(&mut self, admitted: Admitted) {
        let counted_at = admitted.before(admitted.batch.age_millis);
        let exposed_at = |exposure: &Exposure| admitted.before(exposure.age_millis);
        for exposure in &admitted.batch.exposures {
            let at = exposed_at(exposure);
            let first = self
                .exposures
                .entry((
                    exposure.flag.clone(),
                    exposure.variation.clone(),
                    exposure.targeting_key.clone(),
                    exposure.reason.clone(),
                    exposure.rule.clone(),
                    exposure.unit.clone(),
                ))
                .or_insert((exposure.flag_version, at));
            if at < first.1 {
                *first = (exposure.flag_version, at);
            }
        }
        for event in &admitted.batch.events {
            // Kept by a version that did not bound values; the upstream would refuse everything it is sent with.
            if event
                .value
                .is_some_and(|value| !(-MAX_VALUE..=MAX_VALUE).contains(&value))
            {
                self.dropped = self.dropped.saturating_add(1);
                continue;
            }
            let at = admitted.before(event.age_millis);
            self.events.push((event.clone(), at));
        }
        self.dropped = self.dropped.saturating_add(admitted.batch.dropped);
        if admitted.batch.counts.is_empty() {
            return;
        }
        let hour = counted_at.unix_timestamp().div_euclid(3_600);
        let (_, counts) = self
            .counts
            .entry(hour)
            .or_insert((counted_at, BTreeMap::new()));
        for Count(flag, version, variation, reason, count) in admitted.batch.counts {
            let sum = counts
                .entry((flag, version, variation, reason))
                .or_default();
            *sum = sum.saturating_add(count);
        }
    }

    /// The number of evaluations, exposures and events.
    pub(super) fn size(&self) -> u64 {
        let counts = self.counts.values().flat_map(|(_, counts)| counts.values());
        let counted = counts.fold(0, |sum: u64, count| sum.saturating_add(*count));
        let others = self.exposures.len() + self.events.len();
        counted.saturating_add(others as u64)
    }

    /// Splits the sum into batches that each fit into a message, with ages as of `now`.
    pub(super) fn into_batches(self, name: &str, now: OffsetDateTime) -> Vec<Batch> {
        let age =
            |at: OffsetDateTime| u64::try_from((now - at).whole_milliseconds()).unwrap_or_default();
        let mut cutter = BatchWriter::default();
        for (at, counts) in self.counts.into_values() {
            cutter.begin(age(at));
            for ((flag, version, variation, reason), count) in counts {
                let texts = [&flag, &reason, variation.as_ref().unwrap_or(&flag)];
                let size = size_of_entry(&texts, 2, "");
                let mut left = count;
                while left > 0 {
                    let part = left.min(MAX_COUNT);
                    left -= part;
                    let count = Count(
                        flag.clone(),
                        version,
                        variation.clone(),
                        reason.clone(),
                        part,
                    );
                    cutter.with_room(size).counts.push(count);
                }
            }
        }
        for (exposed, (flag_version, at)) in self.exposures {
            let (flag, variation, targeting_key, reason, rule, unit) = exposed;
            let texts = [Some(&flag), Some(&variation), Some(&targeting_key)];
            let texts = texts
                .into_iter()
                .chain([&reason, &rule, &unit].map(Option::as_ref));
            let texts: Vec<_> = texts.flatten().collect();
            let size = size_of_entry(
                &texts,
                2,
                "flag flagVersion variation targetingKey ageMillis reason rule unit",
            );
            cutter.with_room(size).exposures.push(Exposure {
                flag,
                flag_version,
                variation,
                targeting_key,
                age_millis: age(at),
                reason,
                rule,
                unit,
            });
        }
        for (mut event, at) in self.events {
            event.age_millis = age(at);
            let nobody = String::new();
            let texts = [
                &event.event,
                event.targeting_key.as_ref().unwrap_or(&nobody),
            ];
            let size = size_of_entry(&texts, 2, "event value targetingKey ageMillis");
            cutter.with_room(size).events.push(event);
        }
        let mut batches = cutter.batches;
        if self.dropped > 0 && batches.is_empty() {
            batches.push(Batch::default());
        }
        for (index, batch) in batches.iter_mut().enumerate() {
            batch.id = format!("{name}-{index}");
        }
        if let Some(last) = batches.last_mut() {
            last.dropped = self.dropped;
        }
        batches
    }
}

/// Fills one batch after the other.
#[derive(Default)]
struct BatchWriter {
    batches: Vec<Batch>,
    room: usize,
    age_millis: u64,
}

impl BatchWriter {
    /// Counts from here on are of another hour, which gets its own batch.
    fn begin(&mut self, age_millis: u64) {
        self.room = 0;
        self.age_millis = age_millis;
    }

    fn with_room(&mut self, size: usize) -> &mut Batch {
        if self.room < size || self.batches.is_empty() {
            self.room = MAX_CLIENT_MESSAGE - ENVELOPE;
            self.batches.push(Batch {
                age_millis: self.age_millis,
                ..Batch::default()
            });
        }
        self.room = self.room.saturating_sub(size);
        let last = self.batches.len() - 1;
        &mut self.batches[last]
    }
}

/// The maximum size of an entry as `MessagePack`: field names, texts, and numbers at their longest.
fn size_of_entry(texts: &[&String], numbers: usize, names: &str) -> usize {
    let texts: usize = texts.iter().map(|text| text.len() + 3).sum();
    1 + names.len() + 1 + texts + numbers * 9
}

#[cfg(test)]
mod tests {
    use peekaboo_protocol::ClientFrame;
    use peekaboo_storage::EnvironmentId;
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use time::Duration;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

    fn admitted(at: OffsetDateTime, batch: Value) -> Admitted {
        Admitted {
            environment: EnvironmentId::from_uuid(Uuid::from_u128(1)),
            at,
            batch: serde_json::from_value(batch).expect("a batch"),
        }
    }

    fn told(batches: &[Batch]) -> Value {
        serde_json::to_value(batches).expect("JSON")
    }

    #[test]
    fn senders_add_up_by_the_hour() {
        let minutes = Duration::minutes;
        let one =
            json!({"id": "1", "counts": [["a", 1, "on", "SPLIT", 2], ["a", 2, "on", "SPLIT", 1]]});
        let two = json!({"id": "2", "counts": [["a", 1, "on", "SPLIT", 3]], "dropped": 4});
        let late = json!({"id": "3", "ageMillis": 60_000, "counts": [["a", 1, "on", "SPLIT", 8]], "dropped": 1});
        let merged = Merged::of(vec![
            admitted(NOON - minutes(20), one),
            admitted(NOON - minutes(10), two),
            admitted(NOON, late),
            admitted(
                NOON,
                json!({"id": "4", "counts": [["a", 1, null, "ERROR", 1]]}),
            ),
        ]);
        assert_eq!(merged.size(), 15);
        assert_eq!(
            told(&merged.into_batches("s", NOON + minutes(1))),
            json!([
                {"id": "s-0", "ageMillis": 21 * 60_000, "counts": [["a", 1, "on", "SPLIT", 13], ["a", 2, "on", "SPLIT", 1]]},
                {"id": "s-1", "ageMillis": 60_000, "counts": [["a", 1, null, "ERROR", 1]], "dropped": 5},
            ])
        );
    }

    #[test]
    fn an_exposure_is_sent_once_with_its_first_time_and_every_event_is_sent() {
        let exposed = |version: u64, age: u64| {
            json!({
                "id": "b",
                "exposures": [{"flag": "a", "flagVersion": version, "variation": "on", "targetingKey": "u", "ageMillis": age}],
                "events": [{"event": "buy", "value": 2.5, "targetingKey": "u", "ageMillis": age}],
            })
        };
        let merged = Merged::of(vec![
            admitted(NOON, exposed(3, 10)),
            admitted(NOON, exposed(2, 500)),
        ]);
        assert_eq!(
            told(&merged.into_batches("s", NOON + Duration::SECOND)),
            json!([{
                "id": "s-0",
                "exposures": [{"flag": "a", "flagVersion": 2, "variation": "on", "targetingKey": "u", "ageMillis": 1_500}],
                "events": [
                    {"event": "buy", "value": 2.5, "targetingKey": "u", "ageMillis": 1_010},
                    {"event": "buy", "value": 2.5, "targetingKey": "u", "ageMillis": 1_500},
                ],
            }])
        );
    }

    #[test]
    fn a_sum_above_the_maximum_is_split_into_several_counts() {
        let count = json!({"id": "b", "counts": [["a", 1, "on", "SPLIT", MAX_COUNT]]});
        let merged = Merged::of(vec![admitted(NOON, count.clone()), admitted(NOON, count)]);
        let batches = merged.into_batches("s", NOON);
        let counts: Vec<u64> = batches[0].counts.iter().map(|count| count.4).collect();
        assert_eq!(counts, [MAX_COUNT, MAX_COUNT]);
    }

    #[test]
    fn dropped_entries_are_reported_without_other_usage() {
        let merged = Merged::of(vec![admitted(NOON, json!({"id": "b", "dropped": 3}))]);
        let batches = merged.into_batches("s", NOON);
        assert_eq!(told(&batches), json!([{"id": "s-0", "dropped": 3}]));
    }

    prop_compose! {
        fn any_batch()(
            counts in prop::collection::vec(
                ("[a-z]{1,100}", any::<Option<u32>>(), "\\PC{0,40}", 0..u64::from(u32::MAX)),
                0..60,
            ),
            exposures in prop::collection::vec(("[a-z]{1,100}", "\\PC{1,300}", any::<u64>()), 0..40),
            events in prop::collection::vec(("[a-z]{1,100}", any::<Option<f32>>(), "\\PC{0,300}"), 0..40),
        ) -> Batch {
            let counts = counts.into_iter().map(|(flag, version, variation, count)| {
                Count(flag, version.map(u64::from), Some(variation), "TARGETING_MATCH".to_owned(), count)
            });
            let exposures = exposures.into_iter().map(|(flag, key, version)| Exposure {
                flag, flag_version: version >> 11, variation: "on".to_owned(), targeting_key: key, age_millis: 0,
                reason: Some("SPLIT".to_owned()), rule: Some(format!("rule-{}", version % 3)), unit: None,
            });
            let events = events.into_iter().map(|(event, value, key)| Event {
                event,
                value: value.map(f64::from).filter(|value| value.abs() <= MAX_VALUE),
                targeting_key: Some(key),
                age_millis: 0,
            });
            Batch {
                id: "b".to_owned(),
                counts: counts.collect(),
                exposures: exposures.collect(),
                events: events.collect(),
                ..Batch::default()
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]

        #[test]
        fn every_batch_fits_a_message_and_holds_the_same_at_any_time(
            batches in prop::collection::vec(any_batch(), 1..8),
            later in 0..80_000_000_i64,
        ) {
            let admitted: Vec<_> = batches
                .into_iter()
                .map(|batch| Admitted {
                    environment: EnvironmentId::from_uuid(Uuid::from_u128(1)),
                    at: NOON,
                    batch,
                })
                .collect();
            let size = Merged::of(admitted.clone()).size();
            let first = Merged::of(admitted.clone()).into_batches("s", NOON);
            let again = NOON + Duration::milliseconds(later);
            let again = Merged::of(admitted).into_batches("s", again);
            let mut told = 0;
            prop_assert_eq!(first.len(), again.len());
            for (first, again) in first.iter().zip(&again) {
                prop_assert_eq!(&first.id, &again.id);
                prop_assert_eq!(&first.counts, &again.counts);
                prop_assert_eq!(first.exposures.len(), again.exposures.len());
                prop_assert_eq!(first.events.len(), again.events.len());
                told += first.counts.iter().map(|count| count.4).sum::<u64>();
                told += (first.exposures.len() + first.events.len()) as u64;
                let message = ClientFrame::events(again).encode();
                prop_assert!(message.len() <= MAX_CLIENT_MESSAGE, "{} bytes", message.len());
            }
            prop_assert_eq!(told, size);
        }
    }
}
