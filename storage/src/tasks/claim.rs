//! Claiming work under a lease, holding the lease, and giving it back.

use std::fmt::Write as _;

use serde_json::Value;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::TaskId;
use crate::database::{execute, fetch_all, fetch_optional};
use crate::error::Result;
use crate::stamp::Stamp;
use crate::storage::Storage;

/// Claims in one statement, at most.
const MAX_CLAIMED: usize = 100;

/// The kinds of work that a node can do, in the formats that it can read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaskKinds(String);

impl TaskKinds {
    /// Adds a kind, in every format up to the newest.
    pub fn add(&mut self, kind: &str, newest_format: u32) {
        for format in 1..=newest_format {
            let _ = write!(self.0, "|{kind}:{format}|");
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Work that this node has claimed.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct ClaimedTask {
    /// Stays the same when the task is retried, on whichever node: what an external effect is named by.
    pub id: TaskId,
    /// What kind of work.
    pub kind: String,
    /// The format of the payload.
    pub format: i64,
    /// What the work needs to know.
    #[sqlx(json)]
    pub payload: Value,
    /// How far an earlier claim came.
    #[sqlx(json(nullable))]
    pub progress: Option<Value>,
    /// When it was due at first.
    pub due_at: OffsetDateTime,
    /// Claims since it last got anything done, this one included.
    pub attempts: i64,
    /// Names this claim.
    pub(crate) claim: Uuid,
}

/// The task that may be claimed next.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct NextTask {
    /// What kind of work.
    pub kind: String,
    /// When it may be claimed; in the past where it waits.
    pub ready_at: OffsetDateTime,
}

impl Storage {
    /// The task of these kinds that may be claimed next.
    pub async fn next_task(&self, kinds: &TaskKinds) -> Result<Option<NextTask>> {
        // Tasks of other kinds are rare among those that are due: the first rows of the index answer this.
        let next = fetch_optional!(
            &mut self.read().await?,
            NextTask,
            "SELECT kind, ready_at FROM tasks \
             WHERE ready_at IS NOT NULL AND replace($1, '|' || kind || ':' || format || '|', '') <> $1 \
             ORDER BY ready_at LIMIT 1",
            &kinds.0,
        )?;
        Ok(next)
    }

    /// Claims what has been ready longest. The lease ends at `lease_ends_at`, unless it is renewed.
    pub async fn claim_tasks(
        &self,
        kinds: &TaskKinds,
        limit: usize,
        at: OffsetDateTime,
        lease_ends_at: OffsetDateTime,
    ) -> Result<Vec<ClaimedTask>> {
        let mut transaction = self.write().await?;
        // Of two nodes that select one row, the second waits for the first and then reads the row anew: the outer
        // condition, repeated, makes it skip the row.
        let claimed = fetch_all!(
            &mut transaction,
            ClaimedTask,
            "UPDATE tasks SET claim = $1, ready_at = $2, attempts = attempts + 1 \
             WHERE ready_at <= $3 AND id IN (\
               SELECT id FROM tasks \
               WHERE ready_at <= $3 AND replace($4, '|' || kind || ':' || format || '|', '') <> $4 \
               ORDER BY ready_at, id LIMIT $5) \
             RETURNING id, kind, format, payload, progress, due_at, attempts, claim",
            self.source().uuid(at),
            Stamp(lease_ends_at),
            Stamp(at),
            &kinds.0,
            i64::try_from(limit.min(MAX_CLAIMED)).unwrap_or(i64::MAX),
        )?;
        transaction.commit().await?;
        Ok(claimed)
    }

    /// Puts the lease's end off. Answers whether the claim still held.
    pub async fn renew_task(
        &self,
        task: &ClaimedTask,
        lease_ends_at: OffsetDateTime,
    ) -> Result<bool> {
        let mut transaction = self.write().await?;
        let held = execute!(
            &mut transaction,
            "UPDATE tasks SET ready_at = $3 WHERE id = $1 AND claim = $2",
            task.id,
            task.claim,
            Stamp(lease_ends_at),
        )?;
        transaction.commit().await?;
        Ok(held > 0)
    }

    /// Gives a claim back that did nothing wrong, as when its node stops: any node may claim the task at once, and
    /// this attempt does not count. Answers whether the claim still held.
    pub async fn release_task(&self, task: &ClaimedTask, at: OffsetDateTime) -> Result<bool> {
        let mut transaction = self.write().await?;
        let held = execute!(
            &mut transaction,
            "UPDATE tasks SET claim = NULL, ready_at = $3, attempts = attempts - 1 WHERE id = $1 AND claim = $2 AND attempts > 0",
            task.id,
            task.claim,
            Stamp(at),
        )?;
        transaction.commit().await?;
        Ok(held > 0)
    }

    /// Gives a claim back after a failure, to be tried again. Answers whether the claim still held.
    pub async fn retry_task_at(
        &self,
        task: &ClaimedTask,
        error: &str,
        retry_at: OffsetDateTime,
    ) -> Result<bool> {
        let mut transaction = self.write().await?;
        let held = execute!(
            &mut transaction,
            "UPDATE tasks SET claim = NULL, ready_at = $3, last_error = $4 WHERE id = $1 AND claim = $2",
            task.id,
            task.claim,
            Stamp(retry_at),
            storable(error),
        )?;
        transaction.commit().await?;
        Ok(held > 0)
    }

    /// Gives a task up: nobody tries it again until an operator says so. Answers whether the claim still held.
    pub async fn bury_task(
        &self,
        task: &ClaimedTask,
        error: &str,
        at: OffsetDateTime,
    ) -> Result<bool> {
        let mut transaction = self.write().await?;
        let held = execute!(
            &mut transaction,
            "UPDATE tasks SET claim = NULL, ready_at = NULL, again_at = NULL, last_error = $4, dead_at = $3 \
             WHERE id = $1 AND claim = $2",
            task.id,
            task.claim,
            Stamp(at),
            storable(error),
        )?;
        transaction.commit().await?;
        Ok(held > 0)
    }
}

/// An error's text as it is kept: bounded, and without what Postgres cannot hold.
fn storable(error: &str) -> String {
    /// In characters.
    const LONGEST: usize = 1_000;
    error
        .chars()
        .filter(|char| *char != '\0')
        .take(LONGEST)
        .collect()
}
