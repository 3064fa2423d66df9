//! A node's runner: queued tasks are done, failed ones are retried, and running ones are given back when the node stops.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use peekaboo_storage::{Storage, TaskId, TaskPayload, TaskState};
use peekaboo_tasks::{ExternalTask, Failure, Registry, Runner, RunnerConfig};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tokio::sync::watch;

use crate::harness::{eager, on_both, tasks, until};
use crate::jobs::{Job, Jobs, Mishap, effects};

fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

async fn queue(storage: &Storage, job: Job) -> TaskId {
    let queued = storage.queue_task(&job, now(), now()).await;
    queued.expect("queued")
}

fn start(storage: &Storage, config: RunnerConfig) -> Runner {
    let registry = Registry::new().database(Jobs::default());
    Runner::start(storage.clone(), registry, config)
}

/// Asks another system.
#[derive(Serialize, Deserialize)]
struct Call {}

impl TaskPayload for Call {
    const KIND: &'static str = "call";
}

/// A system that answers each call once it is let, and fails the first ones.
struct Calls {
    received: Arc<Mutex<Vec<TaskId>>>,
    open: watch::Receiver<bool>,
    failing: usize,
}

impl ExternalTask for Calls {
    type Payload = Call;

    async fn perform(&self, id: TaskId, _: &Call) -> Result<(), Failure> {
        let count = {
            let mut received = self.received.lock().expect("whole");
            received.push(id);
            received.len()
        };
        let mut open = self.open.clone();
        open.wait_for(|open| *open).await.expect("the test goes on");
        if count <= self.failing {
            return Err(Failure::Temporary("busy".into()));
        }
        Ok(())
    }
}

