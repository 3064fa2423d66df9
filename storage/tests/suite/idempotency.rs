//! A request that is sent twice is carried out once.

use peekaboo_storage::{Error, IDEMPOTENCY_LIFETIME, Idempotency, IdempotencyKey};
use time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::{NOW, on_both};
use crate::tasks::any_task;

fn request(scope: u128, body: u8) -> IdempotencyKey {
    IdempotencyKey {
        scope: Uuid::from_u128(scope),
        key: "try-1".to_owned(),
        fingerprint: [body; 32],
    }
}

on_both! {
    async fn the_second_time_gets_the_first_answer(database: Database) {
        let storage = database.open().await;
        let (first, other) = (request(1, 1), request(2, 1));
        assert_eq!(storage.begin_request(&first, NOW).await.expect("claimed"), Idempotency::New);
        assert_eq!(storage.begin_request(&first, NOW).await.expect("read"), Idempotency::InProgress);
        assert_eq!(storage.begin_request(&other, NOW).await.expect("claimed"), Idempotency::New, "another's");
        storage.finish_request(&first, 201, b"{\"key\":\"shop\"}").await.expect("kept");
        let answered = Idempotency::Answered { status: 201, body: b"{\"key\":\"shop\"}".to_vec() };
        assert_eq!(storage.begin_request(&first, NOW).await.expect("read"), answered);
        let reused = storage.begin_request(&request(1, 2), NOW).await;
        assert!(matches!(reused, Err(Error::IdempotencyKeyReused)), "{reused:?}");
        let later = NOW + IDEMPOTENCY_LIFETIME;
        assert_eq!(storage.begin_request(&request(1, 2), later).await.expect("claimed"), Idempotency::New, "forgotten");
    }

    async fn a_request_that_came_to_nothing_can_be_sent_again(database: Database) {
        let storage = database.open().await;
        let request = request(1, 1);
        assert_eq!(storage.begin_request(&request, NOW).await.expect("claimed"), Idempotency::New);
        storage.forget_request(&request).await.expect("given up");
        assert_eq!(storage.begin_request(&request, NOW).await.expect("claimed"), Idempotency::New);
        // The node that claimed it is gone.
        let later = NOW + Duration::minutes(1);
        assert_eq!(storage.begin_request(&request, later).await.expect("claimed"), Idempotency::New);
        storage.finish_request(&request, 200, b"").await.expect("kept");
        storage.forget_request(&request).await.expect("nothing to give up");
        let answered = Idempotency::Answered { status: 200, body: Vec::new() };
        assert_eq!(storage.begin_request(&request, later).await.expect("read"), answered);
    }

    async fn of_many_at_once_one_carries_it_out(database: Database) {
        database.open().await;
        let mut attempts = JoinSet::new();
        for _ in 0..6 {
            let node = database.open().await;
            attempts.spawn(async move { node.begin_request(&request(1, 1), NOW).await.expect("answered") });
        }
        let outcomes = attempts.join_all().await;
        let new = outcomes.iter().filter(|outcome| **outcome == Idempotency::New).count();
        assert_eq!(new, 1, "{outcomes:?}");
    }

    async fn old_answers_are_forgotten_a_few_at_a_time(database: Database) {
        let storage = database.open().await;
        for number in 0..3 {
            let old = IdempotencyKey { key: format!("old-{number}"), ..request(1, 1) };
            storage.begin_request(&old, NOW).await.expect("claimed");
            storage.finish_request(&old, 200, b"").await.expect("kept");
        }
        let new = IdempotencyKey { key: "new".to_owned(), ..request(1, 1) };
        storage.begin_request(&new, NOW + Duration::seconds(1)).await.expect("claimed");
        storage.finish_request(&new, 200, b"").await.expect("kept");
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        let at = NOW + IDEMPOTENCY_LIFETIME;
        for expected in [2, 1, 0] {
            let forgotten = storage.forget_requests(step.transaction(), at, 2).await;
            assert_eq!(forgotten.expect("forgotten"), expected);
        }
        assert!(step.finish().await.expect("committed"));
        let answered = storage.begin_request(&new, at).await.expect("read");
        assert_eq!(answered, Idempotency::Answered { status: 200, body: Vec::new() });
    }
}
