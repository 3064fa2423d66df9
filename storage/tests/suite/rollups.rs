//! Sums of usage by the day say what the single rows say, in whichever order and on whichever node these arrive.

use std::collections::BTreeMap;

use peekaboo_storage::{
    Command, EnvironmentId, Impact, Page, Storage, UsageBatch, UsageCount, UsageEvent,
    UsageExposure, UsageFilter, UsageTable, VariationUsage,
};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::harness::{NOW, Shop, by, create_flag, key, on_both};
use crate::tasks::any_task;

/// A day in the middle of what the tests report.
const DAY: OffsetDateTime = datetime!(2026-02-20 00:00 UTC);

fn hours(hours: i64) -> Duration {
    Duration::hours(hours)
}

fn days(days: i64) -> Duration {
    Duration::days(days)
}

fn empty(environment: EnvironmentId, id: &str) -> UsageBatch {
    UsageBatch {
        environment,
        id: id.to_owned(),
        at: NOW,
        counted_at: NOW,
        counts: Vec::new(),
        exposures: Vec::new(),
        events: Vec::new(),
    }
}

fn exposure(who: &str, variation: &str, at: OffsetDateTime) -> UsageExposure {
    UsageExposure {
        flag: "checkout".to_owned(),
        flag_version: 1,
        variation: variation.to_owned(),
        targeting_key: who.to_owned(),
        at,
    }
}

fn purchase(who: &str, value: i32, at: OffsetDateTime) -> UsageEvent {
    UsageEvent {
        event: "purchase".to_owned(),
        value: Some(f64::from(value)),
        targeting_key: Some(who.to_owned()),
        at,
    }
}

fn exposed(environment: EnvironmentId, id: &str, exposure: UsageExposure) -> UsageBatch {
    UsageBatch {
        exposures: vec![exposure],
        ..empty(environment, id)
    }
}

fn acted(environment: EnvironmentId, id: &str, event: UsageEvent) -> UsageBatch {
    UsageBatch {
        events: vec![event],
        ..empty(environment, id)
    }
}

