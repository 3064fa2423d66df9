//! Either database behind one transaction type, and the macros that run one statement on whichever it is.
//!
//! A statement is text with `$1` placeholders that both databases read. Everything runs in a transaction: reads see one
//! moment, and an early return undoes a write. Only this file, `rows`, `migrate` and `feed` know which database it is.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, Postgres, Sqlite, SqlitePool};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::availability::Availability;
use crate::error::overrun;
use crate::options::{DatabaseUrl, Options};
use crate::stamp::Stamp;

/// How long a Postgres connection may take to show, when it is given back, that it still works.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The open database; clones share its connections and what is known of it.
#[derive(Clone)]
pub(crate) struct Database {
    pub(crate) pools: Pools,
    pub(crate) availability: Arc<Availability>,
    acquire_timeout: Duration,
    statement_timeout: Duration,
}

/// The connections.
#[derive(Clone, Debug)]
pub(crate) enum Pools {
    /// One pool for reads and writes.
    Postgres(PgPool),
    /// SQLite has one writer at a time; a pool of one queues ours fairly, where its file lock would have them race.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
}

/// A transaction on either database. Dropping it undoes it.
///
/// Outside of this crate it is opaque: what is done in it are functions of [`crate::Storage`] that take it.
pub struct Transaction {
    pub(crate) on: Either,
    /// How long each of its statements may take.
    pub(crate) statement_timeout: Duration,
    /// What its statements show of the database.
    pub(crate) availability: Arc<Availability>,
    /// Who waits for what was queued in it.
    wakes: Option<Arc<Notify>>,
    /// What is written when it commits.
    last: Vec<Box<dyn LastWrite>>,
}

/// What a transaction writes last, right before it commits: what it locks is locked as briefly as can be.
pub(crate) trait LastWrite: Send + Sync {
    /// Writes are made in this order, so that no two transactions wait for each other in a circle.
    fn order(&self) -> Uuid;

    /// Makes the write.
    fn write<'a>(
        self: Box<Self>,
        transaction: &'a mut Transaction,
    ) -> Pin<Box<dyn Future<Output = sqlx::Result<()>> + Send + 'a>>;
}

/// The database's own transaction.
pub(crate) enum Either {
    Postgres(sqlx::Transaction<'static, Postgres>),
    Sqlite(sqlx::Transaction<'static, Sqlite>),
}

impl Database {
    /// Opens without connecting: the first statement does.
    pub(crate) fn open(options: &Options) -> Self {
        Database {
            pools: Pools::open(options),
            availability: Arc::new(Availability::new()),
            acquire_timeout: options.acquire_timeout,
            statement_timeout: options.statement_timeout,
        }
    }

    /// Begins a transaction that reads one moment.
    ///
    /// Fails at once while the database is [away](Availability::is_away).
    pub(crate) async fn read(&self) -> sqlx::Result<Transaction> {
        self.refuse_while_away()?;
        self.try_read().await
    }

    /// Begins a transaction that writes.
    ///
    /// On Postgres each statement sees what was committed before it, so that what is read after a row was locked is
    /// what the last holder of that lock left. On SQLite the whole database is locked from the beginning. Fails at once
    /// while the database is [away](Availability::is_away).
    pub(crate) async fn write(&self) -> sqlx::Result<Transaction> {
        self.refuse_while_away()?;
        self.begin(self.pools.write()).await
    }

    /// The same as [`Database::read`] for who looks whether the database is back.
    pub(crate) async fn try_read(&self) -> sqlx::Result<Transaction> {
        self.begin(self.pools.read()).await
    }

    fn refuse_while_away(&self) -> sqlx::Result<()> {
        if self.availability.is_away() {
            let away = "it did not answer a moment ago";
            return Err(sqlx::Error::Io(std::io::Error::other(away)));
        }
        Ok(())
    }

    async fn begin(
        &self,
        begin: impl Future<Output = sqlx::Result<Either>>,
    ) -> sqlx::Result<Transaction> {
        // Only SQLite's waits for a lock, which may take as long as a statement.
        let timeout = match &self.pools {
            Pools::Postgres(_) => self.acquire_timeout,
            Pools::Sqlite { .. } => self.acquire_timeout + self.statement_timeout,
        };
        let asked = Instant::now();
        let mut answer = within(timeout, begin).await;
        if matches!(self.pools, Pools::Sqlite { .. }) {
            answer = answer.map_err(overrun);
        }
        let on = answer.inspect_err(|error| self.availability.failed(error, asked))?;
        self.availability.answered();
        Ok(Transaction {
            on,
            statement_timeout: self.statement_timeout,
            availability: Arc::clone(&self.availability),
            wakes: None,
            last: Vec::new(),
        })
    }

    pub(crate) async fn close(&self) {
        self.pools.close().await;
    }
}

impl Pools {
    fn open(options: &Options) -> Self {
        match &options.database {
            DatabaseUrl::Postgres(connect) => {
                // The server's own limits cover what ours cannot: a statement that a lost client left behind, and locks
                // held by a node that froze in a transaction.
                let statement = milliseconds(options.statement_timeout);
                let idle = milliseconds(options.statement_timeout * 3);
                let connect = connect
                    .as_ref()
                    .clone()
                    .application_name("peekaboo")
                    .options([
                        ("statement_timeout", statement.as_str()),
                        ("idle_in_transaction_session_timeout", idle.as_str()),
                    ]);
                // The one that listens is beside the pool.
                let shared =
                    options.connections - u32::from(options.notify).min(options.connections);
                let pool = pool::<Postgres>(options, shared).after_release(|connection, _| {
                    Box::pin(async move {
                        // A connection whose peer is gone without a word would be tried for ever, and missing.
                        within(RELEASE_TIMEOUT, connection.ping()).await?;
                        Ok(!connection.is_in_transaction())
                    })
                });
                Pools::Postgres(pool.connect_lazy_with(connect))
            }
            DatabaseUrl::Sqlite(path) => {
                // WAL lets readers go on beside the writer. FULL syncs at each commit: what was acknowledged survives a
                // power cut too, where NORMAL would survive only the process.
                let connect = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .foreign_keys(true)
                    .busy_timeout(options.statement_timeout)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full);
                let read = connect.clone().pragma("query_only", "ON");
                let connect = match options.max_pages {
                    Some(pages) => connect.pragma("max_page_count", pages.to_string()),
                    None => connect,
                };
                Pools::Sqlite {
                    writer: sqlite_pool(options, 1).connect_lazy_with(connect),
                    readers: sqlite_pool(options, options.connections).connect_lazy_with(read),
                }
            }
        }
    }

    async fn read(&self) -> sqlx::Result<Either> {
        Ok(match self {
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Either::Postgres(pool.begin_with(begin).await?)
            }
            Pools::Sqlite { readers, .. } => Either::Sqlite(readers.begin().await?),
        })
    }

