//! Runs each test on both databases, each in a database of its own.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt as _;
use peekaboo_flags::model::Condition;
use peekaboo_flags::{FlagType, Ruleset};
use peekaboo_storage::{
    Attribution, AuditFilter, ChangesSince, Command, Committed, CreatedProject, DatabaseUrl,
    EnvironmentId, LogEntry, NewFlag, NewOrganization, NewProject, NewSegment, NewUser, Options,
    Organization, OrganizationId, Outcome, Page, Storage, TargetingPatch, User, Variation,
};
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use time::OffsetDateTime;
use time::macros::datetime;

/// Names the server on which tests make their databases.
pub(crate) const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

/// How long a condition may take to come true before the test fails.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The hub's secret key in tests.
pub(crate) const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Declares tests that run on both databases: `on_both! { async fn name(database: Database) { … } }`.
macro_rules! on_both {
    ($(async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        async fn $name($database: crate::harness::Database) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                crate::harness::on_sqlite(super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                crate::harness::on_postgres(super::$name).await;
            }
        }
    )*};
}

pub(crate) use on_both;

/// Declares tests of what only Postgres has.
macro_rules! on_postgres_only {
    ($(async fn $name:ident($database:ident: Database) $body:block)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $name() {
            async fn body($database: crate::harness::Database) $body
            crate::harness::on_postgres(body).await;
        }
    )*};
}

pub(crate) use on_postgres_only;

/// One test's database; clones name the same.
#[derive(Clone, Debug)]
pub(crate) struct Database {
    url: DatabaseUrl,
    /// The address as text, for another process.
    pub(crate) address: String,
    _folder: Option<Arc<tempfile::TempDir>>,
}

impl Database {
    /// A handle as a node opens it: several are several nodes.
    pub(crate) async fn open(&self) -> Storage {
        Storage::start(self.options())
            .await
            .expect("the database opens")
    }

    /// What it is opened with, with patience for a machine that is busy with other tests.
    pub(crate) fn options(&self) -> Options {
        let mut options = Options::new(self.url.clone());
        options.connections = 5;
        options.acquire_timeout = PATIENCE;
        options.statement_timeout = PATIENCE;
        options.keyring = KEY.parse().expect("a key");
        options
    }

    /// Runs a statement on a connection of its own and keeps that open until it is dropped, with any transaction.
    pub(crate) async fn raw(&self, sql: &str) -> Raw {
        match &self.url {
            DatabaseUrl::Postgres(options) => {
                let mut connection = PgConnection::connect_with(options).await.expect("connects");
                let statement = sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut connection)
                    .await;
                statement.expect("the statement runs");
                Raw::Postgres(connection)
            }
            DatabaseUrl::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).expect("a folder");
                }
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .busy_timeout(PATIENCE);
                let mut connection = SqliteConnection::connect_with(&options)
                    .await
                    .expect("connects");
                let statement = sqlx::raw_sql(AssertSqlSafe(sql))
                    .execute(&mut connection)
                    .await;
                statement.expect("the statement runs");
                Raw::Sqlite(connection)
            }
        }
    }

    /// The name of the Postgres database.
    pub(crate) fn name(&self) -> String {
        match &self.url {
            DatabaseUrl::Postgres(options) => options.get_database().expect("named").to_owned(),
            DatabaseUrl::Sqlite(_) => panic!("a file has none"),
        }
    }
}

/// A connection beside the storage's.
pub(crate) enum Raw {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Raw {
    /// Runs a statement; whether it succeeded.
    pub(crate) async fn run(&mut self, sql: &str) -> bool {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql));
        match self {
            Raw::Postgres(connection) => statement.execute(connection).await.is_ok(),
            Raw::Sqlite(connection) => statement.execute(connection).await.is_ok(),
        }
    }

    /// The one number that a query returns.
    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        match self {
            Raw::Postgres(connection) => {
                let query = sqlx::query_scalar(AssertSqlSafe(sql));
                query.fetch_one(connection).await.expect("a number")
            }
            Raw::Sqlite(connection) => {
                let query = sqlx::query_scalar(AssertSqlSafe(sql));
                query.fetch_one(connection).await.expect("a number")
            }
        }
    }

    /// Ends it, with what it had locked.
    pub(crate) async fn close(self) {
        match self {
            Raw::Postgres(connection) => connection.close().await.expect("closed"),
            Raw::Sqlite(connection) => connection.close().await.expect("closed"),
        }
    }
}

