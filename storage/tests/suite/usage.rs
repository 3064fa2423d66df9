//! What applications did is counted once, kept by the hour, and forgotten in time.

use peekaboo_storage::{
    EnvironmentId, EventUsage, FlagFilter, FlagUsageSummary, Impact, Page, Storage, UsageBatch,
    UsageBucket, UsageCount, UsageEvent, UsageExposure, UsageFilter, UsagePeriod, UsageResolution,
    UsageTable, VariationUsage,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::harness::{NOW, Shop, by, create_flag, key, on_both};
use crate::tasks::any_task;

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

/// A batch of so many hours ago.
fn aged(environment: EnvironmentId, age: i64) -> UsageBatch {
    let at = NOW - hours(age);
    let mut batch = UsageBatch {
        at,
        counted_at: at,
        ..batch(environment, &format!("aged-{age}"))
    };
    batch.exposures[0].at = at;
    batch.exposures[0].targeting_key = format!("user-{age}");
    batch.events[0].at = at;
    batch
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

const NOON: OffsetDateTime = datetime!(2026-03-01 12:00 UTC);

fn around_now() -> UsagePeriod {
    UsagePeriod {
        from: NOON - Duration::days(1),
        to: NOON + Duration::days(1),
        resolution: UsageResolution::Hour,
    }
}

/// What is known of a flag around now.
async fn used(storage: &Storage, environment: EnvironmentId, flag: &str) -> Vec<UsageBucket> {
    let usage = storage
        .flag_usage(environment, &key(flag), &around_now())
        .await;
    usage.expect("read").buckets
}

fn bucket(variation: Option<&str>, count: i64) -> UsageBucket {
    UsageBucket {
        at: NOON,
        variation: variation.map(str::to_owned),
        reason: "SPLIT".to_owned(),
        flag_version: variation.map(|_| 3),
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
        assert_eq!(used(&storage, production, "checkout").await, [bucket(None, 2), bucket(Some("on"), 24)]);
        assert_eq!(used(&storage, staging, "checkout").await, [bucket(None, 1), bucket(Some("on"), 12)]);
        assert_eq!(used(&storage, production, "other").await, []);
        let before = UsagePeriod { to: NOON, ..around_now() };
        let usage = storage.flag_usage(production, &key("checkout"), &before).await.expect("read");
        assert_eq!(usage.buckets, []);
        assert_eq!(usage.last_evaluated_at, Some(NOW), "whatever the period");
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
        assert_eq!(used(&storage, production, "checkout").await, [bucket(None, 7), bucket(Some("on"), 7 * 12)]);
    }

    async fn what_an_environment_that_is_gone_did_is_not_kept(database: Database) {
        let storage = database.open().await;
        let gone = EnvironmentId::from_uuid(Uuid::from_u128(7));
        assert_eq!(storage.record_usage(&[batch(gone, "b1")]).await.expect("answered"), [false]);
    }

    async fn old_usage_is_forgotten_one_table_and_a_few_rows_at_a_time(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let old: Vec<_> = (0..5).map(|n| aged(production, n)).collect();
        storage.record_usage(&old).await.expect("kept");
        let new = UsageBatch { id: "new".to_owned(), ..aged(production, -3) };
        storage.record_usage(std::slice::from_ref(&new)).await.expect("kept");
        // What is left of each table when all but the newest is old: its rows are those of five hours and of the newest.
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        for (table, rows) in [
            (UsageTable::Batches, 5),
            (UsageTable::Counts, 10),
            (UsageTable::EventCounts, 5),
            (UsageTable::Exposures, 5),
            (UsageTable::Events, 5),
        ] {
            let before = NOON + hours(1);
            let mut forgotten = Vec::new();
            while forgotten.last() != Some(&0) {
                forgotten.push(storage.forget_usage(step.transaction(), table, before, 4).await.expect("forgotten"));
            }
            assert_eq!(forgotten.iter().sum::<u64>(), rows, "{table}");
            assert!(forgotten.iter().all(|rows| *rows <= 4), "{table}: {forgotten:?}");
        }
        assert!(step.finish().await.expect("committed"));
        let period = UsagePeriod { from: NOON - hours(48), ..around_now() };
        let usage = storage.flag_usage(production, &key("checkout"), &period).await.expect("read");
        assert_eq!(usage.buckets.len(), 2, "the newest is left");
        let events = storage.events(production, NOON - hours(48), NOON + hours(24), &Page::first(10)).await.expect("read");
        assert_eq!(events.items[0].count, 1);
        assert_eq!(storage.record_usage(&[old[0].clone(), new]).await.expect("kept"), [true, false], "forgotten, known");
    }

    async fn counts_add_up_by_the_hour_or_by_the_day(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let at = |id: &str, counted_at| UsageBatch { counted_at, ..batch(production, id) };
        let times = [
            datetime!(2026-02-27 23:59:59.999_999 UTC),
            datetime!(2026-02-28 00:00 UTC),
            datetime!(2026-02-28 01:30 +1),
            datetime!(2026-02-28 23:00 UTC),
        ];
        let batches: Vec<_> = times.iter().enumerate().map(|(n, time)| at(&format!("b{n}"), *time)).collect();
        storage.record_usage(&batches).await.expect("kept");
        let counted = async |resolution: UsageResolution| {
            let period = UsagePeriod { from: datetime!(2026-02-27 00:00 UTC), to: datetime!(2026-03-01 00:00 UTC), resolution };
            let usage = storage.flag_usage(production, &key("checkout"), &period).await.expect("read");
            let on = usage.buckets.into_iter().filter(|bucket| bucket.variation.is_some());
            on.map(|bucket| (bucket.at, bucket.count)).collect::<Vec<_>>()
        };
        assert_eq!(counted(UsageResolution::Hour).await, [
            (datetime!(2026-02-27 23:00 UTC), 12),
            (datetime!(2026-02-28 00:00 UTC), 24),
            (datetime!(2026-02-28 23:00 UTC), 12),
        ]);
        assert_eq!(counted(UsageResolution::Day).await, [
            (datetime!(2026-02-27 00:00 UTC), 12),
            (datetime!(2026-02-28 00:00 UTC), 36),
        ]);
    }

    async fn the_last_evaluation_never_goes_back(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let last = async || {
            let usage = storage.flag_usage(production, &key("checkout"), &around_now()).await.expect("read");
            usage.last_evaluated_at
        };
        assert_eq!(last().await, None);
        for (id, counted_at, expected) in [
            ("b1", NOW, NOW),
            ("b2", NOW - hours(3), NOW),
            ("b3", NOW + Duration::seconds(30), NOW),
            ("b4", NOW + hours(1), NOW + hours(1)),
        ] {
            let late = UsageBatch { counted_at, ..batch(production, id) };
            storage.record_usage(&[late]).await.expect("kept");
            assert_eq!(last().await, Some(expected), "{id}");
        }
    }

    async fn every_flag_s_usage_is_listed_used_or_not(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["checkout", "banner", "layout"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("made");
        }
        let production = shop.environment("production").id;
        let of = |id: &str, flag: &str, counted_at| UsageBatch {
            counts: vec![count(flag, Some("on"), 5), count(flag, None, 1), count("gone", Some("on"), 1)],
            counted_at,
            ..batch(production, id)
        };
        let long_ago = NOW - Duration::days(40);
        storage.record_usage(&[of("b1", "checkout", NOW), of("b2", "layout", long_ago)]).await.expect("kept");
        let filter = UsageFilter { from: NOON - Duration::days(7), to: NOON + hours(1), unused_since: None };
        let list = async |filter: UsageFilter, page: Page| {
            storage.usage_of_flags(shop.id(), &key("shop"), production, &filter, &page).await.expect("read")
        };
        let summary = |flag: &str, last_evaluated_at, variations: &[(Option<&str>, i64)]| FlagUsageSummary {
            flag: key(flag),
            last_evaluated_at,
            variations: variations.iter().map(|(variation, count)| VariationUsage {
                variation: variation.map(str::to_owned),
                count: *count,
            }).collect(),
        };
        let banner = summary("banner", None, &[]);
        let checkout = summary("checkout", Some(NOW), &[(None, 1), (Some("on"), 5)]);
        let layout = summary("layout", Some(long_ago), &[]);
        let first = list(filter, Page::first(2)).await;
        assert_eq!(first.items, [banner.clone(), checkout]);
        let rest = list(filter, Page::after(2, &first).expect("there is more")).await;
        assert_eq!(rest.items, std::slice::from_ref(&layout));
        let unused = UsageFilter { unused_since: Some(NOW - Duration::days(30)), ..filter };
        assert_eq!(list(unused, Page::first(10)).await.items, [banner, layout]);

        let (flags, _) = storage.flags(shop.id(), &key("shop"), &FlagFilter::default(), &Page::first(10)).await.expect("read");
        let evaluated = flags.items.iter().map(|flag| {
            let production = flag.environments.iter().find(|it| it.environment == "production");
            production.expect("it is there").last_evaluated_at
        });
        assert_eq!(evaluated.collect::<Vec<_>>(), [None, Some(NOW), Some(long_ago)]);
    }

    async fn custom_events_add_up_by_name(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let event = |name: &str, value: Option<f64>, at| UsageEvent {
            event: name.to_owned(), value, targeting_key: None, at,
        };
        let events = vec![
            event("purchase", Some(2.5), NOW),
            event("purchase", None, NOW - hours(2)),
            event("sign-in", None, NOW),
            event("purchase", Some(100.0), NOW - hours(30)),
        ];
        storage.record_usage(&[UsageBatch { events, ..batch(production, "b1") }]).await.expect("kept");
        let list = async |page: Page| {
            storage.events(production, NOON - hours(24), NOON + hours(1), &page).await.expect("read")
        };
        let first = list(Page::first(1)).await;
        assert_eq!(first.items, [EventUsage { event: "purchase".to_owned(), count: 2, sum: 2.5, last_hour: NOON }]);
        let rest = list(Page::after(1, &first).expect("there is more")).await;
        assert_eq!(rest.items, [EventUsage { event: "sign-in".to_owned(), count: 1, sum: 0.0, last_hour: NOON }]);
    }

    async fn impact_is_of_who_did_something_after_they_were_exposed(database: Database) {
        let storage = database.open().await;
        let production = Shop::set_up(&storage).await.environment("production").id;
        let exposed = |variation: &str, who: &str, at| UsageExposure {
            flag: "checkout".to_owned(),
            flag_version: 3,
            variation: variation.to_owned(),
            targeting_key: who.to_owned(),
            at,
        };
        let bought = |who: &str, value: Option<f64>, at| UsageEvent {
            event: "purchase".to_owned(), value, targeting_key: Some(who.to_owned()), at,
        };
        let exposures = vec![
            exposed("on", "ada", NOW - hours(5)),
            exposed("on", "bob", NOW - hours(5)),
            exposed("on", "cid", NOW - hours(5)),
            exposed("off", "dan", NOW - hours(5)),
            exposed("off", "eve", NOW - hours(90)),
        ];
        let events = vec![
            bought("ada", Some(10.0), NOW - hours(4)),
            bought("ada", None, NOW - hours(3)),
            bought("bob", Some(99.0), NOW - hours(6)),
            bought("eve", Some(99.0), NOW - hours(3)),
            bought("nobody", Some(99.0), NOW - hours(3)),
        ];
        storage.record_usage(&[UsageBatch { exposures, events, ..batch(production, "b1") }]).await.expect("kept");
        let impact = async |event: &str| {
            let flag = key("checkout");
            let impact = storage.impact(production, &flag, event, NOON - hours(24), NOON + hours(1));
            impact.await.expect("read")
        };
        let of = |variation: &str, exposed, converted, events, sum| Impact {
            variation: variation.to_owned(), exposed, converted, events, sum,
        };
        assert_eq!(impact("purchase").await, [of("off", 1, 0, 0, 0.0), of("on", 3, 1, 2, 10.0)]);
        assert_eq!(impact("other").await, [of("off", 1, 0, 0, 0.0), of("on", 3, 0, 0, 0.0)]);
    }
}

fn hours(hours: i64) -> Duration {
    Duration::hours(hours)
}
