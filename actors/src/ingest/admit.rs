//! Which batches, and what of them, are counted.
//!
//! A client key is public, so what it sends may be made up: only flags that it can see, their variations and known
//! reasons are counted, so that nobody fills the database with names.

use peekaboo_flags::CompiledFlag;
use peekaboo_protocol::{Batch, Count, Event, Exposure, MAX_BATCH_ID};
use peekaboo_storage::{SdkKeyKind, UsageBatch, UsageCount, UsageEvent, UsageExposure};
use time::{Duration, OffsetDateTime};

use crate::environment::EnvironmentSnapshot;
use crate::keys::LiveKey;
use crate::metrics::Metrics;

/// The longest name of an event, in bytes.
const MAX_EVENT: usize = 100;

/// The longest targeting key, in bytes.
const MAX_TARGETING_KEY: usize = 1_024;

/// The most evaluations that one count may tell of.
const MAX_COUNT: u64 = 1_000_000_000;

/// Older than this, an exposure or event is placed here: a clock that jumped tells nothing.
const MAX_AGE: Duration = Duration::days(1);

/// The reasons that are counted by name; any other is counted as UNKNOWN.
const REASONS: [&str; 8] = [
    "STATIC",
    "DEFAULT",
    "TARGETING_MATCH",
    "SPLIT",
    "DISABLED",
    "PREREQUISITE_FAILED",
    "ERROR",
    "UNKNOWN",
];

/// What is wrong with a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct InvalidBatch {
    /// Where, as a JSON Pointer into the batch.
    pub pointer: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

impl InvalidBatch {
    fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    /// A batch that does not even have the right members.
    pub fn unreadable(error: &serde_json::Error) -> Self {
        Self::new("", format!("this is no batch of events: {error}"))
    }
}

/// Checks a batch and makes its times absolute. What it says of flags that its key does not know is left out.
pub(super) fn admit(
    key: &LiveKey,
    batch: Batch,
    now: OffsetDateTime,
) -> Result<UsageBatch, InvalidBatch> {
    check(&batch)?;
    let environment = key.environment();
    let snapshot = environment.snapshot();
    let judge = Judge {
        snapshot: &snapshot,
        kind: key.kind(),
    };
    if batch.dropped > 0 {
        Metrics::events_dropped_by_senders(batch.dropped);
    }
    let at = |age: u64| {
        let age = Duration::milliseconds(i64::try_from(age).unwrap_or(i64::MAX));
        now - age.min(MAX_AGE)
    };
    Ok(UsageBatch {
        environment: environment.id,
        id: batch.id,
        at: now,
        counts: batch
            .counts
            .into_iter()
            .filter_map(|count| judge.count(count))
            .collect(),
        exposures: batch
            .exposures
            .into_iter()
            .filter_map(|exposure| judge.exposure(exposure, at))
            .collect(),
        events: batch
            .events
            .into_iter()
            .map(|event| UsageEvent {
                at: at(event.age_millis),
                event: event.event,
                value: event.value,
                targeting_key: event.targeting_key,
            })
            .collect(),
    })
}

fn check(batch: &Batch) -> Result<(), InvalidBatch> {
    if batch.id.is_empty() || batch.id.len() > MAX_BATCH_ID || batch.id.contains('\0') {
        return Err(InvalidBatch::new(
            "/id",
            format!("an id is 1 to {MAX_BATCH_ID} bytes of text without NUL"),
        ));
    }
    for (index, Count(.., count)) in batch.counts.iter().enumerate() {
        if *count > MAX_COUNT {
            return Err(InvalidBatch::new(
                format!("/counts/{index}/4"),
                format!("a count is at most {MAX_COUNT}"),
            ));
        }
    }
    for (index, event) in batch.events.iter().enumerate() {
        let Event { event, value, .. } = event;
        if event.is_empty() || event.len() > MAX_EVENT || event.contains('\0') {
            return Err(InvalidBatch::new(
                format!("/events/{index}/event"),
                format!("an event's name is 1 to {MAX_EVENT} bytes of text without NUL"),
            ));
        }
        if value.is_some_and(|value| !value.is_finite()) {
            return Err(InvalidBatch::new(
                format!("/events/{index}/value"),
                "a value is a finite number",
            ));
        }
    }
    let exposed = batch.exposures.iter().map(|it| Some(&it.targeting_key));
    let acted = batch.events.iter().map(|it| it.targeting_key.as_ref());
    for (list, keys) in [
        ("exposures", exposed.collect::<Vec<_>>()),
        ("events", acted.collect()),
    ] {
        let long = keys
            .iter()
            .position(|key| key.is_some_and(|key| key.len() > MAX_TARGETING_KEY));
        if let Some(index) = long {
            return Err(InvalidBatch::new(
                format!("/{list}/{index}/targetingKey"),
                format!("a targeting key is at most {MAX_TARGETING_KEY} bytes"),
            ));
        }
    }
    Ok(())
}

/// Knows what a key may speak of.
struct Judge<'a> {
    snapshot: &'a EnvironmentSnapshot,
    kind: SdkKeyKind,
}

impl Judge<'_> {
    fn count(&self, count: Count) -> Option<UsageCount> {
        let Count(flag, version, variation, reason, count) = count;
        let known = self.flag(&flag, variation.as_deref())?;
        let reason = if REASONS.contains(&reason.as_str()) {
            reason
        } else {
            "UNKNOWN".to_owned()
        };
        Some(UsageCount {
            flag,
            flag_version: version.and_then(|version| known_version(known, version)),
            variation,
            reason,
            count: i64::try_from(count).unwrap_or(i64::MAX),
        })
    }

    fn exposure(
        &self,
        exposure: Exposure,
        at: impl Fn(u64) -> OffsetDateTime,
    ) -> Option<UsageExposure> {
        let known = self.flag(&exposure.flag, Some(&exposure.variation))?;
        Some(UsageExposure {
            flag_version: known_version(known, exposure.flag_version)?,
            at: at(exposure.age_millis),
            flag: exposure.flag,
            variation: exposure.variation,
            targeting_key: exposure.targeting_key,
        })
    }

    /// The flag, where this key sees it and it has, or may have had, the variation.
    fn flag(&self, key: &str, variation: Option<&str>) -> Option<&CompiledFlag> {
        let flag = self.snapshot.ruleset.flag(key)?;
        if self.kind == SdkKeyKind::Client && !flag.is_client_visible() {
            return None;
        }
        let definition = flag.definition()?;
        let known = variation.is_none_or(|name| definition.variations.contains_key(name));
        known.then_some(flag)
    }
}

/// A version that the flag has or had; what is said of another is counted without one.
fn known_version(flag: &CompiledFlag, version: u64) -> Option<i64> {
    let newest = flag.definition()?.version;
    i64::try_from(version.min(newest)).ok()
}
