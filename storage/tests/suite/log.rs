//! The log is cut short, and says so; another epoch begins another history.

use std::time::Duration;

use peekaboo_storage::{ChangesSince, Command, Hint, Options, Storage};

use crate::harness::{Shop, by, create_flag, key, on_both, soon, toggle};

on_both! {
    async fn who_holds_a_version_that_the_log_no_longer_reaches_is_told(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let production = shop.environment("production");
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        for change in 0..10 {
            storage.execute(shop.id(), toggle("production", "checkout", change % 2 == 0), &by()).await.expect("toggled");
        }
        let head = production.version + 11;
        let since = async |version| {
            storage.changes_since(production.id, &production.epoch, version, 100).await.expect("read")
        };
        let entries = async |version| match since(version).await {
            ChangesSince::Entries(entries) => Some(entries.len()),
            ChangesSince::Unreachable => None,
        };
        assert_eq!(entries(head).await, Some(0), "nothing is new");
        assert_eq!(entries(head - 11).await, Some(11));
        assert_eq!(entries(head + 1).await, None, "a version that never was");
        assert_eq!(storage.trim_log(production.id, 4).await.expect("trimmed"), 7);
        assert_eq!(entries(head - 4).await, Some(4));
        assert_eq!(entries(head - 5).await, None, "an entry is missing in between");
        assert_eq!(entries(head).await, Some(0));
        assert_eq!(storage.trim_log(production.id, 0).await.expect("trimmed"), 4);
        assert_eq!(entries(head).await, Some(0));
        assert_eq!(entries(head - 1).await, None);
        let ruleset = storage.ruleset(production.id).await.expect("read").expect("there");
        assert_eq!(ruleset.version, head.unsigned_abs());
    }

    async fn the_feed_keeps_the_log_short(database: Database) {
        let options = Options { log_retention: 5, poll: Some(Duration::from_millis(20)), ..database.options() };
        let storage = Storage::start(options).await.expect("opened");
        let shop = Shop::set_up(&storage).await;
        let production = shop.environment("production");
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        for change in 0..12 {
            storage.execute(shop.id(), toggle("production", "checkout", change % 2 == 0), &by()).await.expect("toggled");
        }
        let head = production.version + 13;
        let _feed = storage.feed();
        soon(async {
            while storage.changes_since(production.id, &production.epoch, head - 6, 100).await.expect("read")
                != ChangesSince::Unreachable
            {
                tokio::task::yield_now().await;
            }
        })
        .await;
        let kept = storage.changes_since(production.id, &production.epoch, head - 5, 100).await.expect("read");
        assert!(matches!(kept, ChangesSince::Entries(entries) if entries.len() == 5));
    }

    async fn another_epoch_is_another_history(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let before = shop.environment("production");
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let mut feed = storage.feed();
        let reset = Command::ResetEpoch { project: key("shop"), environment: key("production") };
        let reset = storage.execute(shop.id(), reset, &by()).await.expect("reset");
        let after = reset.outcome.environment().expect("an environment");
        assert_ne!(after.epoch, before.epoch);
        assert!(after.version > before.version + 1, "versions go on rising all the same");
        let told = soon(async {
            loop {
                if let Some(Hint::Environment { epoch, .. }) = feed.recv().await {
                    return epoch;
                }
            }
        });
        assert_eq!(told.await, after.epoch);
        for (epoch, version) in [(&before.epoch, before.version), (&before.epoch, after.version), (&after.epoch, before.version)] {
            let since = storage.changes_since(after.id, epoch, version, 10).await.expect("read");
            assert_eq!(since, ChangesSince::Unreachable, "{epoch} {version}");
        }
        let committed = storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        assert_eq!(committed.changes[0].epoch, after.epoch);
        let since = storage.changes_since(after.id, &after.epoch, after.version, 10).await.expect("read");
        assert!(matches!(since, ChangesSince::Entries(entries) if entries.len() == 1));
        let ruleset = storage.ruleset(after.id).await.expect("read").expect("there");
        assert_eq!(ruleset.epoch, after.epoch);
    }

    async fn after_a_restore_every_environment_begins_another_history(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let before: Vec<_> = ["development", "staging", "production"].map(|key| shop.environment(key)).into();
        assert_eq!(storage.reset_epochs(&by()).await.expect("reset"), before.len());
        for environment in before {
            let ruleset = storage.ruleset(environment.id).await.expect("read").expect("there");
            assert_ne!(ruleset.epoch, environment.epoch, "{}", environment.key);
        }
    }
}