    async fn write(&self) -> sqlx::Result<Either> {
        Ok(match self {
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
                Either::Postgres(pool.begin_with(begin).await?)
            }
            Pools::Sqlite { writer, .. } => {
                Either::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
        })
    }

    async fn close(&self) {
        match self {
            Pools::Postgres(pool) => pool.close().await,
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
        }
    }
}

impl Transaction {
    /// Wakes whoever waits for this once the transaction is committed.
    pub(crate) fn wake_on_commit(&mut self, wakes: &Arc<Notify>) {
        self.wakes = Some(Arc::clone(wakes));
    }

    /// Writes this when the transaction commits.
    pub(crate) fn do_last(&mut self, write: impl LastWrite + 'static) {
        self.last.push(Box::new(write));
    }

    /// What the database calls the place of a row, which tells apart rows that have no key. It may change with the row.
    pub(crate) fn row_place(&self) -> &'static str {
        match self.on {
            Either::Postgres(_) => "ctid",
            Either::Sqlite(_) => "rowid",
        }
    }

    /// Makes it durable. Until this returns, nothing may be acknowledged.
    pub(crate) async fn commit(mut self) -> sqlx::Result<()> {
        let mut last = std::mem::take(&mut self.last);
        // A stable sort: of one order, the first remains the first.
        last.sort_by_key(|write| write.order());
        for write in last {
            write.write(&mut self).await?;
        }
        let (wakes, availability) = (self.wakes, self.availability);
        let began = Instant::now();
        let done = match self.on {
            Either::Postgres(transaction) => {
                within(self.statement_timeout, transaction.commit()).await
            }
            Either::Sqlite(transaction) => within(self.statement_timeout, transaction.commit())
                .await
                .map_err(overrun),
        };
        done.inspect_err(|error| availability.failed(error, began))?;
        availability.committed();
        if let Some(wakes) = wakes {
            wakes.notify_one();
        }
        Ok(())
    }
}

/// Bounds a statement from this side: a server that has gone without a word sends no error.
///
/// The statement goes on the heap, for it is large: one allocation beside a round trip to the database, where every
/// caller's future would hold it once for each database.
pub(crate) fn within<T>(
    timeout: Duration,
    statement: impl Future<Output = sqlx::Result<T>>,
) -> impl Future<Output = sqlx::Result<T>> {
    let statement = Box::pin(statement);
    // The database's own timeout comes first and says more.
    let bounded = tokio::time::timeout(timeout + Duration::from_millis(500), statement);
    async move {
        bounded
            .await
            .unwrap_or_else(|_| Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())))
    }
}

fn pool<DB: sqlx::Database>(options: &Options, connections: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(connections.max(1))
        .acquire_timeout(options.acquire_timeout)
}

