//! What operators see of queued work, and what they can do about it.

use serde_json::Value;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::TaskId;
use crate::database::{execute, fetch_all, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::page::{Cursor, List, Page};
use crate::stamp::Stamp;
use crate::storage::Storage;
use crate::text_enum::text_enum;

text_enum! {
    /// Where a task stands.
    pub enum TaskState {
        /// It waits to be due, or to be retried.
        Waiting = "waiting",
        /// A node has claimed it.
        Running = "running",
        /// It failed for good; an operator may retry it.
        Dead = "dead",
    }
}

/// A task, as operators see it.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Task {
    /// Identifies it.
    pub id: TaskId,
    /// What kind of work.
    pub kind: String,
    /// What is queued once of its kind.
    pub key: String,
    /// What the work needs to know.
    #[sqlx(json)]
    pub payload: Value,
    /// How far it has come, where it commits in chunks.
    #[sqlx(json(nullable))]
    pub progress: Option<Value>,
    /// When it was due.
    pub due_at: OffsetDateTime,
    /// When a node may claim it; of a running task, when its lease ends.
    pub ready_at: Option<OffsetDateTime>,
    /// Claims since it last got anything done.
    pub attempts: i64,
    /// What went wrong the last time.
    pub last_error: Option<String>,
    /// When it was given up.
    pub dead_at: Option<OffsetDateTime>,
    /// When it was queued.
    pub created_at: OffsetDateTime,
    claim: Option<Uuid>,
}

impl Task {
    /// Where it stands.
    pub fn state(&self, at: OffsetDateTime) -> TaskState {
        match (self.dead_at, self.claim) {
            (Some(_), _) => TaskState::Dead,
            // A lease that has ended is nobody's.
            (None, Some(_)) if self.ready_at.is_some_and(|ends_at| ends_at > at) => {
                TaskState::Running
            }
            _ => TaskState::Waiting,
        }
    }
}

/// How many tasks of a kind there are.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct TaskCounts {
    /// What kind of work.
    pub kind: String,
    /// Those that could be claimed now.
    pub due: i64,
    /// Those that were given up.
    pub dead: i64,
    /// Since when the oldest due one could be claimed.
    pub oldest_ready_at: Option<OffsetDateTime>,
}

impl Storage {
    /// Counts tasks by kind.
    pub async fn task_counts(&self, at: OffsetDateTime) -> Result<Vec<TaskCounts>> {
        let counts = fetch_all!(
            &mut self.read().await?,
            TaskCounts,
            "SELECT kind, count(*) FILTER (WHERE ready_at <= $1) AS due, count(dead_at) AS dead, \
             min(ready_at) FILTER (WHERE ready_at <= $1) AS oldest_ready_at FROM tasks GROUP BY kind ORDER BY kind",
            Stamp(at),
        )?;
        Ok(counts)
    }

    /// Tasks in the order in which they were queued; `only_dead` leaves out those that will still be tried.
    pub async fn tasks(&self, only_dead: bool, page: &Page) -> Result<List<Task>> {
        let after: Option<TaskId> = page.cursor()?;
        let tasks = fetch_all!(
            &mut self.read().await?,
            Task,
            "SELECT id, kind, key, payload, progress, due_at, ready_at, attempts, last_error, dead_at, created_at, claim \
             FROM tasks WHERE (dead_at IS NOT NULL OR $1 = FALSE) AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3",
            only_dead,
            after,
            page.fetch(),
        )?;
        Ok(page.list(tasks, |task| Cursor::of(&task.id)))
    }

    /// Makes a dead or waiting task due now, with its attempts counted anew. Answers `false` where it runs just now.
    pub async fn retry_task(&self, id: TaskId, at: OffsetDateTime) -> Result<bool> {
        let mut transaction = self.write().await?;
        let retried = execute!(
            &mut transaction,
            "UPDATE tasks SET claim = NULL, due_at = $2, ready_at = $2, attempts = 0, dead_at = NULL \
             WHERE id = $1 AND (claim IS NULL OR ready_at <= $2)",
            id,
            Stamp(at),
        )?;
        if retried == 0 {
            exists(&mut transaction, id).await?;
        }
        transaction.wake_on_commit(self.task_wakes());
        transaction.commit().await?;
        Ok(retried > 0)
    }

    /// Forgets a task that is dead or waits. Answers `false` where it runs just now.
    pub async fn drop_task(&self, id: TaskId, at: OffsetDateTime) -> Result<bool> {
        let mut transaction = self.write().await?;
        let dropped = execute!(
            &mut transaction,
            "DELETE FROM tasks WHERE id = $1 AND (claim IS NULL OR ready_at <= $2)",
            id,
            Stamp(at),
        )?;
        if dropped == 0 {
            exists(&mut transaction, id).await?;
        }
        transaction.commit().await?;
        Ok(dropped > 0)
    }
}

async fn exists(transaction: &mut crate::database::Transaction, id: TaskId) -> Result<()> {
    #[derive(FromRow)]
    struct Exists {
        #[expect(dead_code, reason = "that there is one is enough")]
        id: TaskId,
    }
    let found = fetch_optional!(
        transaction,
        Exists,
        "SELECT id FROM tasks WHERE id = $1",
        id
    )?;
    let what = Entity::Task;
    found.map(|_| ()).ok_or(Error::NotFound { what })
}
