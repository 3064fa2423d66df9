//! A database that does not answer is told of soon, and never waited for.

use std::time::{Duration, Instant};

use peekaboo_storage::{Error, Options, Storage};
use tokio::net::TcpListener;

use crate::harness::{Shop, by, create_flag, key, on_both, toggle};

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
