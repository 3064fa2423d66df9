//! Deleting what is left of deleted projects and environments.
//!
//! One task works off all of them, the oldest first, in chunks that commit by themselves: a node that is killed loses at
//! most one. A deletion makes it due at once; it also looks every hour, so nothing depends on its having been queued.

use peekaboo_storage::DeleteRemains;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::work::{Chunk, DatabaseTask, Step};

/// Rows in one transaction: some tens of milliseconds.
const CHUNK: u32 = 2_000;

/// The work of deleting what is left.
#[derive(Clone, Copy, Debug)]
pub struct Deletion;

/// How far it has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deleted {
    /// Rows deleted since the task became due.
    rows: u64,
}

impl DatabaseTask for Deletion {
    type Payload = DeleteRemains;
    type Progress = Deleted;

    async fn step(
        &self,
        chunk: Chunk<'_, DeleteRemains, Deleted>,
    ) -> Result<Step<Deleted>, Failure> {
        let rows = chunk
            .storage
            .delete_remains(chunk.transaction, CHUNK)
            .await?;
        Ok(if rows == 0 {
            Step::Done
        } else {
            Step::More(Deleted {
                rows: chunk.progress.rows + rows,
            })
        })
    }
}
