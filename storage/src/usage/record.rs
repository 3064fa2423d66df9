//! Recording batches: all or none, each once, in one transaction of a few statements, however many rows there are.

use std::collections::HashSet;

use sqlx::FromRow;

use super::batch::UsageBatch;
use super::counts::Counts;
use super::{events, exposures, impact};
use crate::EnvironmentId;
use crate::database::Transaction;
use crate::error::Result;
use crate::rows::Rows;
use crate::storage::Storage;

impl Storage {
    /// Counts batches, all or none. Answers of each whether it was new; one that was counted before, and one of an
    /// environment that is gone, adds nothing.
    pub async fn record_usage(&self, batches: &[UsageBatch]) -> Result<Vec<bool>> {
        let mut transaction = self.write().await?;
        let new = remember(&mut transaction, batches).await?;
        let counted = batches.iter().zip(&new).filter(|(_, new)| **new);
        let counted: Vec<_> = counted.map(|(batch, _)| batch).collect();
        Counts::of(&counted).write(&mut transaction).await?;
        let (exposures, events) = (exposures::of(&counted), events::of(&counted));
        impact::take_turn(&mut transaction, &exposures, &events).await?;
        let exposed = exposures::write(&mut transaction, &exposures).await?;
        impact::add_up(&mut transaction, &exposed, &events).await?;
        events::write(&mut transaction, &events).await?;
        transaction.commit().await?;
        Ok(new)
    }
}

#[derive(FromRow, PartialEq, Eq, Hash)]
struct BatchKey {
    environment: EnvironmentId,
    id: String,
}

/// Of each batch, whether it is new and its environment is still there. Of several with one name the first is new.
async fn remember(transaction: &mut Transaction, batches: &[UsageBatch]) -> Result<Vec<bool>> {
    let remembered: Vec<BatchKey> = Rows::of(batches)
        .id("environment", |batch| batch.environment.as_uuid())
        .text("id", |batch| &batch.id)
        .time("received_at", |batch| batch.at)
        .fetch_all(
            transaction,
            // Sorted, so that two writers of the same batches do not wait for each other.
            "INSERT INTO event_batches (environment, id, received_at) \
             SELECT given.environment, given.id, given.received_at \
             FROM given JOIN environments ON environments.id = given.environment WHERE environments.deleted_at IS NULL \
             ORDER BY given.environment, given.id \
             ON CONFLICT DO NOTHING RETURNING environment, id",
        )
        .await?;
    let mut remembered: HashSet<_> = remembered.into_iter().collect();
    let new = batches.iter().map(|batch| {
        remembered.remove(&BatchKey {
            environment: batch.environment,
            id: batch.id.clone(),
        })
    });
    Ok(new.collect())
}
