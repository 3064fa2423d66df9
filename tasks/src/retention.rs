//! Forgetting what is old: usage, sessions, answers to repeated requests, dead tasks, audit entries.
//!
//! Each is a task of its own, so that one that fails keeps no other from being done, and each goes in chunks: after a
//! retention was cut, or days were missed, there may be millions of rows.

use std::time::Duration;

use peekaboo_storage::{BATCH_MEMORY, TaskPayload, UsageTable};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::work::{Chunk, DatabaseTask, Step};

/// Rows in one transaction: some tens of milliseconds.
const CHUNK: u32 = 2_000;

/// How long a dead task can be looked at and retried.
const DEAD_TASKS: Duration = Duration::from_hours(24 * 30);

/// How long an invitation that has expired is listed, to be sent again.
const EXPIRED_INVITATIONS: Duration = Duration::from_hours(24 * 30);

/// How long reported usage is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Of counts by the hour.
    pub counts: Duration,
    /// Of exposures and custom events.
    pub events: Duration,
    /// Of entries of the audit log; none keeps them all.
    pub audit: Option<Duration>,
}

/// What becomes old.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Old {
    /// Usage.
    Usage(UsageTable),
    /// Sessions that have expired.
    Sessions,
    /// Answers to requests with an `Idempotency-Key`.
    Requests,
    /// Tasks that were given up.
    DeadTasks,
    /// Entries of the audit log.
    Audit,
    /// Invitations that no one accepted in time.
    Invitations,
    /// Links that change an account.
    AccountLinks,
}

impl Old {
    /// All of it.
    pub fn all() -> impl Iterator<Item = Self> {
        let usage = UsageTable::ALL.iter().map(|table| Self::Usage(*table));
        usage.chain([
            Self::Sessions,
            Self::Requests,
            Self::DeadTasks,
            Self::Audit,
            Self::Invitations,
            Self::AccountLinks,
        ])
    }
}

/// The work of forgetting one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Forget {
    /// What to forget.
    pub old: Old,
}

impl TaskPayload for Forget {
    const KIND: &'static str = "retention";

    fn key(&self) -> Option<String> {
        Some(match self.old {
            Old::Usage(table) => format!("usage.{table}"),
            Old::Sessions => "sessions".to_owned(),
            Old::Requests => "requests".to_owned(),
            Old::DeadTasks => "deadTasks".to_owned(),
            Old::Audit => "audit".to_owned(),
            Old::Invitations => "invitations".to_owned(),
            Old::AccountLinks => "accountLinks".to_owned(),
        })
    }
}

impl DatabaseTask for Retention {
    type Payload = Forget;
    type Progress = ();

    async fn step(&self, chunk: Chunk<'_, Forget, ()>) -> Result<Step<()>, Failure> {
        let Chunk {
            storage,
            transaction,
            at,
            ..
        } = chunk;
        let forgotten = match chunk.payload.old {
            Old::Usage(table) => {
                let before = match table {
                    UsageTable::Batches => at - BATCH_MEMORY,
                    UsageTable::Counts | UsageTable::DailyCounts | UsageTable::EventCounts => {
                        at - self.counts
                    }
                    UsageTable::Exposures
                    | UsageTable::Events
                    | UsageTable::DailyExposures
                    | UsageTable::DailyImpact => at - self.events,
                };
                storage
                    .forget_usage(transaction, table, before, CHUNK)
                    .await
            }
            Old::Sessions => storage.forget_sessions(transaction, at, CHUNK).await,
            Old::Requests => storage.forget_requests(transaction, at, CHUNK).await,
            Old::DeadTasks => {
                let before = at - DEAD_TASKS;
                storage.forget_dead_tasks(transaction, before, CHUNK).await
            }
            Old::Audit => match self.audit {
                Some(kept) => storage.forget_audit(transaction, at - kept, CHUNK).await,
                None => Ok(0),
            },
            Old::Invitations => {
                let before = at - EXPIRED_INVITATIONS;
                storage.forget_invitations(transaction, before, CHUNK).await
            }
            Old::AccountLinks => storage.forget_account_links(transaction, at, CHUNK).await,
        }?;
        Ok(if forgotten >= u64::from(CHUNK) {
            Step::More(())
        } else {
            Step::Done
        })
    }
}
