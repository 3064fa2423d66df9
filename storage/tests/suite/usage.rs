//! What applications did is counted once, kept by the hour, and forgotten in time.

use peekaboo_storage::{
    EnvironmentId, UsageBatch, UsageBucket, UsageCount, UsageEvent, UsageExposure, UsageFilter,
    UsageRetention,
};
use time::Duration;
use time::macros::datetime;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::{NOW, Shop, key, on_both};

fn batch(environment: EnvironmentId, id: &str) -> UsageBatch {
    UsageBatch {
        environment,
        id: id.to_owned(),
        at: NOW,
        counted_at: NOW,
        counts: vec![
            count("checkout", Some("on"), 12),
            count("checkout", None, 1),
        ],
        exposures: vec![UsageExposure {
            flag: "checkout".to_owned(),
            flag_version: 3,
            variation: "on".to_owned(),
            targeting_key: "user-1".to_owned(),
            at: NOW,
        }],
        events: vec![UsageEvent {
            event: "purchase".to_owned(),
            value: Some(12.5),
            targeting_key: Some("user-1".to_owned()),
            at: NOW,
        }],
    }
}

fn count(flag: &str, variation: Option<&str>, count: i64) -> UsageCount {
    UsageCount {
        flag: flag.to_owned(),
        flag_version: variation.map(|_| 3),
        variation: variation.map(str::to_owned),
        reason: "SPLIT".to_owned(),
        count,
    }
}

fn today(flag: Option<&str>) -> UsageFilter {
    UsageFilter {
        flag: flag.map(key),
        from: NOW - Duration::days(1),
        to: NOW + Duration::days(1),
    }
}

fn bucket(flag: &str, variation: Option<&str>, count: i64) -> UsageBucket {
    UsageBucket {
        hour: datetime!(2026-03-01 12:00 UTC),
        flag: flag.to_owned(),
        variation: variation.map(str::to_owned),
        reason: "SPLIT".to_owned(),
        count,
    }
}

on_both! {
    async fn a_batch_counts_once_and_batches_add_up(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let (production, staging) = (shop.environment("production").id, shop.environment("staging").id);
        let (first, second) = (batch(production, "b1"), batch(production, "b2"));
        let elsewhere = batch(staging, "b1");
        let new = storage.record_usage(&[second.clone(), first.clone(), elsewhere, first.clone()]).await.expect("kept");
        assert_eq!(new, [true, true, true, false]);
        assert_eq!(storage.record_usage(&[first, second]).await.expect("kept"), [false, false]);
        let used = storage.usage(production, &today(None)).await.expect("read");
        assert_eq!(used, [bucket("checkout", None, 2), bucket("checkout", Some("on"), 24)]);
        let other = storage.usage(production, &today(Some("other"))).await.expect("read");
        assert_eq!(other, []);
        let before = UsageFilter { to: datetime!(2026-03-01 12:00 UTC), ..today(Some("checkout")) };
        assert_eq!(storage.usage(production, &before).await.expect("read"), []);
    }

    async fn of_one_batch_sent_to_many_nodes_one_counts(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let mut nodes = JoinSet::new();
        for index in 0..6 {
            let node = database.open().await;
            // In different orders, which must not have two writers wait for each other.
            let mut batches = vec![batch(production, "shared"), batch(production, &format!("own-{index}"))];
            batches.rotate_left(index % 2);
            nodes.spawn(async move { node.record_usage(&batches).await.expect("kept") });
        }
        let new = nodes.join_all().await.concat().into_iter().filter(|new| *new).count();
        assert_eq!(new, 7);
        let used = storage.usage(production, &today(Some("checkout"))).await.expect("read");
        assert_eq!(used, [bucket("checkout", None, 7), bucket("checkout", Some("on"), 7 * 12)]);
    }

    async fn what_an_environment_that_is_gone_did_is_not_kept(database: Database) {
        let storage = database.open().await;
        let gone = EnvironmentId::from_uuid(Uuid::from_u128(7));
        assert_eq!(storage.record_usage(&[batch(gone, "b1")]).await.expect("answered"), [false]);
    }

    async fn what_is_old_is_forgotten(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        storage.record_usage(&[batch(production, "b1")]).await.expect("kept");
        let days = |days: u64| std::time::Duration::from_hours(24 * days);
        let retention = UsageRetention { counts: days(2), events: days(1) };
        storage.forget_usage(retention, NOW + Duration::hours(23)).await.expect("nothing is old");
        assert_eq!(storage.record_usage(&[batch(production, "b1")]).await.expect("known"), [false]);
        storage.forget_usage(retention, NOW + Duration::hours(25)).await.expect("the batch is old");
        assert_eq!(storage.usage(production, &today(None)).await.expect("read").len(), 2);
        storage.forget_usage(retention, NOW + Duration::days(3)).await.expect("all is old");
        assert_eq!(storage.usage(production, &today(None)).await.expect("read"), []);
        assert_eq!(storage.record_usage(&[batch(production, "b1")]).await.expect("kept"), [true], "forgotten");
    }
}
