//! One claimed task, as the code that does its work sees it.

use peekaboo_storage::{ClaimedTask, Storage};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::config::RunnerConfig;

/// A claimed task on its way.
#[derive(Clone)]
pub(crate) struct Run {
    pub(crate) storage: Storage,
    pub(crate) config: RunnerConfig,
    pub(crate) task: ClaimedTask,
    /// Canceled when the node stops: work in chunks ends with its chunk.
    pub(crate) stopping: CancellationToken,
}

/// How work ended that did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It took effect, and the task is done.
    Done,
    /// The lease ran out and another node has the task. What this one did on the database is undone.
    Lost,
    /// The node stops. What was committed stays, and any node goes on from there.
    Interrupted,
}

impl Run {
    /// Notes that external work is done. Its effect cannot be undone, so this goes on until the database answers.
    pub(crate) async fn note_done(&self) -> Ended {
        loop {
            let noted = async { self.storage.begin_task(&self.task).await?.finish().await };
            match noted.await {
                Ok(true) => return Ended::Done,
                Ok(false) => return Ended::Lost,
                Err(error) => {
                    tracing::warn!(%error, kind = self.task.kind, task = %self.task.id,
                        "cannot record that a task is done; retrying");
                    sleep(self.config.poll).await;
                }
            }
        }
    }
}
