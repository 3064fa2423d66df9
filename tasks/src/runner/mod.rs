//! Works off what is due: looks, claims, runs, and looks again when something was queued or freed.
//!
//! At rest it costs one indexed read each [`RunnerConfig::poll`]. What this node queues wakes it at once; what becomes
//! due between two looks is known from the last one.

mod supervise;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::{ClaimedTask, Storage};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use self::supervise::Supervised;
use crate::config::RunnerConfig;
use crate::lane::Lane;
use crate::metrics::Metrics;
use crate::registry::Registry;
use crate::run::Run;

/// How often the gauges of what waits are read from the database.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// A node's runner. Dropped without [`Runner::stop`] it ends as a crash would: what it had claimed waits for its leases.
pub struct Runner {
    stopping: CancellationToken,
    task: AbortOnDropHandle<()>,
}

impl Runner {
    /// Starts working off what is due. The storage has one runner at a time.
    pub fn start(storage: Storage, registry: Registry, config: RunnerConfig) -> Self {
        let stopping = CancellationToken::new();
        let worker = Worker {
            metrics: Metrics::new(registry.kinds()),
            storage,
            registry,
            config,
            room: Lane::ALL.map(|lane| Arc::new(Semaphore::new(config.lane(lane).at_once.max(1)))),
            running: JoinSet::new(),
            stopping: stopping.clone(),
            given_back: CancellationToken::new(),
        };
        Self {
            task: AbortOnDropHandle::new(tokio::spawn(worker.work())),
            stopping,
        }
    }

    /// Claims nothing more from now on; work in chunks ends with its chunk.
    pub fn begin_stop(&self) {
        self.stopping.cancel();
    }

    /// Lets running work end within [`RunnerConfig::stop_within`] and gives back the rest, for other nodes to do.
    pub async fn stop(self) {
        self.begin_stop();
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the task runner failed");
        }
    }
}

struct Worker {
    storage: Storage,
    registry: Registry,
    config: RunnerConfig,
    metrics: Metrics,
    /// A permit for each task that may run next to the others of its lane.
    room: [Arc<Semaphore>; Lane::ALL.len()],
    running: JoinSet<()>,
    stopping: CancellationToken,
    /// Canceled when running work has had its time to end.
    given_back: CancellationToken,
}

impl Worker {
    async fn work(mut self) {
        let stopping = self.stopping.clone();
        let counting = count(self.storage.clone(), self.metrics.clone(), self.config);
        let mut counting = pin!(counting);
        if stopping
            .run_until_cancelled(self.ensure_recurring())
            .await
            .is_some()
        {
            let mut working = true;
            while working {
                let pause = self.look().await;
                tokio::select! {
                    () = stopping.cancelled() => working = false,
                    () = self.storage.task_queued() => {}
                    Some(_) = self.running.join_next(), if !self.running.is_empty() => {}
                    () = sleep(pause) => {}
                    () = &mut counting => {}
                }
            }
        }
        self.finish().await;
    }

    /// Queues work that recurs, as soon as the database answers.
    async fn ensure_recurring(&self) {
        for recurring in self.registry.recurring() {
            while let Err(error) = recurring.ensure(&self.storage, self.config.now()).await {
                tracing::debug!(%error, "cannot queue recurring tasks yet");
                sleep(self.config.poll).await;
            }
        }
    }

    /// Claims and starts due tasks, as far as there is room. Returns how long until the next one can be due.
    async fn look(&mut self) -> Duration {
        match self.claim_due().await {
            Ok(pause) => {
                self.metrics.reached();
                pause.min(self.config.poll)
            }
            Err(error) => {
                self.metrics.unreached(&error);
                self.config.poll
            }
        }
    }

    async fn claim_due(&mut self) -> peekaboo_storage::Result<Duration> {
        loop {
            let kinds = self.registry.kinds_of(|lane| self.free(lane) > 0);
            if kinds.is_empty() || self.stopping.is_cancelled() {
                // The end of any running task is waited for.
                return Ok(Duration::MAX);
            }
            let Some(next) = self.storage.next_task(&kinds).await? else {
                return Ok(Duration::MAX);
            };
            let now = self.config.now();
            if next.ready_at > now {
                return Ok((next.ready_at - now).unsigned_abs());
            }
            let Some(lane) = self.registry.get(&next.kind).map(|entry| entry.lane) else {
                return Ok(Duration::MAX);
            };
            let kinds = self.registry.kinds_of(|other| other == lane);
            let lease_ends_at = now + self.config.lease;
            let claimed = self
                .storage
                .claim_tasks(&kinds, self.free(lane), now, lease_ends_at)
                .await?;
            for task in claimed {
                self.start(task);
            }
        }
    }

    fn free(&self, lane: Lane) -> usize {
        self.room[lane as usize].available_permits()
    }

    fn start(&mut self, task: ClaimedTask) {
        let Some(entry) = self.registry.get(&task.kind).cloned() else {
            return;
        };
        let Ok(permit) = Arc::clone(&self.room[entry.lane as usize]).try_acquire_owned() else {
            return;
        };
        let supervised = Supervised {
            run: Run {
                storage: self.storage.clone(),
                config: self.config,
                task,
                stopping: self.stopping.clone(),
            },
            entry,
            given_back: self.given_back.clone(),
        };
        self.running.spawn(async move {
            supervised.supervise().await;
            drop(permit);
        });
    }

    async fn finish(mut self) {
        let ended = async { while self.running.join_next().await.is_some() {} };
        if timeout(self.config.stop_within, ended).await.is_err() {
            self.given_back.cancel();
            while self.running.join_next().await.is_some() {}
        }
    }
}

/// Reads the gauges of what waits, for as long as it is polled.
async fn count(storage: Storage, metrics: Metrics, config: RunnerConfig) {
    let mut ticks = interval(COUNT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let now = config.now();
        match storage.task_counts(now).await {
            Ok(counts) => metrics.counted(&counts, now),
            Err(error) => tracing::debug!(%error, "cannot count tasks"),
        }
    }
}
