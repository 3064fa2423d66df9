//! What is told of usage: how often a flag was evaluated and with what outcome, and what people did who saw it.

use std::collections::HashMap;

use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use crate::database::{Transaction, fetch_all, fetch_optional};
use crate::error::Result;
use crate::page::{Cursor, List, Page};
use crate::projects;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{EnvironmentId, Key, OrganizationId};

/// The most buckets that one question is answered with.
pub const MAX_BUCKETS: usize = 20_000;

/// How long a bucket of counts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageResolution {
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

impl UsageResolution {
    /// How long it is.
    pub fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
        }
    }

    /// The beginning of the bucket that a time lies in.
    pub fn floor(self, at: OffsetDateTime) -> OffsetDateTime {
        let (seconds, length) = (at.unix_timestamp(), self.length().whole_seconds());
        let begin = seconds - seconds.rem_euclid(length);
        OffsetDateTime::from_unix_timestamp(begin).unwrap_or(at)
    }
}

/// Whole buckets, from the beginning of one up to and without that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsagePeriod {
    /// The first bucket's beginning.
    pub from: OffsetDateTime,
    /// The end.
    pub to: OffsetDateTime,
    /// How long each bucket is.
    pub resolution: UsageResolution,
}

/// How a flag was used in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagUsage {
    /// When it was last evaluated, whether in the period or not; to the minute.
    pub last_evaluated_at: Option<OffsetDateTime>,
    /// The counts, oldest first; at most [`MAX_BUCKETS`] and one more, which shows that there are too many.
    pub buckets: Vec<UsageBucket>,
}

/// How often a flag was served with one outcome in one bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageBucket {
    /// When the bucket begins.
    pub at: OffsetDateTime,
    /// The variation; none where the caller's default was served.
    pub variation: Option<String>,
    /// Why.
    pub reason: String,
    /// The flag's version, where known.
    pub flag_version: Option<i64>,
    /// How often.
    pub count: i64,
}

/// Which flags' usage to list, and of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageFilter {
    /// The first hour.
    pub from: OffsetDateTime,
    /// The end.
    pub to: OffsetDateTime,
    /// Only flags that were not evaluated since, if ever.
    pub unused_since: Option<OffsetDateTime>,
}

/// How much a flag was used in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagUsageSummary {
    /// The flag's key.
    pub flag: Key,
    /// When it was last evaluated, if ever; to the minute.
    pub last_evaluated_at: Option<OffsetDateTime>,
    /// What it served in the period, by variation.
    pub variations: Vec<VariationUsage>,
}

/// How often a variation was served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariationUsage {
    /// The variation; none where the caller's default was served.
    pub variation: Option<String>,
    /// How often.
    pub count: i64,
}

/// How often a custom event was reported.
#[derive(Clone, Debug, PartialEq)]
pub struct EventUsage {
    /// Its name.
    pub event: String,
    /// How often.
    pub count: i64,
    /// What the values add up to.
    pub sum: f64,
    /// The hour of the last one.
    pub last_hour: OffsetDateTime,
}

/// What those did who were served a variation.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Impact {
    /// The variation.
    pub variation: String,
    /// How many were first served it in the period, each key once.
    pub exposed: i64,
    /// How many of those did it afterwards.
    pub converted: i64,
    /// How often they did it.
    pub events: i64,
    /// What the values add up to.
    pub sum: f64,
}

#[derive(FromRow)]
struct BucketRow {
    at: OffsetDateTime,
    variation: String,
    reason: String,
    flag_version: i64,
    count: i64,
}

#[derive(FromRow)]
struct LastRow {
    last_evaluated_at: OffsetDateTime,
}

#[derive(FromRow)]
struct SummaryRow {
    flag: Key,
    last_evaluated_at: Option<OffsetDateTime>,
}

#[derive(FromRow)]
struct VariationRow {
    flag: String,
    variation: String,
    count: i64,
}

#[derive(FromRow)]
struct EventRow {
    event: String,
    count: i64,
    sum: f64,
    last_hour: OffsetDateTime,
}

/// Counts by one of the columns that say when.
macro_rules! counts_by {
    ($column:literal) => {
        concat!(
            "SELECT ",
            $column,
            " AS at, variation, reason, flag_version, CAST(SUM(count) AS BIGINT) AS count \
             FROM usage_counts_with_day \
             WHERE environment = $1 AND flag = $2 AND hour >= $3 AND hour < $4 GROUP BY ",
            $column,
            ", variation, reason, flag_version ORDER BY ",
            $column,
            ", variation, reason, flag_version LIMIT $5"
        )
    };
}

impl Storage {
    /// A flag's counts in an environment.
    pub async fn flag_usage(
        &self,
        environment: EnvironmentId,
        flag: &Key,
        period: &UsagePeriod,
    ) -> Result<FlagUsage> {
        let mut transaction = self.read().await?;
        let last = fetch_optional!(
            &mut transaction,
            LastRow,
            "SELECT last_evaluated_at FROM flag_usage WHERE environment = $1 AND flag = $2",
            environment,
            flag,
        )?;
        let sql = match period.resolution {
            UsageResolution::Hour => counts_by!("hour"),
            UsageResolution::Day => counts_by!("day"),
        };
        let rows = fetch_all!(
            &mut transaction,
            BucketRow,
            sql,
            environment,
            flag,
            Stamp(period.from),
            Stamp(period.to),
            i64::try_from(MAX_BUCKETS + 1).unwrap_or(i64::MAX),
        )?;
        let bucket = |row: BucketRow| UsageBucket {
            at: row.at,
            variation: some(row.variation),
            reason: row.reason,
            flag_version: Some(row.flag_version).filter(|version| *version != 0),
            count: row.count,
        };
        Ok(FlagUsage {
            last_evaluated_at: last.map(|row| row.last_evaluated_at),
            buckets: rows.into_iter().map(bucket).collect(),
        })
    }

