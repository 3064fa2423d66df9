//! Holds a claimed task's lease while its work goes on, and retries, buries or gives back the task after it.

use std::sync::Arc;
use std::time::Instant;

use tokio::task::JoinError;
use tokio::time::{MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::failure::Failure;
use crate::metrics::{Metrics, Outcome};
use crate::registry::Entry;
use crate::run::{Ended, Run};

/// How a claim is renewed: this often within a lease.
const RENEWALS: u32 = 3;

/// A claimed task under supervision.
pub(super) struct Supervised {
    pub(super) run: Run,
    pub(super) entry: Entry,
    /// Canceled when running work has had its time to end.
    pub(super) given_back: CancellationToken,
}

impl Supervised {
    /// Does the work in a task of its own, so that a panic ends only that, and holds the lease meanwhile.
    pub(super) async fn supervise(self) {
        let kind = self.entry.kind;
        let _running = Metrics::running(kind);
        let began = Instant::now();
        let outcome = self.outcome().await;
        if outcome == Outcome::Done {
            let delay = self.run.config.now() - self.run.task.due_at;
            Metrics::done_after(kind, delay);
        }
        Metrics::ended(kind, outcome, began.elapsed());
    }

    async fn outcome(&self) -> Outcome {
        let Run {
            storage,
            config,
            task,
            ..
        } = &self.run;
        let kind = self.entry.kind;
        let backoff = config.lane(self.entry.lane).backoff;
        let attempt = u32::try_from(task.attempts).unwrap_or(u32::MAX);
        if backoff.is_exhausted(attempt) {
            return self
                .bury("every node that ran it stopped without reporting a result")
                .await;
        }
        let work = {
            let (run, handler) = (self.run.clone(), Arc::clone(&self.entry.handler));
            tokio::spawn(async move { handler.run(&run).await })
        };
        let failure = match self.hold(AbortOnDropHandle::new(work)).await {
            Ok(Ok(Ended::Done)) => return Outcome::Done,
            Ok(Ok(Ended::Lost)) => {
                tracing::warn!(kind, task = %task.id, "lost the lease of a task");
                return Outcome::Lost;
            }
            Ok(Ok(Ended::Interrupted)) => {
                let released = storage.release_task(task, config.now()).await;
                return self.written(released, Outcome::Interrupted);
            }
            Ok(Err(failure)) => failure,
            Err(panic) => Failure::Temporary(panic.into()),
        };
        match (failure, backoff.wait(attempt, rand::random())) {
            (Failure::Temporary(error), Some(wait)) => {
                tracing::warn!(kind, task = %task.id, attempt, %error, retry_in_ms = wait.as_millis(),
                    "a task failed; retrying");
                let retry_at = config.now() + wait;
                let retried = storage
                    .retry_task_at(task, &error.to_string(), retry_at)
                    .await;
                self.written(retried, Outcome::Retried)
            }
            (Failure::Temporary(error) | Failure::Permanent(error), _) => {
                self.bury(&error.to_string()).await
            }
        }
    }

    /// Waits for the work, renewing its lease, until it ends, is lost, or must be given back.
    async fn hold(
        &self,
        mut work: AbortOnDropHandle<Result<Ended, Failure>>,
    ) -> Result<Result<Ended, Failure>, JoinError> {
        let Run {
            storage,
            config,
            task,
            ..
        } = &self.run;
        let every = config.lease / RENEWALS;
        let mut renewal = interval_at(tokio::time::Instant::now() + every, every);
        renewal.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                ended = &mut work => return ended,
                () = self.given_back.cancelled() => {
                    work.abort();
                    // What it had begun on the database is undone before another node may go on.
                    return match work.await {
                        Err(error) if error.is_cancelled() => Ok(Ok(Ended::Interrupted)),
                        ended => ended,
                    };
                }
                _ = renewal.tick() => {
                    match storage.renew_task(task, config.lease_end()).await {
                        Ok(true) => {}
                        // Perhaps because the work has just ended.
                        Ok(false) if work.is_finished() => {}
                        Ok(false) => return Ok(Ok(Ended::Lost)),
                        Err(error) => tracing::debug!(%error, "cannot renew a lease"),
                    }
                }
            }
        }
    }

    async fn bury(&self, error: &str) -> Outcome {
        let Run {
            storage,
            config,
            task,
            ..
        } = &self.run;
        tracing::error!(kind = self.entry.kind, task = %task.id, error,
            "a task failed for good; use `peekaboo tasks` to inspect or retry it");
        let buried = storage.bury_task(task, error, config.now()).await;
        self.written(buried, Outcome::Dead)
    }

    /// The outcome, if it could be written. Otherwise the task is claimed again when its lease ends.
    fn written(&self, held: peekaboo_storage::Result<bool>, outcome: Outcome) -> Outcome {
        match held {
            Ok(true) => outcome,
            Ok(false) => Outcome::Lost,
            Err(error) => {
                tracing::warn!(%error, kind = self.entry.kind, task = %self.run.task.id,
                    "cannot record a task's result; the task runs again when its lease ends");
                Outcome::Lost
            }
        }
    }
}
