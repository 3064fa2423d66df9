//! The chain of hashes: what was written is what is there, and a change behind the hub's back is found.

use peekaboo_storage::{
    Attribution, AuditFilter, BrokenChain, ChainHash, DeleteRemains, Origin, Page, Storage,
    TargetingPatch, TaskKinds,
};
use serde_json::json;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;

use crate::harness::{Database, NOW, Shop, by, create_flag, on_both, target, toggle};

/// The shop with some changes, some of them with numbers that the two databases keep differently.
async fn busy(storage: &Storage) -> Shop {
    let shop = Shop::set_up(storage).await;
    storage
        .execute(shop.id(), create_flag("checkout"), &by())
        .await
        .expect("created");
    for nth in 0..3 {
        let by = Attribution {
            origin: Some(Origin::of("192.0.2.7".to_owned(), Some("Fire\u{0}fox"))),
            ..Attribution::user(shop.owner.id, "Ada", NOW + Duration::days(nth))
        };
        let on = nth % 2 == 0;
        storage
            .execute(shop.id(), toggle("production", "checkout", on), &by)
            .await
            .expect("toggled");
    }
    let values = [
        json!(1e21),
        json!(1.0),
        json!(0.1),
        json!(5e-324),
        json!(u64::MAX),
        json!(-0.0),
        json!("\u{1F47B}"),
    ];
    let targets = vec![peekaboo_flags::model::Target {
        variation: "on".to_owned(),
        attribute: "targetingKey".to_owned(),
        values: values.into(),
    }];
    let patch = TargetingPatch {
        targets: Some(targets),
        ..TargetingPatch::default()
    };
    storage
        .execute(shop.id(), target("staging", "checkout", patch), &by())
        .await
        .expect("changed");
    shop
}

async fn verify(storage: &Storage, shop: &Shop) -> Result<u64, BrokenChain> {
    let verified = storage.verify_audit(shop.id(), None).await.expect("read");
    verified.map(|verified| verified.entries)
}

/// Deletes what is older, as background work does.
async fn forget(storage: &Storage, before: OffsetDateTime) -> u64 {
    let mut kinds = TaskKinds::default();
    kinds.add("deletion", 1);
    storage
        .queue_task(&DeleteRemains {}, NOW, NOW)
        .await
        .expect("queued");
    let claimed = storage
        .claim_tasks(&kinds, 1, NOW, NOW + Duration::MINUTE)
        .await
        .expect("claimed");
    let mut step = storage.begin_task(&claimed[0]).await.expect("begun");
    let forgotten = storage
        .forget_audit(step.transaction(), before, 100)
        .await
        .expect("forgotten");
    step.finish().await.expect("committed");
    forgotten
}

async fn change(database: &Database, sql: &str) {
    database.raw(sql).await.close().await;
}

