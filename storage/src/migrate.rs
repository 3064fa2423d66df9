//! Brings the schema up to date; several nodes may do so at once.

use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{Sqlite, SqlitePool};

use crate::database::Database;
use crate::error::{Error, Result};
use crate::storage::Storage;

static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");
static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");

/// How long to wait for another process that migrates or opens the same SQLite file.
const SQLITE_PATIENCE: Duration = Duration::from_secs(30);

impl Storage {
    /// Applies what migrations are missing. The second of two nodes waits for the first, then finds nothing to do.
    ///
    /// Refuses a database that a newer version has migrated, or whose migrations differ from those built in.
    pub async fn migrate(&self) -> Result<()> {
        match &self.inner.database {
            Database::Postgres(pool) => {
                let mut connection = pool.acquire().await?;
                // A migration may take as long as it needs; the timeouts are those of a pooled connection, so this one
                // does not go back to the pool.
                sqlx::query("SET statement_timeout = 0")
                    .execute(&mut *connection)
                    .await?;
                // Takes an advisory lock on the database for the while.
                // `run_direct`, for the future of `run` cannot be shown to be `Send`, and so not be spawned.
                let migrated = POSTGRES.run_direct(None, &mut *connection, false).await;
                connection.close().await?;
                migrated?;
            }
            Database::Sqlite { writer, .. } => {
                let deadline = Instant::now() + SQLITE_PATIENCE;
                // Turning a new file into WAL mode does not wait for others that do the same; hence the patience here.
                while let Err(error) = migrate_sqlite(writer).await {
                    if !matches!(error, Error::Unavailable(_)) || Instant::now() > deadline {
                        return Err(error);
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        Ok(())
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