/// A connection is given back once the transaction on it has ended. SQLite ends one by itself on a full disk or an I/O
/// error; the driver then counts it as open, and could begin no other: such a connection is closed.
fn sqlite_pool(options: &Options, connections: u32) -> PoolOptions<Sqlite> {
    pool::<Sqlite>(options, connections).after_release(|connection, _| {
        Box::pin(async move {
            // Behind the rollback of a transaction that was dropped.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

fn milliseconds(duration: Duration) -> String {
    duration.as_millis().to_string()
}

/// Runs one statement on a transaction's database: the single place where code is written for both.
macro_rules! on_either {
    ($transaction:expr, $connection:ident => $statement:expr) => {{
        let transaction: &mut crate::database::Transaction = $transaction;
        let timeout = transaction.statement_timeout;
        let began = tokio::time::Instant::now();
        let done = match &mut transaction.on {
            crate::database::Either::Postgres(inner) => {
                let $connection = &mut **inner;
                crate::database::within(timeout, $statement).await
            }
            crate::database::Either::Sqlite(inner) => {
                let $connection = &mut **inner;
                let done = crate::database::within(timeout, $statement).await;
                done.map_err(crate::error::overrun)
            }
        };
        done.inspect_err(|error| transaction.availability.failed(error, began))
    }};
}

/// `execute!(transaction, "UPDATE …", a, b)`: how many rows it touched.
macro_rules! execute {
    ($transaction:expr, $sql:expr $(, $argument:expr)* $(,)?) => {
        crate::database::on_either!($transaction, connection => async {
            let done = sqlx::query($sql)$(.bind($argument))*.execute(connection).await?;
            Ok::<u64, sqlx::Error>(done.rows_affected())
        })
    };
}

/// `fetch_all!(transaction, Row, "SELECT …", a, b)`: every row.
macro_rules! fetch_all {
    ($transaction:expr, $row:ty, $sql:expr $(, $argument:expr)* $(,)?) => {
        crate::database::on_either!($transaction, connection =>
            sqlx::query_as::<_, $row>($sql)$(.bind($argument))*.fetch_all(connection))
    };
}

/// `fetch_one!(transaction, Row, "SELECT …", a, b)`: the one row that there must be.
macro_rules! fetch_one {
    ($transaction:expr, $row:ty, $sql:expr $(, $argument:expr)* $(,)?) => {
        crate::database::on_either!($transaction, connection =>
            sqlx::query_as::<_, $row>($sql)$(.bind($argument))*.fetch_one(connection))
    };
}

/// `fetch_count!(transaction, "SELECT count(*) FROM …", a, b)`: the count.
macro_rules! fetch_count {
    ($transaction:expr, $sql:expr $(, $argument:expr)* $(,)?) => {
        crate::database::fetch_one!($transaction, (i64,), $sql $(, $argument)*)
            .map(|(count,)| count)
    };
}

/// `fetch_optional!(transaction, Row, "SELECT …", a, b)`: the row, if there is one.
macro_rules! fetch_optional {
    ($transaction:expr, $row:ty, $sql:expr $(, $argument:expr)* $(,)?) => {
        crate::database::on_either!($transaction, connection =>
            sqlx::query_as::<_, $row>($sql)$(.bind($argument))*.fetch_optional(connection))
    };
}

/// `execute_with!(transaction, sql, query => query.bind(a))`: the same of a statement that is put together here, with any
/// number of parameters. It is not kept prepared: each length is another statement.
macro_rules! execute_with {
    ($transaction:expr, $sql:expr, $query:ident => $bound:expr) => {
        crate::database::on_either!($transaction, connection => {
            let $query = sqlx::query(sqlx::AssertSqlSafe($sql)).persistent(false);
            let bound = $bound;
            async move { Ok::<u64, sqlx::Error>(bound.execute(connection).await?.rows_affected()) }
        })
    };
}

/// `fetch_all_with!(transaction, Row, sql, query => query.bind(a))`: every row of such a statement.
macro_rules! fetch_all_with {
    ($transaction:expr, $row:ty, $sql:expr, $query:ident => $bound:expr) => {
        crate::database::on_either!($transaction, connection => {
            let $query =
                sqlx::query_as::<_, $row>(sqlx::AssertSqlSafe($sql)).persistent(false);
            $bound.fetch_all(connection)
        })
    };
}

/// Runs a statement that deletes the oldest rows of a table: `$1` is the time before which they are old, `$2` how many it
/// deletes at most. Returns how many it deleted.
pub(crate) async fn delete_oldest(
    transaction: &mut Transaction,
    sql: &'static str,
    before: OffsetDateTime,
    limit: u32,
) -> sqlx::Result<u64> {
    execute!(transaction, sql, Stamp(before), i64::from(limit))
}

pub(crate) use {
    execute, execute_with, fetch_all, fetch_all_with, fetch_count, fetch_one, fetch_optional,
    on_either,
};

/// `($2, $3, $4)`: the parameters of a list, from the first on. A list of none is not a list.
pub(crate) fn parameters(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count).map(|n| format!("${n}")).collect();
    format!("({})", names.join(", "))
}

/// `($1, $2), ($3, $4)`: the parameters of several rows of the same width, from the first on.
pub(crate) fn parameter_rows(first: usize, width: usize, count: usize) -> String {
    let rows: Vec<String> = (0..count)
        .map(|row| parameters(first + row * width, width))
        .collect();
    rows.join(", ")
}