    /// How much each of a project's flags was used in an environment, by key. Archived flags are left out.
    pub async fn usage_of_flags(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: EnvironmentId,
        filter: &UsageFilter,
        page: &Page,
    ) -> Result<List<FlagUsageSummary>> {
        let after: Option<Key> = page.cursor()?;
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let rows = fetch_all!(
            &mut transaction,
            SummaryRow,
            "SELECT flags.key AS flag, flag_usage.last_evaluated_at FROM flags \
             LEFT JOIN flag_usage ON flag_usage.environment = $1 AND flag_usage.flag = flags.key \
             WHERE flags.project = $2 AND flags.archived_at IS NULL AND flags.key > COALESCE($3, '') \
             AND ($4 = 0 OR flag_usage.last_evaluated_at IS NULL OR flag_usage.last_evaluated_at < $5) \
             ORDER BY flags.key LIMIT $6",
            environment,
            project.id,
            after.as_ref().map(ToString::to_string),
            i64::from(filter.unused_since.is_some()),
            Stamp(filter.unused_since.unwrap_or(filter.to)),
            page.fetch(),
        )?;
        let rows = page.list(rows, |row| Cursor::of(&row.flag));
        let mut served = served(&mut transaction, environment, filter, &rows.items).await?;
        Ok(rows.map(|row| FlagUsageSummary {
            variations: served.remove(row.flag.as_str()).unwrap_or_default(),
            flag: row.flag,
            last_evaluated_at: row.last_evaluated_at,
        }))
    }

    /// The custom events of an environment, by name.
    pub async fn events(
        &self,
        environment: EnvironmentId,
        from: OffsetDateTime,
        to: OffsetDateTime,
        page: &Page,
    ) -> Result<List<EventUsage>> {
        let after: Option<String> = page.cursor()?;
        let mut transaction = self.read().await?;
        let rows = fetch_all!(
            &mut transaction,
            EventRow,
            "SELECT event, CAST(SUM(count) AS BIGINT) AS count, SUM(sum) AS sum, MAX(hour) AS last_hour \
             FROM event_counts WHERE environment = $1 AND hour >= $2 AND hour < $3 AND event > COALESCE($4, '') \
             GROUP BY event ORDER BY event LIMIT $5",
            environment,
            Stamp(from),
            Stamp(to),
            after,
            page.fetch(),
        )?;
        let events = rows.into_iter().map(|row| EventUsage {
            event: row.event,
            count: row.count,
            sum: row.sum,
            last_hour: row.last_hour,
        });
        Ok(page.list(events.collect(), |usage| Cursor::of(&usage.event)))
    }

    /// What those did who were first served a variation of a flag in a period, from then on, by variation.
    ///
    /// Somebody who was served several variations is counted with each.
    pub async fn impact(
        &self,
        environment: EnvironmentId,
        flag: &Key,
        event: &str,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Impact>> {
        let mut transaction = self.read().await?;
        let impacts = fetch_all!(
            &mut transaction,
            Impact,
            "SELECT variation, COUNT(*) AS exposed, \
             CAST(SUM(CASE WHEN events > 0 THEN 1 ELSE 0 END) AS BIGINT) AS converted, \
             CAST(SUM(events) AS BIGINT) AS events, CAST(SUM(total) AS DOUBLE PRECISION) AS sum \
             FROM (SELECT exposures.variation AS variation, COUNT(custom_events.at) AS events, \
                   COALESCE(SUM(custom_events.value), 0.0) AS total \
                   FROM exposures LEFT JOIN custom_events ON custom_events.environment = exposures.environment \
                   AND custom_events.event = $3 AND custom_events.targeting_key = exposures.targeting_key \
                   AND custom_events.at >= exposures.first_seen_at AND custom_events.at < $5 \
                   WHERE exposures.environment = $1 AND exposures.flag = $2 \
                   AND exposures.first_seen_at >= $4 AND exposures.first_seen_at < $5 \
                   GROUP BY exposures.variation, exposures.targeting_key) AS each_key \
             GROUP BY variation ORDER BY variation",
            environment,
            flag,
            event,
            Stamp(from),
            Stamp(to),
        )?;
        Ok(impacts)
    }
}

/// What flags that follow each other by key served, by flag.
async fn served(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    filter: &UsageFilter,
    flags: &[SummaryRow],
) -> Result<HashMap<String, Vec<VariationUsage>>> {
    let (Some(first), Some(last)) = (flags.first(), flags.last()) else {
        return Ok(HashMap::new());
    };
    let rows = fetch_all!(
        transaction,
        VariationRow,
        "SELECT flag, variation, CAST(SUM(count) AS BIGINT) AS count FROM usage_counts \
         WHERE environment = $1 AND flag >= $2 AND flag <= $3 AND hour >= $4 AND hour < $5 \
         GROUP BY flag, variation ORDER BY flag, variation",
        environment,
        &first.flag,
        &last.flag,
        Stamp(filter.from),
        Stamp(filter.to),
    )?;
    let mut by_flag: HashMap<String, Vec<VariationUsage>> = HashMap::new();
    for row in rows {
        by_flag.entry(row.flag).or_default().push(VariationUsage {
            variation: some(row.variation),
            count: row.count,
        });
    }
    Ok(by_flag)
}

/// No variation is kept as empty text.
fn some(variation: String) -> Option<String> {
    Some(variation).filter(|variation| !variation.is_empty())
}
