//! How fast usage is written: rows a second of each kind, in one flush of 5,000 rows as a hub makes them under load.
//!
//! `scripts/postgres cargo bench -p peekaboo-storage --bench usage` measures SQLite and PostgreSQL; without
//! `scripts/postgres`, SQLite only. That server does not sync; name one that does in `PEEKABOO_TEST_POSTGRES_URL`.

use std::str::FromStr as _;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use peekaboo_storage::{
    Attribution, Command, DatabaseUrl, EnvironmentId, Key, NewOrganization, NewProject, NewUser,
    Options, Storage, UsageBatch, UsageCount, UsageEvent, UsageExposure,
};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use time::OffsetDateTime;
use tokio::runtime::Runtime;

/// Rows of a flush.
const ROWS: usize = 5_000;

/// Rows of a batch.
const EACH: usize = 100;

/// What a flush is made of.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// Evaluations of so many flags that no two rows are one.
    Counts,
    /// Exposures of people who are new.
    NewPeople,
    /// Exposures of people who are known.
    KnownPeople,
    /// Events of people who were exposed.
    Events,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::Counts,
        Self::NewPeople,
        Self::KnownPeople,
        Self::Events,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Counts => "counts",
            Self::NewPeople => "exposures of new people",
            Self::KnownPeople => "exposures of known people",
            Self::Events => "events",
        }
    }

    /// The nth flush.
    fn flush(self, environment: EnvironmentId, nth: usize) -> Vec<UsageBatch> {
        let at = OffsetDateTime::now_utc();
        let mut batches = Vec::with_capacity(ROWS / EACH);
        for first in (0..ROWS).step_by(EACH) {
            let rows = first..first + EACH;
            let exposures = |from: usize| rows.clone().map(|row| exposed(from + row, at)).collect();
            let mut batch = UsageBatch {
                environment,
                id: format!("{}-{nth}-{first}", self.name()),
                at,
                counted_at: at,
                counts: Vec::new(),
                exposures: Vec::new(),
                events: Vec::new(),
            };
            match self {
                Self::Counts => batch.counts = rows.map(counted).collect(),
                Self::NewPeople => batch.exposures = exposures((nth + 1) * ROWS),
                Self::KnownPeople => batch.exposures = exposures(0),
                Self::Events => batch.events = rows.map(|row| acted(row, at)).collect(),
            }
            batches.push(batch);
        }
        batches
    }
}

fn counted(row: usize) -> UsageCount {
    UsageCount {
        flag: format!("flag-{:05}", row / 2),
        flag_version: Some(1),
        variation: Some(if row.is_multiple_of(2) { "on" } else { "off" }.to_owned()),
        reason: "SPLIT".to_owned(),
        count: 3,
    }
}

fn exposed(who: usize, at: OffsetDateTime) -> UsageExposure {
    UsageExposure {
        flag: "flag-00000".to_owned(),
        flag_version: 1,
        variation: "on".to_owned(),
        targeting_key: who.to_string(),
        at,
    }
}

fn acted(who: usize, at: OffsetDateTime) -> UsageEvent {
    UsageEvent {
        event: "purchase".to_owned(),
        value: Some(12.5),
        targeting_key: Some(who.to_string()),
        at,
    }
}

async fn environment(storage: &Storage) -> EnvironmentId {
    let key = |text: &str| Key::parse(text).expect("a key");
    let at = OffsetDateTime::now_utc();
    let organization = NewOrganization {
        key: key("acme"),
        name: "Acme".to_owned(),
    };
    let owner = NewUser {
        email: "ada@example.com".to_owned(),
        name: "Ada".to_owned(),
        password_hash: String::new(),
    };
    let (organization, _) = storage.set_up(organization, owner, at).await.expect("new");
    let project = NewProject {
        key: key("shop"),
        name: "Shop".to_owned(),
        description: String::new(),
    };
    let create = Command::CreateProject { project };
    let by = Attribution::system("bench", at);
    let created = storage.execute(organization.id, create, &by).await;
    let created = created.expect("created").outcome.created_project();
    created.expect("a project").overview.environments[0].id
}

/// A database of the server on which tests make theirs, if there is one.
async fn postgres() -> Option<String> {
    let server = std::env::var("PEEKABOO_TEST_POSTGRES_URL").ok()?;
    let mut options = PgConnectOptions::from_str(&server).expect("an address");
    let name = format!("peekaboo_bench_{}", std::process::id());
    let mut connection = PgConnection::connect_with(&options)
        .await
        .expect("connects");
    let create = sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")));
    create.execute(&mut connection).await.expect("created");
    options = options.database(&name);
    let socket = options.get_socket().map(|path| path.display().to_string());
    let host = socket.map(|path| format!("?host={path}"));
    Some(format!(
        "postgres://{}@{}:{}/{name}{}",
        options.get_username(),
        options.get_host(),
        options.get_port(),
        host.unwrap_or_default()
    ))
}

fn usage(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let sqlite = format!("sqlite:{}", folder.path().join("usage.db").display());
    let mut databases = vec![("SQLite", sqlite)];
    databases.extend(runtime.block_on(postgres()).map(|url| ("PostgreSQL", url)));
    for (database, url) in databases {
        let url = DatabaseUrl::from_str(&url).expect("an address");
        let (storage, environment) = runtime.block_on(async {
            let storage = Storage::start(Options::new(url)).await.expect("it opens");
            let environment = environment(&storage).await;
            let known = Kind::KnownPeople.flush(environment, usize::MAX / ROWS - 1);
            storage.record_usage(&known).await.expect("recorded");
            (storage, environment)
        });
        let mut group = criterion.benchmark_group(format!("usage on {database}"));
        group.throughput(Throughput::Elements(ROWS as u64));
        group
            .sample_size(20)
            .measurement_time(Duration::from_secs(8));
        let mut nth = 0;
        for kind in Kind::ALL {
            group.bench_function(BenchmarkId::from_parameter(kind.name()), |bencher| {
                bencher.iter_custom(|flushes| {
                    let mut took = Duration::ZERO;
                    for _ in 0..flushes {
                        nth += 1;
                        let batches = kind.flush(environment, nth);
                        let begun = Instant::now();
                        let new = runtime.block_on(storage.record_usage(&batches));
                        took += begun.elapsed();
                        assert!(new.expect("recorded").iter().all(|new| *new));
                    }
                    took
                });
            });
        }
        group.finish();
        runtime.block_on(storage.close());
    }
}

criterion_group!(benches, usage);
criterion_main!(benches);
