//! Queueing work, in the transaction that needs it done.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::TaskId;
use crate::database::{Transaction, execute, fetch_one};
use crate::error::{Error, Result};
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;

/// What a kind of work needs to know, stored as JSON.
///
/// A queued payload outlives the software that queued it: what was written as an older format must still be read.
pub trait TaskPayload: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Names the kind of work, in the database and in metrics: `usage.forget`.
    const KIND: &'static str;

    /// The format that is written. Raise it with a change that older nodes cannot read: they skip such tasks.
    const FORMAT: u32 = 1;

    /// Work with the same key is queued once. Without a key, each time is work of its own.
    fn key(&self) -> Option<String> {
        None
    }
}

/// The row that a task joins or makes.
#[derive(FromRow)]
struct Queued {
    id: TaskId,
    claim: Option<Uuid>,
    attempts: i64,
    due_at: OffsetDateTime,
    again_at: Option<OffsetDateTime>,
    dead_at: Option<OffsetDateTime>,
}

impl Storage {
    /// Queues work in a transaction of its own.
    pub async fn queue_task<P: TaskPayload>(
        &self,
        payload: &P,
        due_at: OffsetDateTime,
        at: OffsetDateTime,
    ) -> Result<TaskId> {
        let mut transaction = self.write().await?;
        let id = self
            .enqueue_task(&mut transaction, payload, due_at, at)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Queues work in the caller's transaction: it is there when that commits, and this node then looks at once.
    ///
    /// Where the same work (kind and key) waits already, the earlier of the two times counts; waiting for a retry, it
    /// stays as it is. Where it runs just now, it is done once more afterwards. A dead task comes back to life.
    pub async fn enqueue_task<P: TaskPayload>(
        &self,
        transaction: &mut Transaction,
        payload: &P,
        due_at: OffsetDateTime,
        at: OffsetDateTime,
    ) -> Result<TaskId> {
        let new = TaskId::generate(at, self.source());
        let due_at = truncate(due_at);
        let payload_json =
            serde_json::to_value(payload).map_err(|error| Error::Corrupt(error.into()))?;
        // Updating to what it is locks a row that is there, so that it is not completed meanwhile.
        let row = fetch_one!(
            transaction,
            Queued,
            "INSERT INTO tasks (id, kind, key, format, payload, due_at, ready_at, attempts, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, 0, $7) \
             ON CONFLICT (kind, key) DO UPDATE SET kind = excluded.kind \
             RETURNING id, claim, attempts, due_at, again_at, dead_at",
            new,
            P::KIND,
            payload.key().unwrap_or_else(|| new.to_string()),
            i64::from(P::FORMAT),
            Json(&payload_json),
            Stamp(due_at),
            Stamp(at),
        )?;
        if row.claim.is_some() {
            if row.again_at.is_none_or(|again_at| due_at < again_at) {
                execute!(
                    transaction,
                    "UPDATE tasks SET again_at = $2 WHERE id = $1",
                    row.id,
                    Stamp(due_at),
                )?;
            }
        } else if row.dead_at.is_some() || (row.attempts == 0 && due_at < row.due_at) {
            execute!(
                transaction,
                "UPDATE tasks SET format = $2, payload = $3, progress = NULL, due_at = $4, ready_at = $4, attempts = 0, \
                 last_error = NULL, dead_at = NULL WHERE id = $1",
                row.id,
                i64::from(P::FORMAT),
                Json(&payload_json),
                Stamp(due_at),
            )?;
        }
        transaction.wake_on_commit(self.task_wakes());
        Ok(row.id)
    }

    /// Returns once work was queued on this node since the last call. For one runner.
    pub async fn task_queued(&self) {
        self.task_wakes().notified().await;
    }
}
