//! Looks at every version once a second, tells what moved, and keeps the log short.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use sqlx::FromRow;
use tokio::time::MissedTickBehavior;

use super::hint::Hint;
use super::shared::Shared;
use crate::database::{Database, Transaction, execute, fetch_all};
use crate::error::Result;
use crate::options::Options;
use crate::{EnvironmentId, OrganizationId};

/// How many rows are written to see whether there is room again.
const TRIAL_ROWS: usize = 8;

/// How long each is: too long for one page of an index to hold several, short enough for every index to take.
const TRIAL_BYTES: usize = 2 * 1024;

#[derive(FromRow)]
struct EnvironmentRow {
    id: EnvironmentId,
    organization: OrganizationId,
    epoch: String,
    version: i64,
}

#[derive(FromRow)]
struct OrganizationRow {
    id: OrganizationId,
    revision: i64,
}

pub(super) async fn run(
    database: Database,
    shared: Arc<Shared>,
    options: Options,
    every: Duration,
) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut poll = Poll {
        database,
        options,
        first: true,
        trimmed: HashMap::new(),
    };
    loop {
        ticks.tick().await;
        let looked = poll.look(&shared).await;
        let refused = poll.refuses_writes().await;
        let stale = looked.is_err() || refused;
        let changed = shared
            .stale
            .send_if_modified(|was| std::mem::replace(was, stale) != stale);
        match looked {
            Ok(()) if changed && refused => {
                tracing::error!("the database refuses writes; serving what is held");
            }
            Ok(()) if changed => tracing::info!("the database answers again"),
            Err(error) if changed => {
                tracing::error!(%error, "the database does not answer; serving what is held");
            }
            _ => {}
        }
    }
}

struct Poll {
    database: Database,
    options: Options,
    first: bool,
    /// Up to which version each environment's log was last trimmed.
    trimmed: HashMap<EnvironmentId, i64>,
}

impl Poll {
    async fn look(&mut self, shared: &Shared) -> Result<()> {
        let mut transaction = self.database.try_read().await?;
        let environments = fetch_all!(
            &mut transaction,
            EnvironmentRow,
            "SELECT id, organization, epoch, version FROM environments WHERE deleted_at IS NULL"
        )?;
        let organizations = fetch_all!(
            &mut transaction,
            OrganizationRow,
            "SELECT id, revision FROM organizations"
        )?;
        drop(transaction);
        self.tell(shared, &environments, &organizations);
        if let Err(error) = self.trim(&environments).await {
            tracing::debug!(%error, "the change log was not trimmed; the next look tries again");
        }
        Ok(())
    }

    /// Whether the last write was refused for want of room or of permission, and a small one would be too.
    async fn refuses_writes(&self) -> bool {
        if self.database.availability.refusal().borrow().is_none() {
            return false;
        }
        if let Err(error) = self.try_write().await {
            tracing::debug!(%error, "the database still refuses writes");
        }
        self.database.availability.refusal().borrow().is_some()
    }

    /// Writes more pages than a usual change does, and removes them in the same transaction.
    async fn try_write(&self) -> Result<()> {
        let mut transaction = self.database.write().await?;
        for number in 0..TRIAL_ROWS {
            let id = format!("{number}{}", "-".repeat(TRIAL_BYTES));
            execute!(
                &mut transaction,
                "INSERT INTO event_batches (environment, id, received_at) \
                 SELECT id, $1, created_at FROM environments ORDER BY id LIMIT 1",
                id.as_str(),
            )?;
        }
        for number in 0..TRIAL_ROWS {
            let id = format!("{number}{}", "-".repeat(TRIAL_BYTES));
            execute!(
                &mut transaction,
                "DELETE FROM event_batches \
                 WHERE environment = (SELECT id FROM environments ORDER BY id LIMIT 1) AND id = $1",
                id.as_str(),
            )?;
        }
        transaction.commit().await?;
        Ok(())
    }

    fn tell(
        &mut self,
        shared: &Shared,
        environments: &[EnvironmentRow],
        organizations: &[OrganizationRow],
    ) {
        let hints: Vec<Hint> = environments
            .iter()
            .map(EnvironmentRow::hint)
            .chain(organizations.iter().map(OrganizationRow::hint))
            .collect();
        {
            let mut known = shared.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.retain(
                &environments
                    .iter()
                    .map(|row| row.id)
                    .collect::<HashSet<_>>(),
                &organizations
                    .iter()
                    .map(|row| row.id)
                    .collect::<HashSet<_>>(),
            );
            if self.first {
                // One hint in place of one for every tenant there is.
                for hint in &hints {
                    known.note(hint);
                }
            }
        }
        if std::mem::take(&mut self.first) {
            shared.tell(Hint::Everything);
        }
        for hint in hints {
            shared.tell(hint);
        }
    }

    /// Cuts the log of one environment whose end has moved on by a tenth of what is kept; the rest wait for the next
    /// look, so that trimming never holds up writers for long.
    async fn trim(&mut self, environments: &[EnvironmentRow]) -> Result<()> {
        let keep = self.options.log_retention;
        let slack = (keep / 10).max(1);
        let due = environments.iter().find(|row| {
            let trimmed = self.trimmed.get(&row.id).copied().unwrap_or(0);
            row.version - keep >= trimmed + slack
        });
        let Some(row) = due else { return Ok(()) };
        let below = row.version - keep;
        let mut transaction = self.database.write().await?;
        trim(&mut transaction, row.id, below).await?;
        transaction.commit().await?;
        self.trimmed.insert(row.id, below);
        Ok(())
    }
}

/// Deletes an environment's log entries up to a version.
pub(crate) async fn trim(
    transaction: &mut Transaction,
    environment: EnvironmentId,
    through: i64,
) -> Result<u64> {
    let deleted = execute!(
        transaction,
        "DELETE FROM change_log WHERE environment = $1 AND version <= $2",
        environment,
        through,
    )?;
    Ok(deleted)
}

impl EnvironmentRow {
    fn hint(&self) -> Hint {
        Hint::Environment {
            organization: self.organization,
            environment: self.id,
            epoch: self.epoch.clone(),
            version: self.version,
        }
    }
}

impl OrganizationRow {
    fn hint(&self) -> Hint {
        Hint::Organization {
            organization: self.id,
            revision: self.revision,
        }
    }
}
