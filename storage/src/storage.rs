//! The handle to the database, and the two ways to write: a [`Change`] of an organisation, and `execute`.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use sqlx::FromRow;
use tokio::sync::{Notify, watch};

use crate::audit_record::Record;
use crate::availability::WriteRefusal;
use crate::database::{Database, Transaction, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::feed::{Feed, Feeds};
use crate::id::Source;
use crate::keyring::Keyring;
use crate::options::{DatabaseUrl, Limits, Options};
use crate::{Attribution, Hint, OrganizationId};

/// A handle to the database; clones share its connections.
#[derive(Clone)]
pub struct Storage {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) database: Database,
    pub(crate) options: Options,
    pub(crate) feeds: Feeds,
    /// Where identifiers and secrets come from.
    pub(crate) source: Source,
    /// Wakes this node's runner when work is queued.
    task_wakes: Arc<Notify>,
}

impl Storage {
    /// Prepares to use a database, without connecting: a node may start while its database is down.
    ///
    /// Makes the folder of a SQLite file. Must be called within a Tokio runtime.
    pub fn open(options: Options) -> Result<Self> {
        if let DatabaseUrl::Sqlite(path) = &options.database
            && let Some(folder) = path.parent()
        {
            expect_writable(folder)?;
        }
        let database = Database::open(&options);
        let feeds = Feeds::new(&database, &options);
        let inner = Inner {
            database,
            source: Source::new(Arc::clone(&options.entropy)),
            options,
            feeds,
            task_wakes: Arc::default(),
        };
        Ok(Storage {
            inner: Arc::new(inner),
        })
    }

    /// Opens a database and brings its schema up to date.
    pub async fn start(options: Options) -> Result<Self> {
        let storage = Storage::open(options)?;
        storage.migrate().await?;
        Ok(storage)
    }

    /// Closes every connection, once its statement is done and the last notification is sent.
    pub async fn close(&self) {
        self.inner.feeds.stop().await;
        self.inner.database.close().await;
    }

    /// Subscribes to hints; the first call starts the tasks that look and listen.
    pub fn feed(&self) -> Feed {
        self.inner.feeds.subscribe()
    }

    /// Whether what this node knows may be old because the database did not answer the last look, or refuses writes.
    ///
    /// Moves only once [`Storage::feed`] was called.
    pub fn staleness(&self) -> watch::Receiver<bool> {
        self.inner.feeds.staleness()
    }

    /// Why the database, though it answers, refused the last write; nothing once a write succeeded. While it refuses, the
    /// feed tries a small write with each look.
    pub fn write_refusal(&self) -> watch::Receiver<Option<WriteRefusal>> {
        self.inner.database.availability.refusal()
    }

    /// Whether writers wait for each other, whatever they write: SQLite has one at a time.
    pub fn has_one_writer(&self) -> bool {
        matches!(self.inner.options.database, DatabaseUrl::Sqlite(_))
    }

    /// How many things there may be.
    pub fn limits(&self) -> &Limits {
        &self.inner.options.limits
    }

    /// Encrypts secrets that must be read again.
    pub fn keyring(&self) -> &Keyring {
        &self.inner.options.keyring
    }

    pub(crate) fn source(&self) -> &Source {
        &self.inner.source
    }

    pub(crate) fn task_wakes(&self) -> &Arc<Notify> {
        &self.inner.task_wakes
    }

    pub(crate) async fn read(&self) -> Result<Transaction> {
        Ok(self.inner.database.read().await?)
    }

    pub(crate) async fn write(&self) -> Result<Transaction> {
        Ok(self.inner.database.write().await?)
    }

    /// Begins a change of an organization that is not a command: of its name, members or tokens.
    ///
    /// Raises the organisation's revision first, which makes such changes of one organisation wait for each other: a
    /// limit that was checked still holds at the commit. Locks are always taken in the order organisation, project,
    /// environments by identifier, so that no two writers wait for each other.
    pub(crate) async fn change<'a>(
        &'a self,
        organization: OrganizationId,
        by: &'a Attribution,
    ) -> Result<Change<'a>> {
        let transaction = self.write().await?;
        self.change_in(transaction, organization, by).await
    }

    /// The same in a transaction that has begun.
    pub(crate) async fn change_in<'a>(
        &'a self,
        mut transaction: Transaction,
        organization: OrganizationId,
        by: &'a Attribution,
    ) -> Result<Change<'a>> {
        let revision = raise_organization(&mut transaction, organization).await?;
        Ok(Change {
            storage: self,
            transaction,
            organization,
            revision,
            by,
        })
    }
}

/// Makes the folder of a SQLite file, where more files come and go beside it. SQLite itself reports a folder that cannot
/// be written like a file that another process is just making.
fn expect_writable(folder: &Path) -> Result<()> {
    let written = std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder));
    written.map(drop).map_err(|error| {
        let why = format!("cannot write in the folder {}: {error}", folder.display());
        match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                Error::ReadOnly(why.into())
            }
            ErrorKind::StorageFull => Error::Full(why.into()),
            _ => Error::Unavailable(why.into()),
        }
    })
}

/// Raises an organization's revision, which locks it until the transaction ends.
pub(crate) async fn raise_organization(
    transaction: &mut Transaction,
    organization: OrganizationId,
) -> Result<i64> {
    #[derive(FromRow)]
    struct Raised {
        revision: i64,
    }
    let raised = fetch_optional!(
        transaction,
        Raised,
        "UPDATE organizations SET revision = revision + 1 WHERE id = $1 AND deleted_at IS NULL RETURNING revision",
        organization,
    )?;
    let what = Entity::Organization;
    Ok(raised.ok_or(Error::NotFound { what })?.revision)
}

/// A change of an organization under way; dropping it undoes it.
pub(crate) struct Change<'a> {
    pub(crate) storage: &'a Storage,
    pub(crate) transaction: Transaction,
    pub(crate) organization: OrganizationId,
    pub(crate) revision: i64,
    pub(crate) by: &'a Attribution,
}

impl Change<'_> {
    /// Writes the audit entry when it commits.
    pub(crate) fn record(
        &mut self,
        record: Record<'_>,
        before: Option<Value>,
        after: Option<Value>,
    ) {
        let (storage, organization, by) = (self.storage, self.organization, self.by);
        record.write(
            &mut self.transaction,
            storage.source(),
            organization,
            by,
            before,
            after,
        );
    }

    /// Commits, then tells the other nodes.
    pub(crate) async fn commit(self) -> Result<()> {
        self.transaction.commit().await?;
        self.storage.inner.feeds.announce(Hint::Organization {
            organization: self.organization,
            revision: self.revision,
        });
        Ok(())
    }
}
