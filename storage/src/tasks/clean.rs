//! Forgetting tasks that were given up, and answers that nobody asks for again, a bounded number at a time.

use time::OffsetDateTime;

use crate::database::{Transaction, delete_oldest};
use crate::error::Result;
use crate::idempotency::IDEMPOTENCY_LIFETIME;
use crate::storage::Storage;

impl Storage {
    /// Deletes at most `limit` tasks that died before a time; answers how many.
    pub async fn forget_dead_tasks(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM tasks WHERE id IN (SELECT id FROM tasks WHERE dead_at < $1 ORDER BY dead_at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, before, limit).await?)
    }

    /// Deletes at most `limit` answers to repeated requests that are no longer given, the oldest first; returns how many.
    pub async fn forget_requests(
        &self,
        transaction: &mut Transaction,
        at: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM idempotency_keys WHERE (scope, key) IN (\
               SELECT scope, key FROM idempotency_keys \
               WHERE created_at <= $1 ORDER BY created_at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, at - IDEMPOTENCY_LIFETIME, limit).await?)
    }
}
