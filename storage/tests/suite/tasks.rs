//! Queued work: claimed by one node at a time, completed once, and never lost.

use std::collections::BTreeSet;

use peekaboo_storage::{
    ClaimedTask, Entity, Error, MailTemplate, Page, Storage, Task, TaskId, TaskKinds, TaskPayload,
    TaskState,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::harness::{NOW, on_both};

const LEASE: Duration = Duration::seconds(10);

/// Work that is queued once for each number.
#[derive(Serialize, Deserialize)]
struct Job {
    number: u32,
}

impl TaskPayload for Job {
    const KIND: &'static str = "job";

    fn key(&self) -> Option<String> {
        Some(self.number.to_string())
    }
}

/// Work in a format that came later.
#[derive(Serialize, Deserialize)]
struct NewerJob {}

impl TaskPayload for NewerJob {
    const KIND: &'static str = "job";
    const FORMAT: u32 = 2;
}

/// What a job does: it leaves one of these for each time that it took effect.
#[derive(Serialize, Deserialize)]
struct Effect {
    of: u32,
}

impl TaskPayload for Effect {
    const KIND: &'static str = "effect";
}

fn jobs() -> TaskKinds {
    let mut kinds = TaskKinds::default();
    kinds.add(Job::KIND, Job::FORMAT);
    kinds
}

fn seconds(seconds: i64) -> Duration {
    Duration::seconds(seconds)
}

async fn queue(storage: &Storage, number: u32, due_at: OffsetDateTime) -> TaskId {
    let queued = storage.queue_task(&Job { number }, due_at, NOW).await;
    queued.expect("queued")
}

async fn claim(storage: &Storage, limit: usize, at: OffsetDateTime) -> Vec<ClaimedTask> {
    let claimed = storage.claim_tasks(&jobs(), limit, at, at + LEASE).await;
    claimed.expect("claimed")
}

async fn claim_one(storage: &Storage, at: OffsetDateTime) -> ClaimedTask {
    let mut claimed = claim(storage, 10, at).await;
    assert_eq!(claimed.len(), 1, "{claimed:?}");
    claimed.remove(0)
}

async fn all(storage: &Storage) -> Vec<Task> {
    let tasks = storage.tasks(false, &Page::first(1_000)).await;
    tasks.expect("read").items
}

/// Does a claimed job; whether the claim held.
async fn take_effect(storage: &Storage, task: &ClaimedTask) -> bool {
    let mut step = storage.begin_task(task).await.expect("begun");
    let of = u32::try_from(task.payload["number"].as_u64().expect("a number")).expect("small");
    storage
        .enqueue_task(step.transaction(), &Effect { of }, NOW, NOW)
        .await
        .expect("queued");
    step.finish().await.expect("answered")
}

/// The numbers of the jobs that took effect, each as often as it did.
async fn effects(storage: &Storage) -> Vec<u64> {
    let tasks = all(storage).await;
    let effects = tasks.iter().filter(|task| task.kind == Effect::KIND);
    let mut numbers: Vec<_> = effects
        .map(|task| task.payload["of"].as_u64().expect("a number"))
        .collect();
    numbers.sort_unstable();
    numbers
}

on_both! {
    async fn work_is_claimed_once_it_is_due_and_longest_due_first(database: Database) {
        let storage = database.open().await;
        assert_eq!(storage.next_task(&jobs()).await.expect("read"), None);
        let later = queue(&storage, 1, NOW + seconds(60)).await;
        let sooner = queue(&storage, 2, NOW + seconds(30)).await;
        let next = storage.next_task(&jobs()).await.expect("read").expect("there");
        assert_eq!((next.kind.as_str(), next.ready_at), ("job", NOW + seconds(30)));
        assert_eq!(claim(&storage, 10, NOW + seconds(29)).await, []);
        assert_eq!(claim_one(&storage, NOW + seconds(30)).await.id, sooner);
        let ids: Vec<_> = claim(&storage, 10, NOW + seconds(60)).await.iter().map(|task| task.id).collect();
        assert_eq!(BTreeSet::from_iter(ids), BTreeSet::from([sooner, later]), "the first lease has ended");
    }

    async fn each_due_task_is_claimed_by_one_of_many_nodes(database: Database) {
        let storage = database.open().await;
        for number in 0..60 {
            queue(&storage, number, NOW).await;
        }
        let mut nodes = JoinSet::new();
        for _ in 0..4 {
            let node = database.open().await;
            nodes.spawn(async move {
                let mut ids = Vec::new();
                loop {
                    let claimed = claim(&node, 7, NOW).await;
                    ids.extend(claimed.iter().map(|task| task.id));
                    let next = node.next_task(&jobs()).await.expect("read").expect("there");
                    // Those that are left are leased.
                    if next.ready_at > NOW {
                        return ids;
                    }
                }
            });
        }
        let claimed = nodes.join_all().await.concat();
        assert_eq!(claimed.len(), 60, "none is claimed twice");
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), 60, "none is left over");
    }

    async fn a_task_whose_lease_ended_is_done_by_another_node_and_only_by_it(database: Database) {
        let (frozen, other) = (database.open().await, database.open().await);
        queue(&frozen, 7, NOW).await;
        let first = claim_one(&frozen, NOW).await;
        assert_eq!(claim(&other, 10, NOW + LEASE - seconds(1)).await, [], "the lease holds");
        let second = claim_one(&other, NOW + LEASE).await;
        assert_eq!((second.id, second.attempts), (first.id, 2));
        assert!(!take_effect(&frozen, &first).await, "the first lease is lost");
        assert_eq!(effects(&other).await, [] as [u64; 0], "what it did is undone");
        assert!(!frozen.renew_task(&first, NOW + seconds(60)).await.expect("answered"));
        assert!(!frozen.release_task(&first, NOW).await.expect("answered"));
        assert!(!frozen.retry_task_at(&first, "late", NOW).await.expect("answered"));
        assert!(!frozen.bury_task(&first, "late", NOW).await.expect("answered"));
        assert!(take_effect(&other, &second).await);
        assert!(!take_effect(&other, &second).await, "it is done");
        assert_eq!(effects(&other).await, [7]);
    }

    async fn a_renewed_lease_holds_longer(database: Database) {
        let storage = database.open().await;
        queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        assert!(storage.renew_task(&task, NOW + seconds(30)).await.expect("answered"));
        assert_eq!(claim(&storage, 1, NOW + seconds(29)).await, []);
        assert_eq!(claim(&storage, 1, NOW + seconds(30)).await.len(), 1);
    }

    async fn work_with_the_same_key_is_queued_once(database: Database) {
        let storage = database.open().await;
        let id = queue(&storage, 1, NOW + seconds(60)).await;
        assert_eq!(queue(&storage, 1, NOW + seconds(90)).await, id, "no later");
        assert_eq!(claim(&storage, 1, NOW + seconds(59)).await, []);
        assert_eq!(queue(&storage, 1, NOW + seconds(30)).await, id, "but earlier");
        let task = claim_one(&storage, NOW + seconds(30)).await;
        assert_eq!(task.due_at, NOW + seconds(30));
        assert!(storage.begin_task(&task).await.expect("begun").finish().await.expect("done"));
        assert_ne!(queue(&storage, 1, NOW).await, id, "done work is queued anew");
    }

    async fn work_that_is_queued_while_it_runs_is_done_once_more(database: Database) {
        let storage = database.open().await;
        let id = queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        assert_eq!(queue(&storage, 1, NOW + seconds(5)).await, id);
        assert!(take_effect(&storage, &task).await);
        assert_eq!(claim(&storage, 1, NOW + seconds(4)).await, []);
        let again = claim_one(&storage, NOW + seconds(5)).await;
        assert_eq!((again.id, again.attempts), (id, 1));
        assert!(take_effect(&storage, &again).await);
        assert_eq!(effects(&storage).await, [1, 1]);
        assert_eq!(claim(&storage, 1, NOW + seconds(99)).await, []);
    }

    async fn what_a_chunk_did_stays_and_the_next_claim_goes_on_from_there(database: Database) {
        let storage = database.open().await;
        queue(&storage, 3, NOW).await;
        let task = claim_one(&storage, NOW).await;
        assert_eq!(task.progress, None);
        let mut step = storage.begin_task(&task).await.expect("begun");
        storage.enqueue_task(step.transaction(), &Effect { of: 3 }, NOW, NOW).await.expect("queued");
        assert!(step.advance(&json!({"row": 7}), NOW + seconds(20)).await.expect("committed"));
        // A chunk that fails.
        let mut step = storage.begin_task(&task).await.expect("begun");
        storage.enqueue_task(step.transaction(), &Effect { of: 4 }, NOW, NOW).await.expect("queued");
        drop(step);
        assert_eq!(effects(&storage).await, [3]);
        let next = claim_one(&storage, NOW + seconds(20)).await;
        assert_eq!(next.progress, Some(json!({"row": 7})));
        assert_eq!(next.attempts, 2, "counted from the last chunk");
        let step = storage.begin_task(&task).await.expect("begun");
        assert!(!step.advance(&json!({"row": 8}), NOW + seconds(99)).await.expect("answered"), "lost");
    }

    async fn recurring_work_is_due_again_in_the_transaction_that_does_it(database: Database) {
        let storage = database.open().await;
        let id = queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        storage.enqueue_task(step.transaction(), &Effect { of: 1 }, NOW, NOW).await.expect("queued");
        assert!(step.repeat(NOW + seconds(3_600)).await.expect("committed"));
        assert_eq!(effects(&storage).await, [1]);
        assert_eq!(claim(&storage, 1, NOW + seconds(3_599)).await, []);
        let again = claim_one(&storage, NOW + seconds(3_600)).await;
        assert_eq!((again.id, again.attempts, again.due_at), (id, 1, NOW + seconds(3_600)));
    }

    async fn a_failed_task_waits_and_a_dead_one_waits_for_an_operator(database: Database) {
        let storage = database.open().await;
        let id = queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        assert_eq!(all(&storage).await[0].state(NOW), TaskState::Running);
        assert!(!storage.retry_task(id, NOW).await.expect("answered"), "it runs");
        assert!(!storage.drop_task(id, NOW).await.expect("answered"), "it runs");
        assert!(storage.retry_task_at(&task, "no\0 route", NOW + seconds(5)).await.expect("given back"));
        let waiting = &all(&storage).await[0];
        assert_eq!((waiting.state(NOW), waiting.last_error.as_deref()), (TaskState::Waiting, Some("no route")));
        queue(&storage, 1, NOW).await;
        assert_eq!(claim(&storage, 1, NOW + seconds(4)).await, [], "queueing it again does not hurry a retry");

        let task = claim_one(&storage, NOW + seconds(5)).await;
        assert_eq!(task.attempts, 2);
        assert!(storage.bury_task(&task, "never", NOW + seconds(6)).await.expect("buried"));
        assert_eq!(claim(&storage, 1, NOW + seconds(9_999)).await, []);
        let dead = storage.tasks(true, &Page::first(10)).await.expect("read").items;
        assert_eq!((dead[0].id, dead[0].state(NOW)), (id, TaskState::Dead));
        assert!(storage.retry_task(id, NOW + seconds(7)).await.expect("retried"));
        assert_eq!(claim_one(&storage, NOW + seconds(7)).await.attempts, 1);
        assert!(storage.drop_task(id, NOW + seconds(60)).await.expect("dropped"), "its lease has ended");
        let gone = storage.retry_task(id, NOW).await.expect_err("it is gone");
        assert!(matches!(gone, Error::NotFound { what: Entity::Task }), "{gone}");
    }

    async fn a_claim_given_back_is_no_attempt(database: Database) {
        let storage = database.open().await;
        queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        assert!(storage.release_task(&task, NOW).await.expect("given back"));
        assert_eq!(claim_one(&storage, NOW).await.attempts, 1);
    }

    async fn a_node_leaves_alone_what_it_cannot_read(database: Database) {
        let storage = database.open().await;
        storage.queue_task(&NewerJob {}, NOW, NOW).await.expect("queued");
        storage.queue_task(&Effect { of: 1 }, NOW, NOW).await.expect("queued");
        assert_eq!(storage.next_task(&jobs()).await.expect("read"), None);
        assert_eq!(claim(&storage, 10, NOW).await, []);
        let mut newer = TaskKinds::default();
        newer.add(NewerJob::KIND, NewerJob::FORMAT);
        let claimed = storage.claim_tasks(&newer, 10, NOW, NOW + LEASE).await.expect("claimed");
        assert_eq!(claimed.len(), 1);
        assert_eq!(claimed[0].format, 2);
    }

    async fn mail_is_queued_with_the_transaction_that_it_is_about(database: Database) {
        let storage = database.open().await;
        queue(&storage, 1, NOW).await;
        let task = claim_one(&storage, NOW).await;
        let test = || MailTemplate::Test { dashboard: None };
        let mut undone = storage.begin_task(&task).await.expect("begun");
        storage.enqueue_mail(undone.transaction(), "ada@example.com", test(), NOW).await.expect("queued");
        drop(undone);
        assert_eq!(all(&storage).await.len(), 1, "only the job");
        let mut step = storage.begin_task(&task).await.expect("begun");
        let refused = storage.enqueue_mail(step.transaction(), "nobody", test(), NOW).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        storage.enqueue_mail(step.transaction(), "ada@example.com", test(), NOW).await.expect("queued");
        assert!(step.finish().await.expect("committed"));
        let left = all(&storage).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].payload, json!({"to": "ada@example.com", "template": "test", "parameters": {"dashboard": null}}));
    }

    async fn tasks_are_counted_by_kind(database: Database) {
        let storage = database.open().await;
        for (number, due_at) in [(1, NOW), (2, NOW - seconds(90)), (3, NOW + seconds(1)), (4, NOW - seconds(100))] {
            queue(&storage, number, due_at).await;
        }
        let dead = claim(&storage, 1, NOW - seconds(99)).await;
        storage.bury_task(&dead[0], "never", NOW).await.expect("buried");
        let counts = storage.task_counts(NOW).await.expect("read");
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].kind.as_str(), counts[0].due, counts[0].dead), ("job", 2, 1));
        assert_eq!(counts[0].oldest_ready_at, Some(NOW - seconds(90)));
    }

    async fn dead_tasks_are_forgotten_a_few_at_a_time(database: Database) {
        let storage = database.open().await;
        for number in 0..5 {
            queue(&storage, number, NOW).await;
        }
        for task in claim(&storage, 4, NOW).await {
            storage.bury_task(&task, "never", NOW).await.expect("buried");
        }
        let task = claim_one(&storage, NOW).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        let transaction = step.transaction();
        assert_eq!(storage.forget_dead_tasks(transaction, NOW, 10).await.expect("none"), 0);
        let later = NOW + seconds(1);
        for expected in [3, 1, 0] {
            assert_eq!(storage.forget_dead_tasks(transaction, later, 3).await.expect("forgotten"), expected);
        }
        assert!(step.finish().await.expect("committed"));
        assert_eq!(all(&storage).await, []);
    }
}

/// A transaction to test a function in that is called by tasks: it is committed by [`peekaboo_storage::TaskStep::finish`].
pub(crate) async fn any_task(storage: &Storage) -> ClaimedTask {
    storage
        .queue_task(&Job { number: 0 }, NOW, NOW)
        .await
        .expect("queued");
    claim_one(storage, NOW).await
}
