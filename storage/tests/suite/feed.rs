//! Hints reach every node, whichever way is cut off.

use std::time::Duration;

use peekaboo_storage::{Command, EnvironmentId, Error, Feed, FlagPatch, Hint, Options, Storage};

use crate::harness::{
    Shop, by, create_flag, key, on_both, on_postgres_only, server, soon, statement, toggle,
};

/// Never looks by itself within a test.
const NEVER: Option<Duration> = Some(Duration::from_hours(1));

fn open(options: Options) -> Storage {
    Storage::open(options).expect("opened")
}

/// Waits until the feed tells of a version of an environment.
async fn told(feed: &mut Feed, environment: EnvironmentId, version: i64) {
    soon(async {
        loop {
            match feed.recv().await.expect("the feed goes on") {
                Hint::Environment {
                    environment: told,
                    version: reached,
                    ..
                } if told == environment && reached >= version => {
                    return;
                }
                _ => {}
            }
        }
    })
    .await;
}

on_both! {
    async fn a_node_tells_itself_at_once(database: Database) {
        let storage = open(Options { poll: NEVER, notify: false, ..database.options() });
        storage.migrate().await.expect("migrated");
        let mut feed = storage.feed();
        let shop = Shop::set_up(&storage).await;
        let committed = storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        for change in &committed.changes {
            told(&mut feed, change.environment, change.version).await;
        }
    }

    async fn a_node_that_hears_nothing_looks_for_itself(database: Database) {
        let writer = open(Options { notify: false, ..database.options() });
        writer.migrate().await.expect("migrated");
        let shop = Shop::set_up(&writer).await;
        writer.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let poll = Some(Duration::from_millis(20));
        let reader = open(Options { poll, notify: false, ..database.options() });
        let mut feed = reader.feed();
        assert_eq!(soon(feed.recv()).await, Some(Hint::Everything), "the first look");
        for enabled in [true, false, true] {
            let command = toggle("production", "checkout", enabled);
            let committed = writer.execute(shop.id(), command, &by()).await.expect("toggled");
            let change = &committed.changes[0];
            assert_eq!(
                soon(feed.recv()).await,
                Some(Hint::Environment {
                    organization: shop.id(),
                    environment: change.environment,
                    epoch: change.epoch.clone(),
                    version: change.version,
                }),
                "each change is told once, and nothing else"
            );
        }
        let renamed = writer.rename_organization(shop.id(), "Acme & Co", None, &by()).await.expect("renamed");
        assert_eq!(
            soon(feed.recv()).await,
            Some(Hint::Organization { organization: shop.id(), revision: renamed.revision })
        );
        assert!(!*reader.staleness().borrow());
    }

    async fn a_change_of_keys_says_whose_they_are(database: Database) {
        let storage = open(Options { poll: NEVER, notify: false, ..database.options() });
        storage.migrate().await.expect("migrated");
        let shop = Shop::set_up(&storage).await;
        let mut feed = storage.feed();
        let created = &shop.created.keys[0];
        let environment = created.key.environment;
        let revoke = Command::RevokeSdkKey {
            project: key("shop"),
            environment: created.environment.clone(),
            key: created.key.id,
            expected_version: None,
        };
        let revoked = storage.execute(shop.id(), revoke, &by()).await.expect("revoked");
        assert_eq!(revoked.keys_of, Some(environment));
        let revision = revoked.revision.expect("raised");
        let expected = Hint::Keys { organization: shop.id(), environment, revision };
        soon(async { while feed.recv().await.expect("the feed goes on") != expected {} }).await;
        let tenant = storage.tenant(shop.id()).await.expect("read").expect("there");
        assert_eq!(tenant.revision, revision);
        let listed: Vec<_> = tenant.keys.into_iter().filter(|key| key.environment == environment).collect();
        assert_eq!(listed.len(), 1, "the other one");
        assert_eq!(storage.keys_of(environment).await.expect("read"), listed);
        let created = storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        assert_eq!((created.revision, created.keys_of), (None, None));
        let counts = storage.flag_counts(shop.id()).await.expect("read");
        assert_eq!(counts, [(key("shop"), 1)].into());
        let more_than = async |flags| storage.has_more_flags(environment, flags).await.expect("read");
        assert_eq!((more_than(0).await, more_than(1).await), (true, false));
    }

    async fn a_slow_subscriber_is_told_to_look_at_everything(database: Database) {
        let storage = open(Options { poll: NEVER, notify: false, ..database.options() });
        storage.migrate().await.expect("migrated");
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let mut slow = storage.feed();
        // Each tells of every environment: more hints than are kept for anybody.
        for change in 0..350 {
            let patch = FlagPatch { track: Some(change % 2 == 0), ..FlagPatch::default() };
            let command = Command::UpdateFlag {
                project: key("shop"),
                flag: key("checkout"),
                patch,
                expected_version: None,
            };
            storage.execute(shop.id(), command, &by()).await.expect("updated");
        }
        assert_eq!(soon(slow.recv()).await, Some(Hint::Everything));
    }
}

