//! What applications did with their flags: counts by the hour, who was exposed to what, and custom events.
//!
//! Written in batches, each counted once however often it arrives. Never notified of, and never part of an
//! environment's version. Targeting keys are kept as hashes alone.

mod report;
mod retention;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use time::{Duration, OffsetDateTime};

use crate::EnvironmentId;
use crate::database::{Transaction, execute};
use crate::error::Result;
use crate::stamp::Stamp;
use crate::storage::Storage;

pub use report::{
    EventUsage, FlagUsage, FlagUsageSummary, Impact, MAX_BUCKETS, UsageBucket, UsageFilter,
    UsagePeriod, UsageResolution, VariationUsage,
};
pub use retention::UsageTable;

/// How long a batch's id is remembered: one that is sent again within this time counts once.
pub const BATCH_MEMORY: Duration = Duration::hours(24);

/// How exact [`Storage::flag_usage`] is about when a flag was last evaluated: it is written anew only after so long.
const LAST_SEEN_WITHIN: Duration = Duration::minutes(1);

/// What one batch says, with its times made absolute.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageBatch {
    /// Where it happened.
    pub environment: EnvironmentId,
    /// The sender's name for the batch.
    pub id: String,
    /// When it arrived.
    pub at: OffsetDateTime,
    /// When its counts were made, which is the hour that they belong to.
    pub counted_at: OffsetDateTime,
    /// How often what was served.
    pub counts: Vec<UsageCount>,
    /// Who was served what.
    pub exposures: Vec<UsageExposure>,
    /// What the application reported by itself.
    pub events: Vec<UsageEvent>,
}

/// Evaluations of one flag with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageCount {
    /// The flag's key.
    pub flag: String,
    /// The flag's version, where known.
    pub flag_version: Option<i64>,
    /// The variation, where one was served.
    pub variation: Option<String>,
    /// Why.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// That somebody was served a variation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageExposure {
    /// The flag's key.
    pub flag: String,
    /// The flag's version.
    pub flag_version: i64,
    /// The variation.
    pub variation: String,
    /// Whom; hashed before it is kept.
    pub targeting_key: String,
    /// When.
    pub at: OffsetDateTime,
}

/// A custom event.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageEvent {
    /// Its name.
    pub event: String,
    /// Its value, where it has one.
    pub value: Option<f64>,
    /// Who did it, where known; hashed before it is kept.
    pub targeting_key: Option<String>,
    /// When.
    pub at: OffsetDateTime,
}

/// Environment, hour, flag, variation, reason and the flag's version.
type CountKey = (EnvironmentId, OffsetDateTime, String, String, String, i64);

/// Environment, flag, variation and the targeting key's hash.
type ExposureKey = (EnvironmentId, String, String, [u8; 32]);

/// The flag's version then, and when.
type FirstSeen = (i64, OffsetDateTime);

/// Environment, hour and the event's name.
type EventKey = (EnvironmentId, OffsetDateTime, String);

/// What several batches add up to; sorted, so that no two writers wait for each other.
#[derive(Default)]
struct Sums {
    counts: BTreeMap<CountKey, i64>,
    last_evaluated: BTreeMap<(EnvironmentId, String), OffsetDateTime>,
    exposures: BTreeMap<ExposureKey, FirstSeen>,
    events: BTreeMap<EventKey, (i64, f64)>,
}

impl Storage {
    /// Counts batches, all or none. Answers of each whether it was new; one that was counted before, and one of an
    /// environment that is gone, adds nothing.
    pub async fn record_usage(&self, batches: &[UsageBatch]) -> Result<Vec<bool>> {
        let mut transaction = self.write().await?;
        let mut order: Vec<usize> = (0..batches.len()).collect();
        order.sort_by_key(|&index| (batches[index].environment, &batches[index].id));
        let mut new = vec![false; batches.len()];
        let mut sums = Sums::default();
        for index in order {
            let batch = &batches[index];
            new[index] = remember(&mut transaction, batch).await?;
            if new[index] {
                sums.add(batch);
            }
        }
        sums.write(&mut transaction).await?;
        for (batch, _) in batches.iter().zip(&new).filter(|(_, new)| **new) {
            for event in &batch.events {
                insert_event(&mut transaction, batch.environment, event).await?;
            }
        }
        transaction.commit().await?;
        Ok(new)
    }
}

