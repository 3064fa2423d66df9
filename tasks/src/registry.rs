//! The kinds of work that a node does.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::{Storage, TaskKinds, TaskPayload};
use serde::de::DeserializeOwned;
use serde_json::Value;
use time::OffsetDateTime;

use crate::failure::Failure;
use crate::lane::Lane;
use crate::run::{Ended, Run};
use crate::work::{Chunk, DatabaseTask, ExternalTask, Step};

/// The kinds of work that a node does, each once.
#[derive(Default)]
pub struct Registry {
    entries: BTreeMap<&'static str, Entry>,
    recurring: Vec<Arc<dyn Recurring>>,
}

/// A kind of work.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) kind: &'static str,
    format: u32,
    pub(crate) lane: Lane,
    pub(crate) handler: Arc<dyn Handler>,
}

/// A boxed future, because handlers of all kinds stand in one table.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Work of any kind, with its types erased.
pub(crate) trait Handler: Send + Sync {
    fn run<'a>(&'a self, run: &'a Run) -> Boxed<'a, Result<Ended, Failure>>;
}

/// Work that is always queued.
pub(crate) trait Recurring: Send + Sync {
    /// Queues it, unless it is.
    fn ensure<'a>(
        &'a self,
        storage: &'a Storage,
        at: OffsetDateTime,
    ) -> Boxed<'a, peekaboo_storage::Result<()>>;
}

impl Registry {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds work on the database that someone waits for.
    #[must_use]
    pub fn database<T: DatabaseTask>(mut self, task: T) -> Self {
        let handler = InDatabase { task, every: None };
        self.add::<T::Payload>(Lane::Prompt, handler);
        self
    }

    /// Adds work on the database that recurs and that no one waits for: for each payload, which needs a key, first due
    /// after `every` and then again `every` after it was done.
    #[must_use]
    pub fn maintenance<T: DatabaseTask>(
        mut self,
        task: T,
        payloads: impl IntoIterator<Item = T::Payload>,
        every: Duration,
    ) -> Self {
        let every = Some(every);
        self.add::<T::Payload>(Lane::Maintenance, InDatabase { task, every });
        for payload in payloads {
            self.recurring.push(Arc::new(Queued { payload, every }));
        }
        self
    }

    /// Adds work elsewhere.
    #[must_use]
    pub fn external<T: ExternalTask>(mut self, task: T) -> Self {
        self.add::<T::Payload>(Lane::External, Elsewhere(task));
        self
    }

    fn add<P: TaskPayload>(&mut self, lane: Lane, handler: impl Handler + 'static) {
        let entry = Entry {
            kind: P::KIND,
            format: P::FORMAT,
            lane,
            handler: Arc::new(handler),
        };
        let former = self.entries.insert(P::KIND, entry);
        assert!(former.is_none(), "`{}` is added twice", P::KIND);
    }

    pub(crate) fn get(&self, kind: &str) -> Option<&Entry> {
        self.entries.get(kind)
    }

    pub(crate) fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.entries.keys().copied()
    }

    pub(crate) fn recurring(&self) -> &[Arc<dyn Recurring>] {
        &self.recurring
    }

    /// What storage is asked for: the kinds of some lanes.
    pub(crate) fn kinds_of(&self, lanes: impl Fn(Lane) -> bool) -> TaskKinds {
        let mut kinds = TaskKinds::default();
        for entry in self.entries.values().filter(|entry| lanes(entry.lane)) {
            kinds.add(entry.kind, entry.format);
        }
        kinds
    }
}

struct InDatabase<T> {
    task: T,
    every: Option<Duration>,
}

impl<T: DatabaseTask> Handler for InDatabase<T> {
    fn run<'a>(&'a self, run: &'a Run) -> Boxed<'a, Result<Ended, Failure>> {
        Box::pin(self.chunks(run))
    }
}

impl<T: DatabaseTask> InDatabase<T> {
    async fn chunks(&self, run: &Run) -> Result<Ended, Failure> {
        let payload: T::Payload = read("payload", &run.task.payload)?;
        let mut progress = run.task.progress.clone();
        loop {
            let mut step = run.storage.begin_task(&run.task).await?;
            let chunk = Chunk {
                storage: &run.storage,
                transaction: step.transaction(),
                payload: &payload,
                progress: match &progress {
                    Some(value) => read("progress", value)?,
                    None => T::Progress::default(),
                },
                at: run.config.now(),
            };
            let held = match self.task.step(chunk).await? {
                Step::More(next) => {
                    let next = serde_json::to_value(next)
                        .map_err(|error| Failure::Permanent(error.into()))?;
                    if !step.advance(&next, run.config.lease_end()).await? {
                        return Ok(Ended::Lost);
                    }
                    if run.stopping.is_cancelled() {
                        return Ok(Ended::Interrupted);
                    }
                    progress = Some(next);
                    continue;
                }
                Step::Again(due_at) => step.repeat(due_at).await?,
                Step::Done => match self.every {
                    Some(every) => step.repeat(run.config.now() + every).await?,
                    None => step.finish().await?,
                },
            };
            return Ok(if held { Ended::Done } else { Ended::Lost });
        }
    }
}

struct Elsewhere<T>(T);

impl<T: ExternalTask> Handler for Elsewhere<T> {
    fn run<'a>(&'a self, run: &'a Run) -> Boxed<'a, Result<Ended, Failure>> {
        Box::pin(async move {
            let payload: T::Payload = read("payload", &run.task.payload)?;
            self.0.perform(run.task.id, &payload).await?;
            Ok(run.note_done().await)
        })
    }
}

fn read<V: DeserializeOwned>(what: &str, value: &Value) -> Result<V, Failure> {
    V::deserialize(value)
        .map_err(|error| Failure::Permanent(format!("cannot read the {what}: {error}").into()))
}

struct Queued<P> {
    payload: P,
    every: Option<Duration>,
}

impl<P: TaskPayload> Recurring for Queued<P> {
    fn ensure<'a>(
        &'a self,
        storage: &'a Storage,
        at: OffsetDateTime,
    ) -> Boxed<'a, peekaboo_storage::Result<()>> {
        Box::pin(async move {
            let due_at = at + self.every.unwrap_or_default();
            storage.queue_task(&self.payload, due_at, at).await?;
            Ok(())
        })
    }
}