on_postgres_only! {
    async fn a_node_that_never_looks_hears_of_changes(database: Database) {
        let writer = open(Options { poll: NEVER, ..database.options() });
        writer.migrate().await.expect("migrated");
        let shop = Shop::set_up(&writer).await;
        let created = writer.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let production = shop.environment("production").id;
        let reader = open(Options { poll: None, ..database.options() });
        let mut feed = reader.feed();
        assert_eq!(soon(feed.recv()).await, Some(Hint::Everything), "it listens now");
        let before = created.changes.iter().find(|change| change.environment == production).expect("told").version;
        for (later, enabled) in [(1, true), (2, false)] {
            writer.execute(shop.id(), toggle("production", "checkout", enabled), &by()).await.expect("toggled");
            told(&mut feed, production, before + later).await;
        }
    }

    async fn a_lost_listener_comes_back(database: Database) {
        let writer = open(Options { poll: NEVER, ..database.options() });
        writer.migrate().await.expect("migrated");
        let shop = Shop::set_up(&writer).await;
        writer.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let production = shop.environment("production").id;
        let reader = open(Options { poll: None, ..database.options() });
        let mut feed = reader.feed();
        assert_eq!(soon(feed.recv()).await, Some(Hint::Everything), "it listens");
        database
            .raw(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND query LIKE 'LISTEN%'",
            )
            .await
            .close()
            .await;
        // It listens again, and may have missed something.
        soon(async { while feed.recv().await != Some(Hint::Everything) {} }).await;
        let committed = writer.execute(shop.id(), toggle("production", "checkout", true), &by()).await.expect("toggled");
        told(&mut feed, production, committed.changes[0].version).await;
    }

    async fn a_node_knows_that_it_may_be_stale(database: Database) {
        let options = Options {
            poll: Some(Duration::from_millis(50)),
            acquire_timeout: Duration::from_millis(300),
            ..database.options()
        };
        let storage = open(options);
        storage.migrate().await.expect("migrated");
        let shop = Shop::set_up(&storage).await;
        let _feed = storage.feed();
        let mut stale = storage.staleness();
        let (server, name) = (server(), database.name());
        statement(&server, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")).await;
        let kill = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        statement(&server, kill).await;
        soon(stale.wait_for(|stale| *stale)).await.expect("the storage lives");
        let refused = storage.rename_organization(shop.id(), "Acme & Co", None, &by()).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        let refused = storage.execute(shop.id(), create_flag("checkout"), &by()).await;
        assert!(matches!(refused, Err(Error::Unavailable(_))), "{refused:?}");
        statement(&server, format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await;
        soon(stale.wait_for(|stale| !*stale)).await.expect("the storage lives");
        let organization = storage.organization(&key("acme")).await.expect("it answers again");
        assert_eq!(organization.expect("there").name, "Acme");
    }
}