/// Whether the batch is new, and its environment still there.
async fn remember(transaction: &mut Transaction, batch: &UsageBatch) -> Result<bool> {
    let inserted = execute!(
        transaction,
        "INSERT INTO event_batches (environment, id, received_at) \
         SELECT id, $2, $3 FROM environments WHERE id = $1 ON CONFLICT DO NOTHING",
        batch.environment,
        &batch.id,
        Stamp(batch.at),
    )?;
    Ok(inserted == 1)
}

async fn insert_event(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    event: &UsageEvent,
) -> Result<()> {
    execute!(
        transaction,
        "INSERT INTO custom_events (environment, event, targeting_key, value, at) VALUES ($1, $2, $3, $4, $5)",
        environment,
        &event.event,
        event
            .targeting_key
            .as_deref()
            .map(|key| hash(environment, key).to_vec()),
        event.value,
        Stamp(event.at),
    )?;
    Ok(())
}

impl Sums {
    fn add(&mut self, batch: &UsageBatch) {
        let environment = batch.environment;
        for count in &batch.counts {
            let last = self
                .last_evaluated
                .entry((environment, count.flag.clone()))
                .or_insert(batch.counted_at);
            *last = batch.counted_at.max(*last);
            let key = (
                environment,
                hour(batch.counted_at),
                count.flag.clone(),
                count.variation.clone().unwrap_or_default(),
                count.reason.clone(),
                count.flag_version.unwrap_or_default(),
            );
            let sum = self.counts.entry(key).or_default();
            *sum = sum.saturating_add(count.count);
        }
        for exposure in &batch.exposures {
            let key = (
                environment,
                exposure.flag.clone(),
                exposure.variation.clone(),
                hash(environment, &exposure.targeting_key),
            );
            let first = self
                .exposures
                .entry(key)
                .or_insert((exposure.flag_version, exposure.at));
            if exposure.at < first.1 {
                *first = (exposure.flag_version, exposure.at);
            }
        }
        for event in &batch.events {
            let key = (environment, hour(event.at), event.event.clone());
            let (count, sum) = self.events.entry(key).or_default();
            *count += 1;
            *sum += event.value.unwrap_or_default();
        }
    }

    async fn write(self, transaction: &mut Transaction) -> Result<()> {
        for ((environment, hour, flag, variation, reason, version), count) in self.counts {
            execute!(
                transaction,
                "INSERT INTO usage_counts (environment, hour, flag, variation, reason, flag_version, count) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) \
                 ON CONFLICT (environment, hour, flag, variation, reason, flag_version) \
                 DO UPDATE SET count = usage_counts.count + excluded.count",
                environment,
                Stamp(hour),
                &flag,
                &variation,
                &reason,
                version,
                count,
            )?;
        }
        for ((environment, flag), at) in self.last_evaluated {
            execute!(
                transaction,
                "INSERT INTO flag_usage (environment, flag, last_evaluated_at) VALUES ($1, $2, $3) \
                 ON CONFLICT (environment, flag) DO UPDATE SET last_evaluated_at = excluded.last_evaluated_at \
                 WHERE flag_usage.last_evaluated_at < $4",
                environment,
                &flag,
                Stamp(at),
                Stamp(at - LAST_SEEN_WITHIN),
            )?;
        }
        for ((environment, flag, variation, key), (version, at)) in self.exposures {
            execute!(
                transaction,
                "INSERT INTO exposures (environment, flag, variation, targeting_key, flag_version, first_seen_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
                environment,
                &flag,
                &variation,
                &key[..],
                version,
                Stamp(at),
            )?;
        }
        for ((environment, hour, event), (count, sum)) in self.events {
            execute!(
                transaction,
                "INSERT INTO event_counts (environment, hour, event, count, sum) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (environment, hour, event) \
                 DO UPDATE SET count = event_counts.count + excluded.count, sum = event_counts.sum + excluded.sum",
                environment,
                Stamp(hour),
                &event,
                count,
                sum,
            )?;
        }
        Ok(())
    }
}

/// The hour that a time lies in.
fn hour(at: OffsetDateTime) -> OffsetDateTime {
    let seconds = at.unix_timestamp();
    OffsetDateTime::from_unix_timestamp(seconds - seconds.rem_euclid(3_600)).unwrap_or(at)
}

/// A targeting key as it is kept. With the environment in it, the same person's differ between environments.
fn hash(environment: EnvironmentId, targeting_key: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(environment.as_uuid().as_bytes());
    hasher.update(targeting_key.as_bytes());
    hasher.finalize().into()
}
