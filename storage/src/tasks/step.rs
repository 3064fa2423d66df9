//! The transaction in which work on the database takes effect and is completed at once.

use serde_json::Value;
use sqlx::FromRow;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::database::{Transaction, execute, fetch_optional};
use crate::error::Result;
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;

use super::ClaimedTask;

/// A chunk of a claimed task's work under way. Dropping it undoes it.
///
/// Each way to end it commits what the chunk did only if the claim still holds, and answers whether it did: of several
/// nodes that work on one task, because a lease ended too early, exactly one commits.
pub struct TaskStep<'a> {
    task: &'a ClaimedTask,
    transaction: Transaction,
}

/// What a task waits for once it is released.
#[derive(FromRow)]
struct Released {
    ready_at: Option<OffsetDateTime>,
}

impl Storage {
    /// Begins a chunk of a claimed task's work.
    pub async fn begin_task<'a>(&self, task: &'a ClaimedTask) -> Result<TaskStep<'a>> {
        Ok(TaskStep {
            task,
            transaction: self.write().await?,
        })
    }
}

impl TaskStep<'_> {
    /// What the work is done in.
    pub fn transaction(&mut self) -> &mut Transaction {
        &mut self.transaction
    }

    /// Commits a chunk and how far the work has come; the claim goes on until `lease_ends_at`.
    pub async fn advance(
        mut self,
        progress: &Value,
        lease_ends_at: OffsetDateTime,
    ) -> Result<bool> {
        let held = execute!(
            &mut self.transaction,
            "UPDATE tasks SET progress = $3, ready_at = $4, attempts = 1, last_error = NULL WHERE id = $1 AND claim = $2",
            self.task.id,
            self.task.claim,
            Json(progress),
            Stamp(lease_ends_at),
        )?;
        self.commit_if(held > 0).await
    }

    /// Commits the last chunk: the task is done, unless it was queued again meanwhile.
    pub async fn finish(mut self) -> Result<bool> {
        let released = fetch_optional!(
            &mut self.transaction,
            Released,
            "UPDATE tasks SET claim = NULL, progress = NULL, due_at = coalesce(again_at, due_at), ready_at = again_at, \
             attempts = 0, again_at = NULL, last_error = NULL WHERE id = $1 AND claim = $2 RETURNING ready_at",
            self.task.id,
            self.task.claim,
        )?;
        if let Some(Released { ready_at: None }) = released {
            execute!(
                &mut self.transaction,
                "DELETE FROM tasks WHERE id = $1",
                self.task.id,
            )?;
        }
        self.commit_if(released.is_some()).await
    }

    /// Commits the last chunk of work that recurs: it is due again at `due_at`, or earlier if it was queued meanwhile.
    pub async fn repeat(mut self, due_at: OffsetDateTime) -> Result<bool> {
        let held = execute!(
            &mut self.transaction,
            "UPDATE tasks SET claim = NULL, progress = NULL, attempts = 0, last_error = NULL, again_at = NULL, \
             due_at = CASE WHEN again_at < $3 THEN again_at ELSE $3 END, \
             ready_at = CASE WHEN again_at < $3 THEN again_at ELSE $3 END WHERE id = $1 AND claim = $2",
            self.task.id,
            self.task.claim,
            Stamp(truncate(due_at)),
        )?;
        self.commit_if(held > 0).await
    }

    async fn commit_if(self, held: bool) -> Result<bool> {
        if held {
            self.transaction.commit().await?;
        }
        Ok(held)
    }
}
