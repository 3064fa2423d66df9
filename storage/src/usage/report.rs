//! What is told of usage: how often a flag was evaluated and with what outcome, and what people did who saw it.

use std::collections::HashMap;

use sqlx::FromRow;
use time::OffsetDateTime;

use super::period::{UsagePeriod, UsageResolution};
use crate::database::{Transaction, fetch_all, fetch_optional};
use crate::error::Result;
use crate::page::{Cursor, List, Page, invalid_cursor};
use crate::projects;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::{EnvironmentId, FlagId, Key, OrganizationId, ProjectId, SubjectKey};

/// The most buckets that one question is answered with.
pub const MAX_BUCKETS: usize = 20_000;

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
    pub flag: SubjectKey,
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
    id: FlagId,
    flag: SubjectKey,
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
        flag: &SubjectKey,
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

    /// How much each of a project's flags was used in an environment, by key whatever the letters' case. Archived flags are left
    /// out.
    pub async fn usage_of_flags(
        &self,
        organization: OrganizationId,
        project: &Key,
        environment: EnvironmentId,
        filter: &UsageFilter,
        page: &Page,
    ) -> Result<List<FlagUsageSummary>> {
        let after: Option<[String; 2]> = page.parts()?;
        let (place, id) = match after {
            Some([place, id]) => (
                Some(place),
                Some(id.parse::<FlagId>().map_err(|_| invalid_cursor())?),
            ),
            None => (None, None),
        };
        let mut transaction = self.read().await?;
        let project = projects::expect(&mut transaction, organization, project).await?;
        let rows = fetch_all!(
            &mut transaction,
            SummaryRow,
            "SELECT flags.id, flags.key AS flag, flag_usage.last_evaluated_at FROM flags \
             LEFT JOIN flag_usage ON flag_usage.environment = $1 AND flag_usage.flag = flags.key \
             WHERE flags.project = $2 AND flags.archived_at IS NULL \
             AND (lower(flags.key), flags.id) > (COALESCE($3, ''), $7) \
             AND ($4 = 0 OR flag_usage.last_evaluated_at IS NULL OR flag_usage.last_evaluated_at < $5) \
             ORDER BY lower(flags.key), flags.id LIMIT $6",
            environment,
            project.id,
            place,
            i64::from(filter.unused_since.is_some()),
            Stamp(filter.unused_since.unwrap_or(filter.to)),
            page.fetch(),
            id,
        )?;
        let rows = page.list(rows, |row| Cursor::of_parts(&[&row.flag.folded(), &row.id]));
        let mut served = served(
            &mut transaction,
            environment,
            project.id,
            filter,
            &rows.items,
        )
        .await?;
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

    /// What those did who were first served a variation of a flag on one of some days, from then until the end of the
    /// last day, by variation. The days are whole ones in UTC that hold all of the time from `from` to `to`.
    ///
    /// Somebody who was served several variations is counted with each.
    pub async fn impact(
        &self,
        environment: EnvironmentId,
        flag: &SubjectKey,
        event: &str,
        from: OffsetDateTime,
        to: OffsetDateTime,
    ) -> Result<Vec<Impact>> {
        let day = UsageResolution::Day;
        let mut transaction = self.read().await?;
        let impacts = fetch_all!(
            &mut transaction,
            Impact,
            "SELECT exposed.variation, exposed.people AS exposed, COALESCE(acted.converted, 0) AS converted, \
             COALESCE(acted.events, 0) AS events, COALESCE(acted.sum, 0.0) AS sum \
             FROM (SELECT variation, CAST(SUM(people) AS BIGINT) AS people FROM exposure_days \
                   WHERE environment = $1 AND flag = $2 AND day >= $4 AND day < $5 GROUP BY variation) AS exposed \
             LEFT JOIN (SELECT variation, CAST(SUM(converted) AS BIGINT) AS converted, \
                        CAST(SUM(events) AS BIGINT) AS events, SUM(sum) AS sum FROM impact_days \
                        WHERE environment = $1 AND flag = $2 AND event = $3 \
                        AND exposed_day >= $4 AND exposed_day < $5 AND event_day < $5 GROUP BY variation) AS acted \
             ON acted.variation = exposed.variation ORDER BY exposed.variation",
            environment,
            flag,
            event,
            Stamp(day.floor(from)),
            Stamp(day.ceil(to)),
        )?;
        Ok(impacts)
    }
}

/// What flags that follow each other by key served, by flag: of whole days from the counts by the day, of the hours
/// before and after them from those by the hour.
async fn served(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    project: ProjectId,
    filter: &UsageFilter,
    flags: &[SummaryRow],
) -> Result<HashMap<String, Vec<VariationUsage>>> {
    let (Some(first), Some(last)) = (flags.first(), flags.last()) else {
        return Ok(HashMap::new());
    };
    let (from, to) = (filter.from, filter.to);
    // Without a whole day between them, all hours are before the first.
    let first_day = UsageResolution::Day.ceil(from).min(to);
    let days_end = UsageResolution::Day.floor(to).max(first_day);
    let rows = fetch_all!(
        transaction,
        VariationRow,
        "SELECT flag, variation, CAST(SUM(count) AS BIGINT) AS count FROM (\
           SELECT flag, variation, count FROM usage_days \
           WHERE environment = $1 AND day >= $6 AND day < $7 AND flag IN (\
             SELECT key FROM flags WHERE project = $2 AND lower(key) >= $3 AND lower(key) <= $4) \
           UNION ALL SELECT flag, variation, count FROM usage_counts \
           WHERE environment = $1 AND hour >= $5 AND hour < $6 AND flag IN (\
             SELECT key FROM flags WHERE project = $2 AND lower(key) >= $3 AND lower(key) <= $4) \
           UNION ALL SELECT flag, variation, count FROM usage_counts \
           WHERE environment = $1 AND hour >= $7 AND hour < $8 AND flag IN (\
             SELECT key FROM flags WHERE project = $2 AND lower(key) >= $3 AND lower(key) <= $4)) AS served \
         GROUP BY flag, variation ORDER BY flag, variation",
        environment,
        project,
        first.flag.folded(),
        last.flag.folded(),
        Stamp(from),
        Stamp(first_day),
        Stamp(days_end),
        Stamp(to),
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