on_both! {
    async fn what_was_written_is_a_whole_chain(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let listed = storage.audit(shop.id(), &AuditFilter::default(), &Page::first(100)).await.expect("read").items;
        assert_eq!(verify(&storage, &shop).await, Ok(listed.len() as u64));
        let numbers: Vec<_> = listed.iter().rev().map(|entry| entry.link.expect("linked").sequence).collect();
        assert_eq!(numbers, (1..=i64::try_from(listed.len()).expect("few")).collect::<Vec<_>>());
        let origin = listed.iter().find_map(|entry| entry.origin.clone()).expect("an origin");
        assert_eq!(origin, Origin::of("192.0.2.7".to_owned(), Some("Firefox")));
        let [trail] = &storage.audit_trails().await.expect("read")[..] else { panic!("one organization") };
        assert_eq!((trail.key.as_str(), trail.head.sequence), ("acme", *numbers.last().expect("some")));
        for (head, contains) in [(trail.head.hash, true), (listed[2].link.expect("linked").hash, true), (ChainHash::of(&json!({})).expect("JSON"), false)] {
            let verified = storage.verify_audit(shop.id(), Some(head)).await.expect("read").expect("whole");
            assert_eq!(verified.contains, Some(contains), "{head}");
        }
    }

    async fn a_change_behind_the_hubs_back_is_found(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        change(&database, "UPDATE audit_log SET actor_name = 'Eve' WHERE sequence = 4").await;
        assert_eq!(verify(&storage, &shop).await, Err(BrokenChain::Changed { sequence: 4 }));
        change(&database, "UPDATE audit_log SET actor_name = 'Ada' WHERE sequence = 4").await;
        change(&database, "DELETE FROM audit_log WHERE sequence = 3").await;
        assert_eq!(verify(&storage, &shop).await, Err(BrokenChain::Gap { expected: 3, found: 4 }));
    }

    async fn removing_the_end_of_the_chain_is_found(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let last = i64::try_from(verify(&storage, &shop).await.expect("whole")).expect("few");
        change(&database, &format!("DELETE FROM audit_log WHERE sequence = {last}")).await;
        assert_eq!(verify(&storage, &shop).await, Err(BrokenChain::Truncated { expected: last, found: last - 1 }));
    }

    async fn writers_at_once_make_one_chain(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        for flag in ["a", "b", "c"] {
            storage.execute(shop.id(), create_flag(flag), &by()).await.expect("created");
        }
        let before = verify(&storage, &shop).await.expect("whole");
        let mut writers = JoinSet::new();
        for flag in ["a", "b", "c"] {
            for environment in ["production", "staging"] {
                let (storage, id) = (storage.clone(), shop.id());
                writers.spawn(async move {
                    for nth in 0..5 {
                        storage.execute(id, toggle(environment, flag, nth % 2 == 0), &by()).await.expect("toggled");
                    }
                });
            }
        }
        writers.join_all().await;
        assert_eq!(verify(&storage, &shop).await, Ok(before + 30));
    }

    async fn retention_leaves_a_chain_that_can_be_verified(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let all = verify(&storage, &shop).await.expect("whole");
        let forgotten = forget(&storage, NOW + Duration::hours(1)).await;
        assert!(forgotten > 0 && forgotten < all, "{forgotten} of {all}");
        let verified = storage.verify_audit(shop.id(), None).await.expect("read").expect("whole");
        assert_eq!((verified.entries, verified.forgotten.unsigned_abs()), (all - forgotten, forgotten));
        storage.execute(shop.id(), create_flag("later"), &by()).await.expect("created");
        assert_eq!(verify(&storage, &shop).await, Ok(all - forgotten + 1));
    }

    async fn the_head_outlives_the_organization_and_says_that_it_was_deleted(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let before = verify(&storage, &shop).await.expect("whole");
        storage.delete_organization(shop.id(), &by()).await.expect("deleted");
        let newest = storage.audit_after(shop.id(), 0, 100).await.expect("read").pop().expect("an entry");
        assert_eq!((newest.action.as_str(), newest.subject.key.as_str()), ("organization.deleted", "acme"));
        change(&database, "DELETE FROM audit_log").await;
        let trail = storage.audit_trail(shop.id()).await.expect("read").expect("a chain");
        assert!(trail.is_deleted);
        assert_eq!((trail.key.as_str(), trail.head.sequence.unsigned_abs()), ("acme", before + 1));
        let noted = Some(newest.link.expect("linked").hash);
        let verified = storage.verify_audit(shop.id(), noted).await.expect("read").expect("whole");
        assert_eq!(verified.contains, Some(true));
    }

    async fn entries_of_an_older_release_are_chained_when_the_schema_is_brought_up_to_date(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let all = verify(&storage, &shop).await.expect("whole");
        change(&database, "UPDATE audit_log SET sequence = NULL, previous = NULL, hash = NULL; DELETE FROM audit_heads").await;
        storage.migrate().await.expect("brought up to date");
        assert_eq!(verify(&storage, &shop).await, Ok(all));
    }

    async fn the_list_is_narrowed_by_person_and_time(database: Database) {
        let storage = database.open().await;
        let shop = busy(&storage).await;
        let count = async |filter: AuditFilter| storage.audit(shop.id(), &filter, &Page::first(100)).await.expect("read").items.len();
        let ada = AuditFilter { actor: Some(shop.owner.id.as_uuid()), action: Some("targeting.updated".to_owned()), ..AuditFilter::default() };
        assert_eq!(count(ada.clone()).await, 3);
        let day = |nth| Some(NOW + Duration::days(nth));
        assert_eq!(count(AuditFilter { since: day(1), ..ada.clone() }).await, 2);
        assert_eq!(count(AuditFilter { until: day(1), ..ada.clone() }).await, 1);
        assert_eq!(count(AuditFilter { since: day(1), until: day(2), ..ada }).await, 1);
    }
}
