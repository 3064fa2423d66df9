//! Forgetting old usage, one table and a bounded number of rows at a time.
//!
//! A table may hold millions of old rows after its retention was cut. One statement for all of them would run into the
//! statement timeout and be rolled back, each time again.

use time::OffsetDateTime;

use crate::database::{Transaction, execute};
use crate::error::Result;
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::text_enum::text_enum;

text_enum! {
    /// What usage is kept of, each in a table of its own.
    pub enum UsageTable {
        /// Identifiers of batches, so that one that arrives twice counts once.
        Batches = "batches",
        /// Evaluations by the hour.
        Counts = "counts",
        /// Custom events by the hour.
        EventCounts = "eventCounts",
        /// Who was first served which variation when.
        Exposures = "exposures",
        /// Custom events.
        Events = "events",
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
            UsageTable::EventCounts => {
                "DELETE FROM event_counts WHERE (environment, hour, event) IN (\
                   SELECT environment, hour, event FROM event_counts WHERE hour < $1 ORDER BY hour LIMIT $2)"
            }
            UsageTable::Exposures => {
                "DELETE FROM exposures WHERE (environment, flag, variation, targeting_key) IN (\
                   SELECT environment, flag, variation, targeting_key FROM exposures \
                   WHERE first_seen_at < $1 ORDER BY first_seen_at LIMIT $2)"
            }
            // Its rows have no key. Times are exact to the microsecond, so that few share one.
            UsageTable::Events => {
                "DELETE FROM custom_events WHERE at < $1 AND at <= coalesce(\
                   (SELECT at FROM custom_events WHERE at < $1 ORDER BY at LIMIT 1 OFFSET $2 - 1), $1)"
            }
        };
        let deleted = execute!(transaction, sql, Stamp(before), i64::from(limit.max(1)))?;
        Ok(deleted)
    }
}
