//! A change commits once: gapless versions in commit order, with a log and an audit entry for each.

use std::collections::BTreeMap;

use peekaboo_storage::{ChangesSince, EnvironmentId, Storage};
use tokio::task::JoinSet;

use crate::harness::{Held, Shop, by, create_flag, on_both, soon, toggle};

const WRITERS: usize = 4;
const CHANGES_EACH: usize = 12;

on_both! {
    async fn many_writers_make_gapless_versions_in_commit_order(database: Database) {
        let shop = Shop::set_up(&database.open().await).await;
        let storage = database.open().await;
        let organization = shop.id();
        let production = shop.environment("production").id;
        for writer in 0..WRITERS {
            storage.execute(organization, create_flag(&format!("flag-{writer}")), &by()).await.expect("created");
        }
        let start = storage.ruleset(production).await.expect("read").expect("there");
        let held = Held::by(&storage, organization).await;
        let first = i64::try_from(start.version).expect("small") + 1;
        let last = first - 1 + i64::try_from(WRITERS * CHANGES_EACH).expect("small");
        let reader = tokio::spawn(tail(database.open().await, production, start.epoch.clone(), first - 1, last));

        // Each writer is a node of its own, with a flag of its own, toggled back and forth.
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let node = database.open().await;
            writers.spawn(async move {
                let mut versions = Vec::new();
                for change in 0..CHANGES_EACH {
                    let command = toggle("production", &format!("flag-{writer}"), change % 2 == 0);
                    let committed = node.execute(organization, command, &by()).await.expect("committed");
                    assert_eq!(committed.changes.len(), 1, "one environment is touched");
                    versions.push(committed.changes[0].version);
                }
                versions
            });
        }
        let versions = writers.join_all().await;
        for own in &versions {
            assert!(own.is_sorted(), "a writer's own versions rise: {own:?}");
        }
        let mut all: Vec<i64> = versions.into_iter().flatten().collect();
        all.sort_unstable();
        let expected: Vec<i64> = (first..=last).collect();
        assert_eq!(all, expected, "every version is somebody's, and nobody else's");

        let changes = held.assert_whole(&storage, organization).await;
        assert_eq!(changes, all.len());
        soon(reader).await.expect("the reader saw each version once, in order");
    }

    async fn a_change_of_several_environments_raises_each_by_one(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let before = versions(&storage, &shop).await;
        let committed = storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let after = versions(&storage, &shop).await;
        assert_eq!(after.len(), 3);
        for (environment, version) in &after {
            assert_eq!(*version, before[environment] + 1);
            let change = committed.changes.iter().find(|change| change.environment == *environment).expect("told");
            assert_eq!(change.version, *version);
            assert!(change.changes.put_flags.contains_key("checkout"));
            let ChangesSince::Entries(entries) =
                storage.changes_since(*environment, &change.epoch, version - 1, 10).await.expect("read")
            else {
                panic!("the log reaches back one version")
            };
            assert_eq!(entries.len(), 1);
            assert_eq!(entries[0].changes, change.changes);
        }
    }
}

/// Reads the log from the version held until `last`, as another node does while changes are being made: a version that
/// became visible before the one in front of it would be a gap here.
async fn tail(node: Storage, environment: EnvironmentId, epoch: String, mut held: i64, last: i64) {
    while held < last {
        let since = node.changes_since(environment, &epoch, held, 3).await;
        let ChangesSince::Entries(entries) = since.expect("read") else {
            panic!("the log leads on from {held}");
        };
        for entry in entries {
            assert_eq!(entry.version, held + 1, "no version is passed over");
            held = entry.version;
        }
    }
}

/// Every environment's version.
async fn versions(storage: &Storage, shop: &Shop) -> BTreeMap<EnvironmentId, i64> {
    let tenant = storage
        .tenant(shop.id())
        .await
        .expect("read")
        .expect("there");
    let environments = tenant.environments.into_iter();
    environments
        .map(|environment| (environment.id, environment.version))
        .collect()
}
