//! A node that does nothing but background work, in a process of its own that can be killed.

use std::time::Duration;

use anyhow::Context as _;
use peekaboo_storage::{Options, Storage, Task, TaskPayload};
use peekaboo_tasks::{Chunk, DatabaseTask, Failure, Registry, Runner, RunnerConfig, Step};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::time::sleep;

pub(crate) const NAME: &str = "tasks-node";

/// Names the database to a node.
pub(super) const DATABASE: &str = "PEEKABOO_BENCH_DATABASE";

/// How long an item takes, within its transaction: long enough for a kill to hit some.
const TAKES: Duration = Duration::from_millis(20);

/// Work that becomes due.
#[derive(Serialize, Deserialize)]
pub(super) struct Item {
    pub(super) number: u32,
}

impl TaskPayload for Item {
    const KIND: &'static str = "bench.item";

    fn key(&self) -> Option<String> {
        Some(self.number.to_string())
    }
}

impl Item {
    pub(super) fn of(task: &Task) -> Option<Self> {
        let payload = (task.kind == Self::KIND).then(|| task.payload.clone())?;
        serde_json::from_value(payload).ok()
    }
}

/// What an item leaves in the database. It is of a kind that no node does.
#[derive(Serialize, Deserialize)]
pub(super) struct Effect {
    pub(super) number: u32,
    #[serde(with = "time::serde::rfc3339")]
    pub(super) at: OffsetDateTime,
}

impl TaskPayload for Effect {
    const KIND: &'static str = "bench.effect";
}

impl Effect {
    pub(super) fn of(task: &Task) -> Option<Self> {
        let payload = (task.kind == Self::KIND).then(|| task.payload.clone())?;
        serde_json::from_value(payload).ok()
    }
}

struct Items;

impl DatabaseTask for Items {
    type Payload = Item;
    type Progress = ();

    async fn step(&self, chunk: Chunk<'_, Item, ()>) -> Result<Step<()>, Failure> {
        sleep(TAKES).await;
        // Right before the commit.
        let at = OffsetDateTime::now_utc();
        let effect = Effect {
            number: chunk.payload.number,
            at,
        };
        chunk
            .storage
            .enqueue_task(chunk.transaction, &effect, at, at)
            .await?;
        Ok(Step::Done)
    }
}

/// Opens a node's database.
pub(super) async fn open(address: &str) -> anyhow::Result<Storage> {
    Ok(Storage::start(Options::new(address.parse()?)).await?)
}

/// Does items until it is killed, with the runner's own settings.
pub(crate) async fn run() -> anyhow::Result<()> {
    let address = std::env::var(DATABASE).context("started by the scenario")?;
    let storage = open(&address).await?;
    let registry = Registry::new().database(Items);
    let _runner = Runner::start(storage, registry, RunnerConfig::default());
    std::future::pending().await
}
