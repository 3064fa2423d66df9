//! Validated usage in the form in which a source records it: in the database, or in an edge's spool.

use peekaboo_protocol::{Batch, Count};
use peekaboo_storage::{EnvironmentId, UsageBatch, UsageCount, UsageEvent, UsageExposure};
use time::{Duration, OffsetDateTime};

/// The maximum number of evaluations in one count.
pub(crate) const MAX_COUNT: u64 = 1_000_000_000;

/// The largest absolute value of an event, so that sums stay finite however many values are added.
pub(crate) const MAX_VALUE: f64 = 1e15;

/// The maximum age of exposures and events; older ones are recorded with this age, because a clock that jumped says
/// nothing about when they happened.
const MAX_AGE: Duration = Duration::days(1);

/// A batch to count: validated, and without what its key may not report.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Admitted {
    /// The environment.
    pub(crate) environment: EnvironmentId,
    /// When it arrived; its ages are relative to this.
    pub(crate) at: OffsetDateTime,
    /// The remaining content.
    pub(crate) batch: Batch,
}

impl Admitted {
    /// The time of an entry that had this age when the batch arrived.
    pub(crate) fn before(&self, age_millis: u64) -> OffsetDateTime {
        let age = Duration::milliseconds(i64::try_from(age_millis).unwrap_or(i64::MAX));
        self.at - age.min(MAX_AGE)
    }

    /// The batch in storage's form.
    pub(crate) fn to_usage(&self) -> UsageBatch {
        let batch = &self.batch;
        UsageBatch {
            environment: self.environment,
            id: batch.id.clone(),
            at: self.at,
            counted_at: self.before(batch.age_millis),
            counts: batch.counts.iter().map(counted).collect(),
            exposures: batch
                .exposures
                .iter()
                .map(|exposure| UsageExposure {
                    flag: exposure.flag.clone(),
                    flag_version: signed(exposure.flag_version),
                    variation: exposure.variation.clone(),
                    targeting_key: exposure.targeting_key.clone(),
                    at: self.before(exposure.age_millis),
                })
                .collect(),
            events: batch
                .events
                .iter()
                .map(|event| UsageEvent {
                    event: event.event.clone(),
                    value: event.value,
                    targeting_key: event.targeting_key.clone(),
                    at: self.before(event.age_millis),
                })
                .collect(),
        }
    }
}

fn counted(Count(flag, version, variation, reason, count): &Count) -> UsageCount {
    UsageCount {
        flag: flag.clone(),
        flag_version: version.map(signed),
        variation: variation.clone(),
        reason: reason.clone(),
        count: signed(*count),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
