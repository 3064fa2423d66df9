//! Work for tests: each chunk of a job leaves an effect, and effects can be counted.

use std::time::Duration;

use peekaboo_storage::{Storage, TaskPayload};
use peekaboo_tasks::{Chunk, DatabaseTask, Failure, Step};
use serde::{Deserialize, Serialize};

use crate::harness::tasks;

/// Work in chunks.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) number: u32,
    /// How many chunks it has; 0 is 1.
    pub(crate) chunks: u32,
    /// What goes wrong with its last chunk.
    pub(crate) mishap: Option<Mishap>,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Mishap {
    Fails,
    FailsForGood,
    Panics,
}

impl Job {
    pub(crate) fn new(number: u32) -> Self {
        Self {
            number,
            ..Self::default()
        }
    }
}

impl TaskPayload for Job {
    const KIND: &'static str = "job";

    fn key(&self) -> Option<String> {
        Some(self.number.to_string())
    }
}

/// What a chunk leaves behind. No one does this kind of work.
#[derive(Serialize, Deserialize)]
struct Effect {
    job: u32,
    chunk: u32,
}

impl TaskPayload for Effect {
    const KIND: &'static str = "effect";
}

/// Does jobs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Jobs {
    /// How long each chunk takes after it had its effect and before it commits.
    pub(crate) takes: Duration,
}

impl DatabaseTask for Jobs {
    type Payload = Job;
    type Progress = u32;

    async fn step(&self, chunk: Chunk<'_, Job, u32>) -> Result<Step<u32>, Failure> {
        let (job, done) = (chunk.payload, chunk.progress);
        let effect = Effect {
            job: job.number,
            chunk: done,
        };
        chunk
            .storage
            .enqueue_task(chunk.transaction, &effect, chunk.at, chunk.at)
            .await?;
        tokio::time::sleep(self.takes).await;
        if done + 1 < job.chunks {
            return Ok(Step::More(done + 1));
        }
        match job.mishap {
            None => Ok(Step::Done),
            Some(Mishap::Fails) => Err(Failure::Temporary("no luck".into())),
            Some(Mishap::FailsForGood) => Err(Failure::Permanent("no use".into())),
            Some(Mishap::Panics) => panic!("no idea"),
        }
    }
}

/// The number and the chunk of each effect, each as often as it took place.
pub(crate) async fn effects(storage: &Storage) -> Vec<(u64, u64)> {
    let tasks = tasks(storage).await;
    let of =
        |task: &peekaboo_storage::Task, name: &str| task.payload[name].as_u64().expect("a number");
    let mut effects: Vec<_> = tasks
        .iter()
        .filter(|task| task.kind == Effect::KIND)
        .map(|task| (of(task, "job"), of(task, "chunk")))
        .collect();
    effects.sort_unstable();
    effects
}
