//! Runs each test on both databases, each in a database of its own.

use std::panic::AssertUnwindSafe;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use peekaboo_storage::{Options, Page, Storage, Task};
use peekaboo_tasks::{Backoff, RunnerConfig};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

/// Names the server on which tests make their databases.
const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

/// How long a condition may take to come true before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Declares tests that run on both databases: `on_both! { async fn name(database: Database) { … } }`.
macro_rules! on_both {
    ($(async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        async fn $name($database: crate::harness::Database) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                crate::harness::on_sqlite(super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                crate::harness::on_postgres(super::$name).await;
            }
        }
    )*};
}

pub(crate) use on_both;

/// One test's database; clones name the same.
#[derive(Clone)]
pub(crate) struct Database {
    /// The address, also for another process.
    pub(crate) address: String,
    _folder: Option<Arc<tempfile::TempDir>>,
}

impl Database {
    /// A handle as a node opens it: several are several nodes.
    pub(crate) async fn open(&self) -> Storage {
        open(&self.address).await
    }

    /// How many nodes may share it.
    pub(crate) fn nodes(&self) -> usize {
        if self.address.starts_with("sqlite:") {
            1
        } else {
            2
        }
    }
}

/// Opens a database with patience for a machine that is busy with other tests.
pub(crate) async fn open(address: &str) -> Storage {
    let mut options = Options::new(address.parse().expect("an address"));
    options.connections = 5;
    options.acquire_timeout = PATIENCE;
    options.statement_timeout = PATIENCE;
    Storage::start(options).await.expect("the database opens")
}

/// A runner that looks often and retries at once.
pub(crate) fn eager() -> RunnerConfig {
    let backoff = Backoff {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(5),
        attempts: Some(4),
    };
    let mut config = RunnerConfig {
        poll: Duration::from_millis(20),
        ..RunnerConfig::default()
    };
    config.prompt.backoff = backoff;
    config.external.backoff = backoff;
    config
}

/// Waits until a condition holds.
pub(crate) async fn until(what: &str, condition: impl AsyncFn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Every task, of the first thousand.
pub(crate) async fn tasks(storage: &Storage) -> Vec<Task> {
    let tasks = storage.tasks(false, &Page::first(1_000)).await;
    tasks.expect("read").items
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(body: fn(Database) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("peekaboo.db");
    body(Database {
        address: format!("sqlite:{}", path.display()),
        _folder: Some(Arc::new(folder)),
    })
    .await;
}

/// Makes a database, runs the test, and drops the database also when the test panicked.
pub(crate) async fn on_postgres<F: Future<Output = ()>>(body: fn(Database) -> F) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} names no server: run the tests with `make test`, or as `scripts/postgres cargo test`")
    });
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("peekaboo_tasks_test_{}_{count}", std::process::id());
    statement(&server, format!("CREATE DATABASE {name}")).await;
    let (before, query) = server.split_once('?').unwrap_or((&server, ""));
    let host = before.rsplitn(2, '/').last().unwrap_or(before);
    let database = Database {
        address: format!("{host}/{name}?{query}"),
        _folder: None,
    };
    let outcome = AssertUnwindSafe(body(database)).catch_unwind().await;
    statement(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

async fn statement(server: &str, sql: String) {
    let options = PgConnectOptions::from_str(server).expect("an address");
    let mut connection = PgConnection::connect_with(&options)
        .await
        .expect("the test server answers");
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the statement runs");
}
