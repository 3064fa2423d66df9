//! A crash between write and acknowledgement loses nothing acknowledged and leaves no half.

use std::future::poll_fn;
use std::pin::pin;
use std::process::Stdio;
use std::task::Poll;

use peekaboo_storage::{Error, Options, Storage};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process;
use tokio::task::JoinSet;

use crate::harness::{
    Database, Held, Shop, by, create_flag, key, on_both, on_postgres_only, soon, toggle,
};

/// Names the database to the process that is to be killed.
pub(crate) const VICTIM: &str = "PEEKABOO_TEST_VICTIM";

on_both! {
    async fn a_command_given_up_at_any_point_is_whole_or_not_there(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let held = Held::by(&storage, shop.id()).await;
        let (mut enabled, mut acknowledged, mut given_up) = (false, 0, 0);
        for polls in 0..60 {
            let done = {
                let command = toggle("production", "checkout", !enabled);
                let by = by();
                let mut execution = pin!(storage.execute(shop.id(), command, &by));
                let mut left = polls;
                poll_fn(move |context| {
                    if left == 0 {
                        return Poll::Ready(None);
                    }
                    left -= 1;
                    execution.as_mut().poll(context).map(Some)
                })
                .await
            };
            if let Some(committed) = done {
                assert!(committed.expect("committed").is_changed());
                acknowledged += 1;
                enabled = !enabled;
            } else {
                // It may have been committed all the same: only the answer was given up.
                given_up += 1;
                enabled = is_enabled(&storage, &shop).await;
            }
        }
        // How many polls a command takes is the scheduler's affair; one given up before any poll does not count.
        assert!(given_up > 1, "the test gives up in the midst of it: {given_up}");
        let changes = held.assert_whole(&storage, shop.id()).await;
        assert!(changes >= acknowledged, "{changes} of {acknowledged} acknowledged");
        let toggled = toggle("production", "checkout", !is_enabled(&storage, &shop).await);
        let committed = soon(storage.execute(shop.id(), toggled, &by())).await.expect("nothing stays locked");
        assert!(committed.is_changed());
    }

    async fn a_killed_process_loses_nothing_that_it_acknowledged(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        storage.execute(shop.id(), create_flag("checkout"), &by()).await.expect("created");
        let held = Held::by(&storage, shop.id()).await;
        let mut acknowledged = 0;
        for lives in 1..=3 {
            let mut child = start_victim("crashes::victim", &database);
            let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
            let mut told = 0;
            while told < 7 * lives {
                let line = soon(lines.next_line()).await.expect("read").expect("it goes on until it is killed");
                if let Some(version) = line.strip_prefix("committed ") {
                    acknowledged = version.parse().expect("a version");
                    told += 1;
                }
            }
            // SIGKILL, in the midst of whatever it does now.
            child.kill().await.expect("killed");
            while let Some(line) = lines.next_line().await.expect("read") {
                if let Some(version) = line.strip_prefix("committed ") {
                    acknowledged = version.parse().expect("a version");
                }
            }
            let tenant = storage.tenant(shop.id()).await.expect("read").expect("there");
            let mut environments = tenant.environments.iter();
            let production = environments.find(|environment| environment.key == "production").expect("there");
            assert!(production.version >= acknowledged, "{} of {acknowledged}", production.version);
            assert!(held.assert_whole(&storage, shop.id()).await >= told);
        }
    }
}

on_postgres_only! {
    async fn a_connection_lost_in_the_midst_leaves_no_half(database: Database) {
        let storage = database.open().await;
        let shop = Shop::set_up(&storage).await;
        let organization = shop.id();
        for writer in 0..3 {
            storage.execute(organization, create_flag(&format!("flag-{writer}")), &by()).await.expect("created");
        }
        let held = Held::by(&storage, organization).await;
        let mut writers = JoinSet::new();
        for writer in 0..3 {
            let node = database.open().await;
            writers.spawn(async move {
                let (mut acknowledged, mut lost, mut enabled) = (0, 0, true);
                while acknowledged < 20 || lost == 0 {
                    let command = toggle("production", &format!("flag-{writer}"), enabled);
                    match node.execute(organization, command, &by()).await {
                        Ok(committed) => {
                            // Unchanged when an attempt before was committed without an answer.
                            acknowledged += usize::from(committed.is_changed());
                            enabled = !enabled;
                        }
                        Err(Error::Unavailable(_)) => lost += 1,
                        Err(other) => panic!("{other}"),
                    }
                }
                acknowledged
            });
        }
        let killer = tokio::spawn(async move {
            loop {
                database
                    .raw(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.5",
                    )
                    .await
                    .close()
                    .await;
                tokio::task::yield_now().await;
            }
        });
        let acknowledged: usize = soon(writers.join_all()).await.into_iter().sum();
        killer.abort();
        let _ = killer.await;
        let changes = loop {
            // The storage's own idle connections were killed too.
            if storage.tenant(organization).await.is_ok() {
                break held.assert_whole(&storage, organization).await;
            }
        };
        assert!(changes >= acknowledged, "{changes} of {acknowledged}");
    }
}

/// Starts an ignored test as a process that is to be killed.
pub(crate) fn start_victim(test: &str, database: &Database) -> process::Child {
    process::Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", test, "--ignored", "--nocapture"])
        .env(VICTIM, &database.address)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .expect("the process starts")
}

/// Commits for as long as it lives, telling each commit that it was told of.
#[expect(clippy::print_stdout, reason = "the other test reads it")]
#[tokio::test]
#[ignore = "the process that a_killed_process_loses_nothing_that_it_acknowledged starts and kills"]
async fn victim() {
    let address = std::env::var(VICTIM).expect("started by the other test");
    let storage =
        Storage::open(Options::new(address.parse().expect("an address"))).expect("opened");
    let organization = storage
        .organization(&key("acme"))
        .await
        .expect("read")
        .expect("there");
    let mut enabled = false;
    loop {
        enabled = !enabled;
        let command = toggle("production", "checkout", enabled);
        let committed = storage
            .execute(organization.id, command, &by())
            .await
            .expect("committed");
        if let Some(change) = committed.changes.first() {
            println!("committed {}", change.version);
        }
    }
}

async fn is_enabled(storage: &Storage, shop: &Shop) -> bool {
    let (project, environment, flag) = (key("shop"), key("production"), key("checkout"));
    let targeting = storage.targeting(shop.id(), &project, &environment, &flag);
    targeting
        .await
        .expect("read")
        .expect("there")
        .targeting
        .enabled
}
