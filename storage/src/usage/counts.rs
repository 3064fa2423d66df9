//! Evaluations by the hour and by the day, and when each flag was last evaluated.
//!
//! The days are what the hours add up to, at any time: both are written in one transaction. A row that has reached 10^15
//! grows no more: nobody evaluates a flag as often, and a public key must not be able to make a sum overflow.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::batch::UsageBatch;
use super::period::{day, hour};
use crate::EnvironmentId;
use crate::database::Transaction;
use crate::error::Result;
use crate::rows::Rows;

/// How exact the time of a flag's last evaluation is: it is written anew only after so long.
const LAST_SEEN_WITHIN: Duration = Duration::minutes(1);

/// Environment, hour, flag, variation, reason and the flag's version.
type HourKey<'a> = (
    EnvironmentId,
    OffsetDateTime,
    &'a str,
    &'a str,
    &'a str,
    i64,
);

/// Environment, flag, day and variation.
type DayKey<'a> = (EnvironmentId, &'a str, OffsetDateTime, &'a str);

/// What the counts of several batches add up to; sorted by each table's key, so that no two writers wait for each other.
#[derive(Default)]
pub(super) struct Counts<'a> {
    hours: BTreeMap<HourKey<'a>, i64>,
    days: BTreeMap<DayKey<'a>, i64>,
    last_evaluated: BTreeMap<(EnvironmentId, &'a str), OffsetDateTime>,
}

impl<'a> Counts<'a> {
    pub(super) fn of(batches: &[&'a UsageBatch]) -> Self {
        let mut counts = Self::default();
        for batch in batches {
            counts.add(batch);
        }
        counts
    }

    fn add(&mut self, batch: &'a UsageBatch) {
        let (environment, at) = (batch.environment, batch.counted_at);
        for count in &batch.counts {
            let flag = count.flag.as_str();
            let variation = count.variation.as_deref().unwrap_or_default();
            let version = count.flag_version.unwrap_or_default();
            let key = (
                environment,
                hour(at),
                flag,
                variation,
                count.reason.as_str(),
                version,
            );
            add(self.hours.entry(key).or_default(), count.count);
            let key = (environment, flag, day(at), variation);
            add(self.days.entry(key).or_default(), count.count);
            let last = self
                .last_evaluated
                .entry((environment, flag))
                .or_insert(batch.counted_at);
            *last = batch.counted_at.max(*last);
        }
    }

    pub(super) async fn write(&self, transaction: &mut Transaction) -> Result<()> {
        let hours: Vec<_> = self.hours.iter().collect();
        Rows::of(&hours)
            .id("environment", |(key, _)| key.0.as_uuid())
            .time("hour", |(key, _)| key.1)
            .text("flag", |(key, _)| key.2)
            .text("variation", |(key, _)| key.3)
            .text("reason", |(key, _)| key.4)
            .integer("flag_version", |(key, _)| key.5)
            .integer("count", |(_, count)| **count)
            .execute(
                transaction,
                "INSERT INTO usage_counts (environment, hour, flag, variation, reason, flag_version, count) \
                 SELECT environment, hour, flag, variation, reason, flag_version, count FROM given WHERE true \
                 ON CONFLICT (environment, hour, flag, variation, reason, flag_version) \
                 DO UPDATE SET count = usage_counts.count + excluded.count WHERE usage_counts.count < 1000000000000000",
            )
            .await?;
        let days: Vec<_> = self.days.iter().collect();
        Rows::of(&days)
            .id("environment", |(key, _)| key.0.as_uuid())
            .text("flag", |(key, _)| key.1)
            .time("day", |(key, _)| key.2)
            .text("variation", |(key, _)| key.3)
            .integer("count", |(_, count)| **count)
            .execute(
                transaction,
                "INSERT INTO usage_days (environment, flag, day, variation, count) \
                 SELECT environment, flag, day, variation, count FROM given WHERE true \
                 ON CONFLICT (environment, flag, day, variation) \
                 DO UPDATE SET count = usage_days.count + excluded.count WHERE usage_days.count < 1000000000000000",
            )
            .await?;
        let last_evaluated: Vec<_> = self.last_evaluated.iter().collect();
        Rows::of(&last_evaluated)
            .id("environment", |(key, _)| key.0.as_uuid())
            .text("flag", |(key, _)| key.1)
            .time("at", |(_, at)| **at)
            .time("stale_before", |(_, at)| **at - LAST_SEEN_WITHIN)
            .execute(
                transaction,
                "INSERT INTO flag_usage (environment, flag, last_evaluated_at) \
                 SELECT given.environment, given.flag, given.at FROM given \
                 LEFT JOIN flag_usage AS held ON held.environment = given.environment AND held.flag = given.flag \
                 WHERE held.last_evaluated_at IS NULL OR held.last_evaluated_at < given.stale_before \
                 ORDER BY given.environment, given.flag \
                 ON CONFLICT (environment, flag) DO UPDATE SET last_evaluated_at = excluded.last_evaluated_at \
                 WHERE flag_usage.last_evaluated_at < excluded.last_evaluated_at",
            )
            .await?;
        Ok(())
    }
}

fn add(sum: &mut i64, count: i64) {
    *sum = sum.saturating_add(count);
}
