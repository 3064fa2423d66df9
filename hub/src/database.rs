//! Opens the database, or explains why it cannot be opened.

use std::time::Duration;

use peekaboo_storage::{Error, Storage};
use tokio::time::sleep;

use crate::config::{Config, DatabaseUrl};
use crate::{
    private_files,
    secret_key::{self, SecretKeyError},
};

/// How often to retry while the database is down.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// A database that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The database is down, or refuses the connection.
    #[error("cannot use the database {url} ({setting}): {cause}{}", hint(.cause))]
    Unusable {
        /// Which.
        url: DatabaseUrl,
        /// The setting that names it.
        setting: &'static str,
        /// What it says.
        cause: Error,
    },
    /// The encrypted data in it cannot be read.
    #[error(transparent)]
    SecretKey(#[from] SecretKeyError),
}

impl DatabaseError {
    fn new(config: &Config, cause: Error) -> Self {
        let setting = match config.database.url {
            Some(_) => "database.url",
            None => "data.dir",
        };
        Self::Unusable {
            url: config.database_url(),
            setting,
            cause,
        }
    }
}

fn hint(cause: &Error) -> &'static str {
    match cause {
        Error::Unavailable(_) => "; check that it is running and that the address is correct",
        _ => "",
    }
}

/// Opens the database and migrates it.
pub(crate) async fn open(config: &Config) -> Result<Storage, DatabaseError> {
    private_files::keep(&config.data.dir);
    let options = config.storage(secret_key::read(config)?);
    let opened = async {
        let storage = Storage::open(options)?;
        storage.migrate().await?;
        Ok(storage)
    };
    opened
        .await
        .map_err(|cause| DatabaseError::new(config, cause))
}

/// A database that is open, or will be later.
pub(crate) struct Opened {
    pub(crate) storage: Storage,
    /// Whether it responds already.
    pub(crate) answers: bool,
}

/// Opens the database. If it does not respond but this node has snapshots, the node starts from them, and migrates the
/// database once it responds again.
pub(crate) async fn open_or_wait(config: &Config) -> Result<Opened, DatabaseError> {
    private_files::keep(&config.data.dir);
    let refuse = |cause| DatabaseError::new(config, cause);
    let options = config.storage(secret_key::read_or_make(config)?);
    let storage = Storage::open(options).map_err(refuse)?;
    match storage.migrate().await {
        Ok(()) => Ok(Opened {
            storage,
            answers: true,
        }),
        Err(error) if error.is_temporary() && keeps_snapshots(config) => {
            tracing::warn!(%error, "the database is not responding; starting from the snapshots on disk");
            tokio::spawn(migrate_later(storage.clone()));
            Ok(Opened {
                storage,
                answers: false,
            })
        }
        Err(cause) => Err(refuse(cause)),
    }
}

fn keeps_snapshots(config: &Config) -> bool {
    config
        .snapshots()
        .and_then(|folder| folder.read_dir().ok())
        .is_some_and(|mut files| files.next().is_some())
}

async fn migrate_later(storage: Storage) {
    loop {
        sleep(TRY_AGAIN_AFTER).await;
        match storage.migrate().await {
            Ok(()) => return tracing::info!("the database is responding again"),
            Err(error) if error.is_temporary() => {}
            Err(error) => return tracing::error!(%error, "cannot migrate the database"),
        }
    }
}