on_both! {
    async fn what_this_node_queues_is_done_at_once(database: Database) {
        let storage = database.open().await;
        // It does not look by itself within the life of this test.
        let runner = start(&storage, RunnerConfig { poll: Duration::from_hours(1), ..eager() });
        for number in 0..20 {
            queue(&storage, Job { chunks: 1 + number % 3, ..Job::new(number) }).await;
        }
        until("every job is done", async || effects(&storage).await.len() == tasks(&storage).await.len()).await;
        let expected: Vec<_> = (0..20_u64).flat_map(|job| (0..=job % 3).map(move |chunk| (job, chunk))).collect();
        assert_eq!(effects(&storage).await, expected);
        runner.stop().await;
    }

    async fn what_another_process_queues_is_found(database: Database) {
        let (storage, other) = (database.open().await, database.open().await);
        let runner = start(&storage, eager());
        queue(&other, Job::new(1)).await;
        until("the job is done", async || effects(&other).await == [(1, 0)]).await;
        runner.stop().await;
    }

    async fn what_becomes_due_is_done_without_another_look(database: Database) {
        let storage = database.open().await;
        let runner = start(&storage, RunnerConfig { poll: Duration::from_hours(1), ..eager() });
        let due_at = now() + Duration::from_millis(300);
        storage.queue_task(&Job::new(1), due_at, now()).await.expect("queued");
        until("the job is done", async || !effects(&storage).await.is_empty()).await;
        assert!(now() >= due_at, "and not before");
        runner.stop().await;
    }

    async fn a_job_that_fails_is_undone_retried_and_dead_in_the_end(database: Database) {
        let storage = database.open().await;
        let runner = start(&storage, eager());
        let failing = queue(&storage, Job { mishap: Some(Mishap::Fails), chunks: 2, ..Job::new(1) }).await;
        let panicking = queue(&storage, Job { mishap: Some(Mishap::Panics), ..Job::new(2) }).await;
        let hopeless = queue(&storage, Job { mishap: Some(Mishap::FailsForGood), ..Job::new(3) }).await;
        let dead = async || {
            let tasks = tasks(&storage).await;
            tasks.into_iter().filter(|task| task.state(now()) == TaskState::Dead).collect::<Vec<_>>()
        };
        until("all are dead", async || dead().await.len() == 3).await;
        let of = async |id| dead().await.into_iter().find(|task| task.id == id).expect("it is dead");
        assert_eq!(of(failing).await.last_error.as_deref(), Some("no luck"));
        assert_eq!(of(failing).await.attempts, 4);
        assert!(of(panicking).await.last_error.expect("told").contains("panicked"));
        let hopeless = of(hopeless).await;
        assert_eq!((hopeless.attempts, hopeless.last_error.as_deref()), (1, Some("no use")));
        assert_eq!(effects(&storage).await, [(1, 0)], "the chunk that did not fail");
        runner.stop().await;
    }

    async fn a_payload_that_cannot_be_read_is_dead_and_says_so(database: Database) {
        /// Queued as a job, without what a job needs.
        #[derive(Serialize, Deserialize)]
        struct Misfit { name: String }
        impl TaskPayload for Misfit { const KIND: &'static str = "job"; }
        let storage = database.open().await;
        let misfit = Misfit { name: "x".to_owned() };
        storage.queue_task(&misfit, now(), now()).await.expect("queued");
        let runner = start(&storage, eager());
        until("it is dead", async || tasks(&storage).await[0].dead_at.is_some()).await;
        let error = tasks(&storage).await.remove(0).last_error.expect("told");
        assert!(error.starts_with("cannot read the payload: missing field"), "{error}");
        runner.stop().await;
    }

    async fn recurring_work_is_queued_by_the_first_node_and_due_again_when_done(database: Database) {
        let storage = database.open().await;
        let every = Duration::from_hours(1);
        let start = || {
            let registry = Registry::new().maintenance(Jobs::default(), [Job::new(1), Job::new(2)], every);
            Runner::start(storage.clone(), registry, eager())
        };
        let began = now();
        let runner = start();
        let jobs = async || {
            let tasks = tasks(&storage).await;
            tasks.into_iter().filter(|task| task.kind == Job::KIND).collect::<Vec<_>>()
        };
        until("both are queued", async || jobs().await.len() == 2).await;
        assert!(jobs().await.iter().all(|task| task.due_at > began), "not at once");
        runner.stop().await;

        let runner = start();
        queue(&storage, Job::new(1)).await;
        until("it is done", async || effects(&storage).await == [(1, 0)]).await;
        until("it is due again", async || {
            let jobs = jobs().await;
            jobs.len() == 2 && jobs.iter().all(|task| task.due_at >= began + every && task.attempts == 0)
        }).await;
        runner.stop().await;
    }

    async fn an_external_task_keeps_its_id_and_its_lease(database: Database) {
        let (storage, other) = (database.open().await, database.open().await);
        let (let_go, open) = watch::channel(false);
        let received = Arc::new(Mutex::new(Vec::new()));
        let config = RunnerConfig { lease: Duration::from_millis(900), ..eager() };
        let start = |storage: &Storage| {
            let calls = Calls { received: Arc::clone(&received), open: open.clone(), failing: 2 };
            Runner::start(storage.clone(), Registry::new().external(calls), config)
        };
        let runners = [start(&storage), start(&other)];
        let id = storage.queue_task(&Call {}, now(), now()).await.expect("queued");
        until("it runs", async || received.lock().expect("whole").len() == 1).await;
        let first_end = tasks(&storage).await[0].ready_at.expect("leased");
        until("the first lease would have ended", async || now() > first_end + Duration::from_millis(300)).await;
        assert_eq!(received.lock().expect("whole").len(), 1, "its lease is renewed");
        let_go.send_replace(true);
        until("it is done", async || tasks(&storage).await.is_empty()).await;
        assert_eq!(*received.lock().expect("whole"), [id; 3]);
        for runner in runners {
            runner.stop().await;
        }
    }

    async fn work_that_waits_for_other_systems_delays_no_other_work(database: Database) {
        let storage = database.open().await;
        let (let_go, open) = watch::channel(false);
        let received = Arc::new(Mutex::new(Vec::new()));
        let calls = Calls { received: Arc::clone(&received), open, failing: 0 };
        let mut config = eager();
        config.external.at_once = 2;
        let registry = Registry::new().external(calls).database(Jobs::default());
        let runner = Runner::start(storage.clone(), registry, config);
        for _ in 0..5 {
            storage.queue_task(&Call {}, now(), now()).await.expect("queued");
        }
        until("calls wait", async || received.lock().expect("whole").len() == 2).await;
        queue(&storage, Job::new(1)).await;
        until("the job is done", async || effects(&storage).await == [(1, 0)]).await;
        assert_eq!(received.lock().expect("whole").len(), 2, "as many calls as may be made at once");
        let_go.send_replace(true);
        until("every call is made", async || received.lock().expect("whole").len() == 5).await;
        runner.stop().await;
    }

    async fn a_node_that_stops_gives_its_work_back(database: Database) {
        let storage = database.open().await;
        let (_closed, open) = watch::channel(false);
        let received = Arc::new(Mutex::new(Vec::new()));
        let calls = Calls { received: Arc::clone(&received), open, failing: 0 };
        let config = RunnerConfig { stop_within: Duration::from_millis(10), ..eager() };
        let slow = Jobs { takes: Duration::from_millis(50) };
        let registry = Registry::new().external(calls).database(slow);
        let runner = Runner::start(storage.clone(), registry, config);
        storage.queue_task(&Call {}, now(), now()).await.expect("queued");
        queue(&storage, Job { chunks: 300, ..Job::new(1) }).await;
        until("both run", async || {
            !received.lock().expect("whole").is_empty() && !effects(&storage).await.is_empty()
        }).await;
        runner.stop().await;
        let before = effects(&storage).await;
        let left = tasks(&storage).await;
        let left: Vec<_> = left.iter().filter(|task| ["call", "job"].contains(&task.kind.as_str())).collect();
        assert_eq!(left.len(), 2);
        assert!(left.iter().all(|task| task.state(now()) == TaskState::Waiting && task.ready_at <= Some(now())), "{left:?}");

        let runner = start(&storage, eager());
        until("another node goes on", async || effects(&storage).await.len() == 300).await;
        let all: Vec<_> = (0..300).map(|chunk| (1, chunk)).collect();
        assert_eq!(effects(&storage).await, all, "from where the first one stopped: {}", before.len());
        runner.stop().await;
    }
}
