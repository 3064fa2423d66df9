//! Brings the schema up to date; several nodes may do so at once.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{Connection as _, FromRow, Sqlite, SqlitePool};

use crate::database::{Pools, execute, fetch_optional, within};
use crate::error::{Error, Result};
use crate::references;
use crate::storage::Storage;
use crate::{EnvironmentId, ProjectId};

static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");

/// How long to wait for another process that migrates or opens the same SQLite file.
const SQLITE_PATIENCE: Duration = Duration::from_secs(30);

/// How long to wait before the next attempt.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(50);

impl Storage {
    /// Applies what migrations are missing. The second of two nodes waits for the first, then finds nothing to do.
    ///
    /// Refuses a database that a newer version has migrated, or whose migrations differ from those built in.
    pub async fn migrate(&self) -> Result<()> {
        match &self.inner.database.pools {
            Pools::Postgres(pool) => {
                // Beside the pool, whose connections have timeouts, where a migration may take as long as it needs. A
                // pool would also hide why no connection can be made.
                let patience = self.inner.options.acquire_timeout;
                let mut connection = connect(&pool.connect_options(), patience).await?;
                sqlx::query("SET statement_timeout = 0")
                    .execute(&mut connection)
                    .await?;
                // Takes an advisory lock on the database for the while.
                // `run_direct`, for the future of `run` cannot be shown to be `Send`, and so not be spawned.
                let migrated = POSTGRES.run_direct(None, &mut connection, false).await;
                connection.close().await?;
                migrated?;
            }
            Pools::Sqlite { writer, .. } => {
                let deadline = Instant::now() + SQLITE_PATIENCE;
                // Turning a new file into WAL mode does not wait for others that do the same; hence the patience here.
                while let Err(error) = migrate_sqlite(writer).await {
                    let may_pass = matches!(error, Error::Unavailable(_) | Error::TimedOut(_));
                    if !may_pass || Instant::now() > deadline {
                        return Err(error);
                    }
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
            }
        }
        self.record_references().await?;
        self.chain_older_audit().await
    }

    /// Records what the rows of older versions refer to, in chunks that commit by themselves. A node that comes in
    /// between, or one of an older version that still writes, leaves no more than later commands make up for.
    async fn record_references(&self) -> Result<()> {
        #[derive(FromRow)]
        struct Next<T> {
            id: T,
        }
        loop {
            let mut transaction = self.write().await?;
            let environment = fetch_optional!(
                &mut transaction,
                Next<EnvironmentId>,
                "SELECT environment AS id FROM flag_environments WHERE referenced_version <> version LIMIT 1",
            )?;
            if let Some(Next { id }) = environment {
                // As writers of targeting lock it, so that rules and references are read and written together.
                execute!(
                    &mut transaction,
                    "UPDATE environments SET version = version WHERE id = $1",
                    id,
                )?;
                references::refresh_chunk(&mut transaction, id).await?;
                transaction.commit().await?;
                continue;
            }
            let project = fetch_optional!(
                &mut transaction,
                Next<ProjectId>,
                "SELECT project AS id FROM segments WHERE referenced_version <> version LIMIT 1",
            )?;
            let Some(Next { id }) = project else {
                return Ok(());
            };
            execute!(
                &mut transaction,
                "UPDATE projects SET turn = turn + 1 WHERE id = $1",
                id,
            )?;
            references::refresh_segments(&mut transaction, id).await?;
            transaction.commit().await?;
        }
    }
}

/// Connects to a server, which may still be starting. The error is that of the last attempt.
async fn connect(options: &PgConnectOptions, patience: Duration) -> sqlx::Result<PgConnection> {
    let deadline = Instant::now() + patience;
    loop {
        match within(patience, PgConnection::connect_with(options)).await {
            Err(error) if may_be_starting(&error) && Instant::now() < deadline => {
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
            outcome => return outcome,
        }
    }
}

fn may_be_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        sqlx::Error::Database(error) => error.is_transient_in_connect_phase(),
        _ => false,
    }
}

/// All migrations in one transaction that locks out every other writer.
async fn migrate_sqlite(writer: &SqlitePool) -> Result<()> {
    let mut transaction: sqlx::Transaction<'static, Sqlite> =
        writer.begin_with("BEGIN IMMEDIATE").await?;
    SQLITE.run_direct(None, &mut *transaction, false).await?;
    transaction.commit().await?;
    Ok(())
}

impl From<MigrateError> for Error {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Error::Corrupt(other.into()),
        }
    }
}