async fn impact(
    storage: &Storage,
    environment: EnvironmentId,
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> Vec<Impact> {
    let flag = key("checkout");
    let impact = storage.impact(environment, &flag, "purchase", from, to);
    impact.await.expect("read")
}

fn of(variation: &str, exposed: i64, converted: i64, events: i64, sum: i32) -> Impact {
    Impact {
        variation: variation.to_owned(),
        exposed,
        converted,
        events,
        sum: f64::from(sum),
    }
}

/// What each flag of the shop served in a time, by variation.
async fn listed(
    storage: &Storage,
    shop: &Shop,
    from: OffsetDateTime,
    to: OffsetDateTime,
) -> Vec<(String, Vec<VariationUsage>)> {
    let environment = shop.environment("production").id;
    let filter = UsageFilter {
        from,
        to,
        unused_since: None,
    };
    let (project, page) = (key("shop"), Page::first(10));
    let listed = storage.usage_of_flags(shop.id(), &project, environment, &filter, &page);
    let listed = listed.await.expect("read").items.into_iter();
    listed
        .map(|usage| (usage.flag.to_string(), usage.variations))
        .collect()
}

fn served(variation: Option<&str>, count: i64) -> Vec<VariationUsage> {
    vec![VariationUsage {
        variation: variation.map(str::to_owned),
        count,
    }]
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn time(&mut self) -> OffsetDateTime {
        let seconds = self.below(6 * 24 * 3_600);
        DAY + Duration::seconds(i64::try_from(seconds).expect("few"))
    }
}

/// What is reported, one thing to a batch: who was exposed once to one variation or both, and what they bought.
struct Reports {
    exposures: Vec<UsageExposure>,
    events: Vec<UsageEvent>,
}

impl Reports {
    fn new(numbers: &mut Numbers, people: u64, events: usize) -> Self {
        let who = |number: u64| format!("user-{number}");
        let mut exposures = Vec::new();
        for number in 0..people {
            for variation in ["off", "on"] {
                if numbers.below(3) > 0 {
                    exposures.push(exposure(&who(number), variation, numbers.time()));
                }
            }
        }
        let event = |numbers: &mut Numbers| {
            let value = i32::try_from(numbers.below(100)).expect("small");
            // Some of whom nobody saw anything.
            purchase(&who(numbers.below(people + 3)), value, numbers.time())
        };
        let events = (0..events).map(|_| event(numbers)).collect();
        Self { exposures, events }
    }

    /// In an order that looks random.
    fn batches(&self, numbers: &mut Numbers, environment: EnvironmentId) -> Vec<UsageBatch> {
        let exposed_ = self.exposures.iter().enumerate();
        let exposed_ = exposed_.map(|(n, it)| exposed(environment, &format!("x{n}"), it.clone()));
        let acted_ = self.events.iter().enumerate();
        let acted_ = acted_.map(|(n, it)| acted(environment, &format!("e{n}"), it.clone()));
        let mut batches: Vec<_> = exposed_
            .chain(acted_)
            .map(|batch| (numbers.below(1 << 20), batch))
            .collect();
        batches.sort_by_key(|(place, _)| *place);
        batches.into_iter().map(|(_, batch)| batch).collect()
    }

    /// The impact, worked out from each single exposure and event.
    fn impact(&self, from: OffsetDateTime, to: OffsetDateTime) -> Vec<Impact> {
        let mut impacts: BTreeMap<&str, Impact> = BTreeMap::new();
        let exposures = self
            .exposures
            .iter()
            .filter(|it| (from..to).contains(&it.at));
        for exposure in exposures {
            let after = self.events.iter().filter(|event| {
                event.targeting_key.as_ref() == Some(&exposure.targeting_key)
                    && (exposure.at..to).contains(&event.at)
            });
            let values: Vec<f64> = after.filter_map(|event| event.value).collect();
            let impact = impacts
                .entry(&exposure.variation)
                .or_insert_with(|| of(&exposure.variation, 0, 0, 0, 0));
            impact.exposed += 1;
            impact.converted += i64::from(!values.is_empty());
            impact.events += i64::try_from(values.len()).expect("few");
            impact.sum += values.iter().sum::<f64>();
        }
        impacts.into_values().collect()
    }
}

/// Whether the impact is what the reports say, for each range of days.
async fn assert_exact(storage: &Storage, environment: EnvironmentId, reports: &Reports) {
    for first in 0..6 {
        for last in first..6 {
            let (from, to) = (DAY + days(first), DAY + days(last + 1));
            assert_eq!(
                impact(storage, environment, from, to).await,
                reports.impact(from, to),
                "from day {first} to day {last}"
            );
        }
    }
}

on_both! {
    async fn impact_is_exact_for_any_days_and_in_any_order_of_batches(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let mut numbers = Numbers(1);
        let reports = Reports::new(&mut numbers, 40, 200);
        for (environment, together) in [("production", 1), ("staging", 17), ("development", 1_000)] {
            let environment = shop.environment(environment).id;
            for batches in reports.batches(&mut numbers, environment).chunks(together) {
                storage.record_usage(batches).await.expect("kept");
            }
            assert_exact(&storage, environment, &reports).await;
        }
    }

    async fn impact_is_exact_when_several_nodes_record_at_once(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        let mut numbers = Numbers(2);
        let reports = Reports::new(&mut numbers, 30, 150);
        let batches = reports.batches(&mut numbers, environment);
        let mut nodes = JoinSet::new();
        for node in 0..4 {
            let storage = database.open().await;
            let own: Vec<_> = batches.iter().skip(node).step_by(4).cloned().collect();
            nodes.spawn(async move {
                for batches in own.chunks(5) {
                    storage.record_usage(batches).await.expect("kept");
                }
            });
        }
        nodes.join_all().await;
        assert_exact(&storage, environment, &reports).await;
    }

    async fn a_conversion_moves_to_the_day_of_an_event_that_is_reported_late(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        let batches = [
            acted(environment, "early", purchase("ada", 1, DAY + hours(60))),
            exposed(environment, "exposed", exposure("ada", "on", DAY + hours(1))),
            acted(environment, "late", purchase("ada", 2, DAY + hours(2))),
            acted(environment, "before", purchase("ada", 4, DAY)),
        ];
        let first_day = async || impact(&storage, environment, DAY, DAY + days(1)).await;
        let all = async || impact(&storage, environment, DAY, DAY + days(9)).await;
        storage.record_usage(&batches[..2]).await.expect("kept");
        assert_eq!((first_day().await, all().await), (vec![of("on", 1, 0, 0, 0)], vec![of("on", 1, 1, 1, 1)]));
        storage.record_usage(&batches[2..]).await.expect("kept");
        assert_eq!((first_day().await, all().await), (vec![of("on", 1, 1, 1, 2)], vec![of("on", 1, 1, 2, 3)]));
    }

    async fn somebody_who_is_reported_again_is_exposed_once_from_the_time_reported_first(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        for (id, at) in [("b1", DAY + hours(30)), ("b2", DAY + hours(1)), ("b3", DAY + hours(60))] {
            storage.record_usage(&[exposed(environment, id, exposure("ada", "on", at))]).await.expect("kept");
        }
        let bought = acted(environment, "b4", purchase("ada", 5, DAY + hours(29)));
        storage.record_usage(&[bought]).await.expect("kept");
        assert_eq!(impact(&storage, environment, DAY, DAY + days(9)).await, [of("on", 1, 0, 0, 0)]);
        assert_eq!(impact(&storage, environment, DAY, DAY + days(1)).await, []);
    }

    async fn impact_is_of_the_days_in_utc_that_hold_the_times_asked_for(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        let at = datetime!(2026-02-20 23:30 -5);
        storage.record_usage(&[exposed(environment, "b1", exposure("ada", "on", at))]).await.expect("kept");
        let asked = async |from, to| impact(&storage, environment, from, to).await.len();
        assert_eq!(asked(datetime!(2026-02-20 00:00 UTC), datetime!(2026-02-21 00:00 UTC)).await, 0);
        assert_eq!(asked(datetime!(2026-02-21 10:00 UTC), datetime!(2026-02-21 11:00 UTC)).await, 1);
    }

    async fn the_list_adds_up_any_hours_across_whole_days_and_parts_of_days(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["checkout", "search"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("made");
        }
        let environment = shop.environment("production").id;
        let count = |flag: &str, count| UsageCount {
            flag: flag.to_owned(),
            flag_version: None,
            variation: Some("on".to_owned()),
            reason: "STATIC".to_owned(),
            count,
        };
        // Each hour a number of its own, so that no other hours add up to the same.
        let batch = |hour: i64| UsageBatch {
            counted_at: DAY + hours(hour) + Duration::minutes(59),
            counts: vec![count("checkout", 1 << (hour % 30)), count("search", hour + 1)],
            ..empty(environment, &format!("b{hour}"))
        };
        let batches: Vec<_> = (0..100).map(batch).collect();
        storage.record_usage(&batches).await.expect("kept");
        for (from, to) in [(0, 100), (3, 5), (23, 25), (24, 48), (20, 28), (30, 99), (0, 24), (47, 49), (48, 50), (46, 48)] {
            let listed = listed(&storage, &shop, DAY + hours(from), DAY + hours(to)).await;
            let checkout = (from..to).map(|hour| 1 << (hour % 30)).sum();
            let search = (from..to).map(|hour| hour + 1).sum();
            let expected = [("checkout".to_owned(), served(Some("on"), checkout)), ("search".to_owned(), served(Some("on"), search))];
            assert_eq!(listed, expected, "hours {from} to {to}");
        }
    }

    async fn a_deleted_flag_s_usage_is_listed_no_more(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["archived", "checkout", "deleted"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("made");
        }
        let environment = shop.environment("production").id;
        let count = |flag: &str| UsageCount {
            flag: flag.to_owned(),
            flag_version: None,
            variation: None,
            reason: "ERROR".to_owned(),
            count: 1,
        };
        let counts = vec![count("archived"), count("checkout"), count("deleted")];
        storage.record_usage(&[UsageBatch { counts, ..empty(environment, "b1") }]).await.expect("kept");
        let archive = |flag: &str| Command::UpdateFlag {
            project: key("shop"),
            flag: key(flag),
            patch: peekaboo_storage::FlagPatch { archived: Some(true), ..Default::default() },
            expected_version: None,
        };
        for flag in ["archived", "deleted"] {
            storage.execute(shop.id(), archive(flag), &by()).await.expect("archived");
        }
        let delete = Command::DeleteFlag { project: key("shop"), flag: key("deleted"), expected_version: None };
        storage.execute(shop.id(), delete, &by()).await.expect("deleted");
        let listed = listed(&storage, &shop, NOW - days(2), NOW + days(2)).await;
        assert_eq!(listed, [("checkout".to_owned(), served(None, 1))]);
    }

    async fn more_rows_than_one_statement_takes_are_all_recorded(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        let who = |number: i64| format!("user-{number}");
        let batch = UsageBatch {
            exposures: (0..1_000).map(|n| exposure(&who(n), "on", DAY + Duration::seconds(n))).collect(),
            events: (0..1_000).map(|n| purchase(&who(n), 1, DAY + hours(1))).collect(),
            ..empty(environment, "whole")
        };
        storage.record_usage(&[batch]).await.expect("kept");
        assert_eq!(impact(&storage, environment, DAY, DAY + days(1)).await, [of("on", 1_000, 1_000, 1_000, 1_000)]);
        let batches: Vec<_> = (0..700).map(|n| acted(environment, &n.to_string(), purchase("user-1", 0, DAY))).collect();
        let new = storage.record_usage(&batches).await.expect("kept");
        assert!(new.iter().all(|new| *new) && new.len() == 700);
        let new = storage.record_usage(&batches).await.expect("kept");
        assert!(new.iter().all(|new| !*new) && new.len() == 700);
    }

    async fn sums_by_the_day_are_forgotten_when_all_of_the_day_is_old(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("made");
        let environment = shop.environment("production").id;
        for day in 0..3 {
            let at = DAY + days(day) + hours(12);
            let who = format!("user-{day}");
            let count = UsageCount {
                flag: "checkout".to_owned(),
                flag_version: None,
                variation: None,
                reason: "STATIC".to_owned(),
                count: 1,
            };
            let batch = UsageBatch {
                counted_at: at,
                counts: vec![count],
                exposures: vec![exposure(&who, "on", at)],
                events: vec![purchase(&who, 1, at)],
                ..empty(environment, &who)
            };
            storage.record_usage(&[batch]).await.expect("kept");
        }
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        for table in [UsageTable::DailyCounts, UsageTable::DailyExposures, UsageTable::DailyImpact] {
            // In the middle of the second day, which is therefore kept.
            let before = DAY + days(1) + hours(13);
            let forgotten = storage.forget_usage(step.transaction(), table, before, 10).await.expect("forgotten");
            assert_eq!(forgotten, 1, "{table}");
        }
        assert!(step.finish().await.expect("committed"));
        assert_eq!(impact(&storage, environment, DAY, DAY + days(9)).await, [of("on", 2, 2, 2, 2)]);
        let listed = listed(&storage, &shop, DAY, DAY + days(9)).await;
        assert_eq!(listed, [("checkout".to_owned(), served(None, 2))]);
    }

    async fn an_event_is_kept_while_an_exposure_is_that_it_may_have_followed(database: Database) {
        let storage = database.open().await;
        let environment = Shop::set_up(&storage).await.environment("production").id;
        let bought = |id: &str, at| acted(environment, id, purchase("ada", 1, at));
        let batches = [
            exposed(environment, "exposed", exposure("ada", "on", DAY)),
            bought("first", DAY + hours(1)),
        ];
        storage.record_usage(&batches).await.expect("kept");
        let task = any_task(&storage).await;
        let mut step = storage.begin_task(&task).await.expect("begun");
        let mut forgotten = Vec::new();
        for table in [UsageTable::Events, UsageTable::Exposures, UsageTable::Events] {
            let rows = storage.forget_usage(step.transaction(), table, DAY + days(1), 10).await;
            forgotten.push(rows.expect("forgotten"));
        }
        assert!(step.finish().await.expect("committed"));
        assert_eq!(forgotten, [0, 1, 1]);
        // Who is not known any more converts no second time.
        storage.record_usage(&[bought("second", DAY + hours(40))]).await.expect("kept");
        assert_eq!(impact(&storage, environment, DAY, DAY + days(9)).await, [of("on", 1, 1, 1, 1)]);
    }
}
