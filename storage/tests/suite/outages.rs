//! A database that does not answer is told of soon, and never waited for.

use std::time::{Duration, Instant};

use peekaboo_storage::{Error, Options, Storage, WriteRefusal};
use tokio::net::TcpListener;

use crate::harness::{Database, Shop, by, create_flag, key, on_both, on_sqlite, soon, toggle};

/// Within this an answer comes, whatever happens to the database.
const BOUND: Duration = Duration::from_secs(5);

on_both! {
    async fn a_lock_that_is_not_let_go_is_not_waited_for(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let hasty = Storage::open(Options {
            statement_timeout: Duration::from_secs(1),
            ..database.options()
        })
        .expect("opened");
        let lock = database.raw("BEGIN; UPDATE environments SET version = version").await;
        let asked = Instant::now();
        let refused = hasty.execute(shop.id(), toggle("production", "checkout", true), &by()).await;
        assert!(matches!(refused, Err(Error::TimedOut(_))), "the database is there: {refused:?}");
        assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
        let ruleset = hasty.ruleset(shop.environment("production").id).await;
        assert!(ruleset.expect("reads go on").is_some());
        lock.close().await;
        let committed = storage.execute(shop.id(), toggle("production", "checkout", true), &by()).await;
        assert!(committed.expect("the lock is gone").is_changed());
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_is_not_waited_for() {
    // It accepts connections, as its listen queue does, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = silent.local_addr().expect("bound");
    let url = format!("postgres://peekaboo@{address}/peekaboo")
        .parse()
        .expect("an address");
    unavailable_in_time(Options::new(url)).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_of() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = gone.local_addr().expect("bound");
    drop(gone);
    let url = format!("postgres://peekaboo@{address}/peekaboo")
        .parse()
        .expect("an address");
    unavailable_in_time(Options::new(url)).await;
}

#[tokio::test]
async fn a_refused_connection_is_named_when_the_schema_is_brought_up_to_date() {
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = gone.local_addr().expect("bound");
    drop(gone);
    let url = format!("postgres://peekaboo@{address}/peekaboo");
    let storage = Storage::start(Options {
        acquire_timeout: Duration::from_millis(200),
        ..Options::new(url.parse().expect("an address"))
    });
    let refused = storage.await.err().expect("nobody listens");
    assert!(matches!(refused, Error::Unavailable(_)), "{refused:?}");
    assert!(
        refused.to_string().contains("Connection refused"),
        "{refused}"
    );
}

async fn unavailable_in_time(options: Options) {
    let storage = Storage::open(options).expect("opening does not connect");
    let asked = Instant::now();
    let answer = storage.organization(&key("acme")).await;
    assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_changes_and_is_recovered_from_without_a_restart() {
    on_sqlite(full_and_recovered).await;
}

async fn full_and_recovered(database: Database) {
    let shop = Shop::set_up(&database.open().await).await;
    let mut disk = database.raw("SELECT 1").await;
    let pages = disk.number("PRAGMA page_count").await;
    let storage = Storage::start(Options {
        poll: Some(Duration::from_millis(20)),
        max_pages: Some(u32::try_from(pages).expect("few") + 40),
        ..database.options()
    })
    .await
    .expect("opened");
    let _feed = storage.feed();
    let (mut stale, mut refusal) = (storage.staleness(), storage.write_refusal());
    let mut refused = None;
    for number in 0..1_000 {
        let flag = create_flag(&format!("flag-{number}"));
        refused = storage.execute(shop.id(), flag, &by()).await.err();
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.expect("there is no room for a thousand flags");
    assert!(matches!(refused, Error::Full(_)), "{refused:?}");
    assert!(refused.is_temporary());
    let why = soon(refusal.wait_for(Option::is_some))
        .await
        .map(|why| *why);
    assert_eq!(why.expect("open"), Some(WriteRefusal::Full));
    soon(stale.wait_for(|stale| *stale)).await.expect("open");
    let read = storage.organization(&key("acme")).await;
    assert!(read.expect("reads go on").is_some());

    assert!(
        disk.run("DELETE FROM audit_log; DELETE FROM change_log")
            .await
    );
    soon(stale.wait_for(|stale| !*stale)).await.expect("open");
    assert_eq!(*refusal.borrow(), None);
    let committed = storage
        .execute(shop.id(), create_flag("after"), &by())
        .await;
    assert!(committed.expect("there is room").is_changed());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_named_at_once() {
    // Nobody can make a file there, not even root.
    let url = "sqlite:/sys/peekaboo.db".parse().expect("an address");
    let asked = Instant::now();
    let refused = Storage::start(Options::new(url))
        .await
        .err()
        .expect("read-only");
    assert!(matches!(refused, Error::ReadOnly(_)), "{refused:?}");
    assert!(refused.to_string().contains("/sys"), "{refused}");
    assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
}

#[tokio::test]
async fn a_server_that_is_away_costs_one_call_the_time_for_a_connection() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("bound");
    let address = silent.local_addr().expect("bound");
    let url = format!("postgres://peekaboo@{address}/peekaboo");
    let storage = Storage::open(Options {
        acquire_timeout: Duration::from_millis(900),
        ..Options::new(url.parse().expect("an address"))
    })
    .expect("opening does not connect");
    let asked = Instant::now();
    for _ in 0..20 {
        let answer = storage.organization(&key("acme")).await;
        assert!(matches!(answer, Err(Error::Unavailable(_))), "{answer:?}");
    }
    assert!(asked.elapsed() < BOUND, "{:?}", asked.elapsed());
}
