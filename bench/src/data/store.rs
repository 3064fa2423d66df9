//! One connection to the database that is filled, and what its dialect calls things.

use std::fmt::Write as _;
use std::str::FromStr as _;

use anyhow::Context as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, SqliteConnection};

static POSTGRES: Migrator = sqlx::migrate!("../storage/migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("../storage/migrations/sqlite");

/// The newest migration of the schema that is filled.
const SCHEMA: i64 = 5;

/// A database under the first release's schema.
pub(super) enum Store {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Rows of which kind an identifier names; part of the identifier.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Organization = 1,
    Project = 2,
    Environment = 3,
    Flag = 4,
    Segment = 5,
    SdkKey = 6,
    ApiToken = 7,
}

impl Store {
    /// Opens an empty database and gives it the schema.
    pub(super) async fn create(url: &str) -> anyhow::Result<Self> {
        let Some(path) = url.strip_prefix("sqlite:") else {
            let mut connection = PgConnectOptions::from_str(url)?.connect().await?;
            first_release(&POSTGRES).run(&mut connection).await?;
            return Ok(Self::Postgres(connection));
        };
        // Nothing is lost that a run could not make again.
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Memory)
            .synchronous(SqliteSynchronous::Off)
            .pragma("cache_size", "-200000")
            .pragma("temp_store", "MEMORY");
        let mut connection = options.connect().await?;
        first_release(&SQLITE).run(&mut connection).await?;
        Ok(Self::Sqlite(connection))
    }

    /// Runs a statement, however long it takes.
    pub(super) async fn run(&mut self, sql: &str) -> anyhow::Result<()> {
        let statement = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        let done = match self {
            Self::Postgres(connection) => statement.execute(connection).await.map(drop),
            Self::Sqlite(connection) => statement.execute(connection).await.map(drop),
        };
        done.with_context(|| sql.chars().take(200).collect::<String>())
    }

    /// Closes it as a customer's would be after a quiet hour: PostgreSQL has looked at what is in its tables.
    pub(super) async fn close(mut self) -> anyhow::Result<()> {
        if matches!(self, Self::Postgres(_)) {
            self.run("VACUUM ANALYZE").await?;
        }
        match self {
            Self::Postgres(connection) => connection.close().await?,
            Self::Sqlite(connection) => connection.close().await?,
        }
        Ok(())
    }

    /// The identifier of a row, where `number` is an expression.
    pub(super) fn id(&self, kind: Kind, number: &str) -> String {
        let kind = kind as u64;
        match self {
            Self::Postgres(_) => format!(
                "CAST('{kind:016x}' || lpad(to_hex(CAST({number} AS BIGINT)), 16, '0') AS UUID)"
            ),
            Self::Sqlite(_) => format!("unhex('{kind:016x}' || printf('%016x', {number}))"),
        }
    }

    /// 32 bytes that differ between numbers and are in no order, as hashes are. `number` is an expression.
    pub(super) fn hash(&self, number: &str) -> String {
        let scattered = format!("({number} * 2654435761) % 4294967296");
        match self {
            Self::Postgres(_) => format!(
                "decode(lpad(to_hex({scattered}), 8, '0') || lpad(to_hex({number}), 56, '0'), 'hex')"
            ),
            Self::Sqlite(_) => {
                format!("unhex(printf('%08x', {scattered}) || printf('%056x', {number}))")
            }
        }
    }

    /// Bytes as a literal.
    pub(super) fn bytes(&self, bytes: &[u8]) -> String {
        let mut digits = String::new();
        for byte in bytes {
            // Writing to a text never fails.
            let _ = write!(digits, "{byte:02x}");
        }
        match self {
            Self::Postgres(_) => format!("decode('{digits}', 'hex')"),
            Self::Sqlite(_) => format!("X'{digits}'"),
        }
    }

    /// A JSON document made of text, where `text` is an expression.
    pub(super) fn json(&self, text: &str) -> String {
        match self {
            Self::Postgres(_) => format!("CAST({text} AS JSONB)"),
            Self::Sqlite(_) => text.to_owned(),
        }
    }

    /// A number as text of at least `digits` digits, where `number` is an expression.
    pub(super) fn padded(&self, number: &str, digits: usize) -> String {
        match self {
            Self::Postgres(_) => format!("lpad(CAST({number} AS TEXT), {digits}, '0')"),
            Self::Sqlite(_) => format!("printf('%0{digits}d', {number})"),
        }
    }
}

/// The migrations of the first release.
fn first_release(all: &Migrator) -> Migrator {
    let first = all.iter().filter(|one| one.version <= SCHEMA);
    Migrator::with_migrations(first.cloned().collect())
}
