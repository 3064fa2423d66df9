//! Forgetting old usage, one table and a bounded number of rows at a time.
//!
//! A table may hold millions of old rows after its retention was cut. One statement for all of them would run into the
//! statement timeout and be rolled back, each time again.

use time::OffsetDateTime;

use super::period::UsageResolution;
use crate::database::{Transaction, delete_oldest};
use crate::error::Result;
use crate::storage::Storage;
use crate::text_enum::text_enum;

text_enum! {
    /// What usage is kept of, each in a table of its own.
    pub enum UsageTable {
        /// Identifiers of batches, so that one that arrives twice counts once.
        Batches = "batches",
        /// Evaluations by the hour.
        Counts = "counts",
        /// Evaluations by the day.
        DailyCounts = "dailyCounts",
        /// Custom events by the hour.
        EventCounts = "eventCounts",
        /// Who was first served which variation when.
        Exposures = "exposures",
        /// Custom events.
        Events = "events",
        /// How many were exposed, by the day.
        DailyExposures = "dailyExposures",
        /// What people did who were exposed, by the day.
        DailyImpact = "dailyImpact",
    }
}

impl Storage {
    /// Deletes at most about `limit` rows of what is older than `before`, oldest first. Answers how many: fewer than
    /// `limit` when nothing that old is left.
    pub async fn forget_usage(
        &self,
        transaction: &mut Transaction,
        table: UsageTable,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = match table {
            UsageTable::Batches => {
                "DELETE FROM event_batches WHERE (environment, id) IN (\
                   SELECT environment, id FROM event_batches WHERE received_at < $1 ORDER BY received_at LIMIT $2)"
            }
            UsageTable::Counts => {
                "DELETE FROM usage_counts WHERE (environment, hour, flag, variation, reason, flag_version) IN (\
                   SELECT environment, hour, flag, variation, reason, flag_version FROM usage_counts \
                   WHERE hour < $1 ORDER BY hour LIMIT $2)"
            }
            UsageTable::DailyCounts => {
                "DELETE FROM usage_days WHERE (environment, flag, day, variation) IN (\
                   SELECT environment, flag, day, variation FROM usage_days WHERE day < $1 ORDER BY day LIMIT $2)"
            }
            UsageTable::EventCounts => {
                "DELETE FROM event_counts WHERE (environment, hour, event) IN (\
                   SELECT environment, hour, event FROM event_counts WHERE hour < $1 ORDER BY hour LIMIT $2)"
            }
            UsageTable::Exposures => {
                "DELETE FROM exposures WHERE (environment, targeting_key, flag, variation) IN (\
                   SELECT environment, targeting_key, flag, variation FROM exposures \
                   WHERE first_seen_at < $1 ORDER BY first_seen_at LIMIT $2)"
            }
            // Its rows have no key. Times are exact to the microsecond, so that few share one. An event is kept while
            // an exposure is there that it may have followed, so that a later one does not count as the first.
            UsageTable::Events => {
                "DELETE FROM custom_events WHERE at < $1 \
                 AND at < coalesce((SELECT MIN(first_seen_at) FROM exposures), $1) AND at <= coalesce(\
                   (SELECT at FROM custom_events WHERE at < $1 ORDER BY at LIMIT 1 OFFSET $2 - 1), $1)"
            }
            UsageTable::DailyExposures => {
                "DELETE FROM exposure_days WHERE (environment, flag, day, variation) IN (\
                   SELECT environment, flag, day, variation FROM exposure_days WHERE day < $1 ORDER BY day LIMIT $2)"
            }
            UsageTable::DailyImpact => {
                "DELETE FROM impact_days WHERE (environment, flag, event, exposed_day, event_day, variation) IN (\
                   SELECT environment, flag, event, exposed_day, event_day, variation FROM impact_days \
                   WHERE exposed_day < $1 ORDER BY exposed_day LIMIT $2)"
            }
        };
        // A day is old when all of it is.
        let before = match table {
            UsageTable::DailyCounts | UsageTable::DailyExposures | UsageTable::DailyImpact => {
                before - UsageResolution::Day.length()
            }
            _ => before,
        };
        Ok(delete_oldest(transaction, sql, before, limit.max(1)).await?)
    }
}
