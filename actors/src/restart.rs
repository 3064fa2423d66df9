//! Restarts failed actors and tasks, and supervises tasks.
//!
//! A loop that receives no messages needs no mailbox, so it is a task instead of an actor. This module supervises it: a
//! panic is counted and logged, and the loop starts again.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;

use crate::metrics::Metrics;

/// If something fails within this time after its start, it is restarted only after the same time.
pub(crate) const PAUSE: Duration = Duration::from_secs(1);

/// How long to wait before restarting something that was last started at `started`.
pub(crate) fn pause(started: Instant) -> Duration {
    if started.elapsed() < PAUSE {
        PAUSE
    } else {
        Duration::ZERO
    }
}

/// Runs a task until it returns, and starts it again after every panic. Aborting the handle ends it.
///
/// `start` creates the task each time; state that must survive a panic belongs to `start`.
pub(crate) fn keep_running<T>(
    name: &'static str,
    mut start: impl FnMut() -> T + Send + 'static,
) -> JoinHandle<()>
where
    T: Future<Output = ()> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            let started = Instant::now();
            match AbortOnDropHandle::new(tokio::spawn(start())).await {
                Err(error) if error.is_panic() => {
                    Metrics::restarted(name);
                    tracing::error!(%error, actor = name, "a task failed; restarting it");
                    sleep(pause(started)).await;
                }
                // The task is done, or the runtime is shutting down.
                Ok(()) | Err(_) => return,
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// Runs a task that fails after each of these times and then returns; returns when it was started.
    async fn starts(fails_after: &'static [u64]) -> Vec<u64> {
        let began = Instant::now();
        let starts = Arc::new(Mutex::new(Vec::new()));
        let task = keep_running("test", {
            let starts = starts.clone();
            move || {
                let mut starts = starts.lock().expect("not poisoned");
                let fails_after = fails_after.get(starts.len());
                starts.push(began.elapsed());
                async move {
                    if let Some(millis) = fails_after {
                        sleep(Duration::from_millis(*millis)).await;
                        panic!("on purpose");
                    }
                }
            }
        });
        task.await.expect("it returns");
        let starts = starts.lock().expect("not poisoned");
        let millis = starts.iter().map(Duration::as_millis);
        millis.map(|at| u64::try_from(at).expect("soon")).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_fails_at_once_is_started_again_a_second_later() {
        assert_eq!(starts(&[0, 0, 999]).await, [0, 1_000, 2_000, 3_999]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_ran_for_a_second_is_started_again_at_once() {
        assert_eq!(starts(&[1_000, 60_000]).await, [0, 1_000, 61_000]);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_runs_on_once_the_handle_is_aborted() {
        let running = Arc::new(());
        let task = keep_running("test", {
            let running = running.clone();
            move || {
                let running = running.clone();
                async move {
                    std::future::pending::<()>().await;
                    drop(running);
                }
            }
        });
        let task = AbortOnDropHandle::new(task);
        tokio::task::yield_now().await;
        drop(task);
        sleep(PAUSE).await;
        assert_eq!(Arc::strong_count(&running), 1);
    }
}