/// The server on which tests make their databases.
pub(crate) fn server() -> String {
    std::env::var(SERVER).unwrap_or_else(|_| {
        panic!("{SERVER} names no server: run the tests with `make test`, or as `scripts/postgres cargo test`")
    })
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(body: fn(Database) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path: PathBuf = folder.path().join("data/peekaboo.db");
    body(Database {
        address: format!("sqlite:{}", path.display()),
        url: DatabaseUrl::Sqlite(path),
        _folder: Some(Arc::new(folder)),
    })
    .await;
}

/// Makes a database, runs the test, and drops the database also when the test panicked.
pub(crate) async fn on_postgres<F: Future<Output = ()>>(body: fn(Database) -> F) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var(SERVER) else {
        panic!(
            "{SERVER} names no server: run the tests with `make test`, or as `scripts/postgres cargo test`"
        );
    };
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = format!("peekaboo_test_{}_{count}", std::process::id());
    statement(&server, format!("CREATE DATABASE {name}")).await;
    let address = in_database(&server, &name);
    let database = Database {
        url: DatabaseUrl::from_str(&address).expect("an address"),
        address,
        _folder: None,
    };
    let outcome = AssertUnwindSafe(body(database)).catch_unwind().await;
    statement(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// The server's address with another database in it.
fn in_database(server: &str, name: &str) -> String {
    let (before, query) = server.split_once('?').unwrap_or((server, ""));
    let scheme_and_host = before.rsplitn(2, '/').last().unwrap_or(before);
    format!("{scheme_and_host}/{name}?{query}")
}

pub(crate) async fn statement(server: &str, sql: String) {
    let options = PgConnectOptions::from_str(server).expect("an address");
    let mut connection = PgConnection::connect_with(&options)
        .await
        .expect("the test server answers");
    sqlx::query(AssertSqlSafe(sql))
        .execute(&mut connection)
        .await
        .expect("the statement runs");
}

/// Waits for what a future answers, but not for ever.
pub(crate) async fn soon<T>(what: impl Future<Output = T>) -> T {
    let answer = tokio::time::timeout(PATIENCE, what).await;
    answer.expect("it happens in time")
}

/// What an organisation's environments hold, to compare later.
pub(crate) struct Held {
    rulesets: Vec<(EnvironmentId, Ruleset)>,
    audited: usize,
}

impl Held {
    pub(crate) async fn by(storage: &Storage, organization: OrganizationId) -> Self {
        let tenant = storage
            .tenant(organization)
            .await
            .expect("read")
            .expect("there");
        let mut rulesets = Vec::new();
        for environment in tenant.environments {
            let ruleset = storage.ruleset(environment.id).await.expect("read");
            rulesets.push((environment.id, ruleset.expect("there")));
        }
        let audited = audited(storage, organization).await;
        Held { rulesets, audited }
    }

    /// Asserts that since then nothing happened by halves: the log leads without a gap from what was held to what is
    /// there, and every change has its audit entry. Answers how many changes of one environment there were.
    pub(crate) async fn assert_whole(
        &self,
        storage: &Storage,
        organization: OrganizationId,
    ) -> usize {
        let mut changes = 0;
        for (environment, start) in &self.rulesets {
            let log = log(storage, *environment, start).await;
            let mut replayed = start.clone();
            for entry in &log {
                assert_eq!(entry.version.unsigned_abs(), replayed.version + 1, "no gap");
                replayed.apply(&entry.changes);
                replayed.version += 1;
            }
            let now = storage
                .ruleset(*environment)
                .await
                .expect("read")
                .expect("there");
            assert_eq!(replayed, now, "the log is the truth");
            changes += log.len();
        }
        let entries = audited(storage, organization).await - self.audited;
        assert_eq!(entries, changes, "one audit entry for each");
        changes
    }
}

/// How many audit entries there are of single environments' targeting.
async fn audited(storage: &Storage, organization: OrganizationId) -> usize {
    let filter = AuditFilter {
        action: Some("targeting.updated".to_owned()),
        ..AuditFilter::default()
    };
    let (mut count, mut page) = (0, Page::first(1_000));
    loop {
        let list = storage
            .audit(organization, &filter, &page)
            .await
            .expect("read");
        count += list.items.len();
        match Page::after(1_000, &list) {
            Some(next) => page = next,
            None => return count,
        }
    }
}

/// The log after a ruleset's version, read in small pages.
pub(crate) async fn log(
    storage: &Storage,
    environment: EnvironmentId,
    from: &Ruleset,
) -> Vec<LogEntry> {
    let mut log: Vec<LogEntry> = Vec::new();
    loop {
        let held = log
            .last()
            .map_or(from.version.cast_signed(), |entry| entry.version);
        match storage
            .changes_since(environment, &from.epoch, held, 7)
            .await
            .expect("read")
        {
            ChangesSince::Entries(entries) if entries.is_empty() => return log,
            ChangesSince::Entries(entries) => log.extend(entries),
            ChangesSince::Unreachable => panic!("nothing was trimmed"),
        }
    }
}

/// Tests' time, which only moves when they move it.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-03-01 12:00:00.123_456 UTC);

/// A key of the kind that is asked for.
pub(crate) fn key<K: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> K {
    text.parse().expect("a key")
}

pub(crate) fn by() -> Attribution {
    Attribution::system("test", NOW)
}

/// An organisation with a project `shop`.
pub(crate) struct Shop {
    pub(crate) organization: Organization,
    pub(crate) owner: User,
    pub(crate) created: CreatedProject,
}

impl Shop {
    pub(crate) async fn set_up(storage: &Storage) -> Self {
        let organization = NewOrganization {
            key: key("acme"),
            name: "Acme".to_owned(),
        };
        let owner = NewUser {
            email: "Ada@Example.com".to_owned(),
            name: "Ada".to_owned(),
            password_hash: "$argon2id$not-a-hash".to_owned(),
        };
        let (organization, owner) = storage
            .set_up(organization, owner, NOW)
            .await
            .expect("the organisation is made");
        let project = NewProject {
            key: key("shop"),
            name: "Shop".to_owned(),
            description: String::new(),
        };
        let created = storage
            .execute(organization.id, Command::CreateProject { project }, &by())
            .await
            .expect("the project is created")
            .outcome
            .created_project()
            .expect("a project");
        Shop {
            organization,
            owner,
            created,
        }
    }

    pub(crate) fn id(&self) -> OrganizationId {
        self.organization.id
    }

    /// An environment of the shop, as it was made.
    pub(crate) fn environment(&self, key: &str) -> &peekaboo_storage::Environment {
        let environments = &self.created.overview.environments;
        let found = environments
            .iter()
            .find(|environment| environment.key == key);
        found.expect("one of the first environments")
    }
}

pub(crate) fn new_flag(flag: &str) -> NewFlag {
    NewFlag {
        key: key(flag),
        name: flag.replace('-', " "),
        description: String::new(),
        type_: FlagType::Boolean,
        variations: vec![variation("on", json!(true)), variation("off", json!(false))],
        tags: Vec::new(),
        client_visible: false,
        track: false,
        metadata: serde_json::Map::new(),
        salt: None,
    }
}

pub(crate) fn new_segment(segment: &str) -> NewSegment {
    NewSegment {
        key: key(segment),
        name: segment.to_owned(),
        description: String::new(),
        attribute: "targetingKey".to_owned(),
        included: Vec::new(),
        excluded: Vec::new(),
        when: Condition::never(),
    }
}

pub(crate) fn variation(key: &str, value: Value) -> Variation {
    Variation {
        key: key.to_owned(),
        value,
        name: None,
        description: None,
    }
}

pub(crate) fn create_flag(flag: &str) -> Command {
    Command::CreateFlag {
        project: key("shop"),
        flag: new_flag(flag),
    }
}

pub(crate) fn target(environment: &str, flag: &str, patch: TargetingPatch) -> Command {
    Command::UpdateTargeting {
        project: key("shop"),
        environment: key(environment),
        flag: key(flag),
        patch,
        expected_version: None,
    }
}

pub(crate) fn toggle(environment: &str, flag: &str, enabled: bool) -> Command {
    target(environment, flag, TargetingPatch::enabled(enabled))
}

/// The flag that a command answered.
pub(crate) fn flag_of(committed: &Committed) -> &peekaboo_storage::FlagOverview {
    match &committed.outcome {
        Outcome::Flag(overview) => overview,
        other => panic!("expected a flag, got {other:?}"),
    }
}

/// The targeting that a command answered.
pub(crate) fn targeting_of(committed: &Committed) -> &peekaboo_storage::FlagTargeting {
    match &committed.outcome {
        Outcome::Targeting(targeting) => targeting,
        other => panic!("expected targeting, got {other:?}"),
    }
}
