//! Tenants' state on disk, for a node that must start while the database is down.
//!
//! Each tenant has a folder: `structure.json` lists its environments and the hashes of its keys, and every environment
//! has its own file, so that a change rewrites only one environment. Files contain rules and hashes of keys, but never
//! a key. They are replaced atomically, so that a reader finds either the old or the new content, and they are never
//! preferred to the database. A damaged file affects only its environment.

mod environment_file;
mod former;
mod replace;
mod structure_file;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use peekaboo_flags::Ruleset;
use peekaboo_storage::{EnvironmentId, OrganizationId, SecretHash, TenantRecord};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

use self::replace::replace;
use self::structure_file::folder_of;
use crate::state::EnvironmentSnapshot;

/// How long the index of keys is used before the files are read again.
const INDEX_FOR: Duration = Duration::from_secs(10);

/// The maximum number of files that are written at the same time.
const WRITERS: usize = 8;

/// The folder of all tenants' files.
pub(crate) struct SnapshotFolder {
    path: Arc<Path>,
    /// Locks by organization, so that an organization's files are never written twice at the same time.
    writers: [Mutex<()>; WRITERS],
    index: Mutex<Option<Index>>,
}

/// The environment of each key, collected from the files on first use.
struct Index {
    gathered: Instant,
    keys: HashMap<SecretHash, (OrganizationId, EnvironmentId)>,
}

impl SnapshotFolder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path: path.into(),
            writers: Default::default(),
            index: Mutex::new(None),
        }
    }

    /// Writes a tenant's structure if it differs from the file's, and deletes the files of environments that are not in
    /// it.
    pub(crate) async fn write_structure(&self, record: TenantRecord) -> io::Result<()> {
        let organization = record.organization;
        self.writing(organization, move |path| {
            former::migrate(path, organization)?;
            structure_file::write(&folder_of(path, organization), record)
        })
        .await
    }

    /// Writes an environment, unless its file already has this version. Fails if the structure was never written.
    pub(crate) async fn write_environment(
        &self,
        organization: OrganizationId,
        environment: EnvironmentId,
        snapshot: Arc<EnvironmentSnapshot>,
    ) -> io::Result<()> {
        self.writing(organization, move |path| {
            let file = environment_file::path(&folder_of(path, organization), environment);
            if environment_file::holds(&file, &snapshot.epoch, snapshot.version) {
                return Ok(());
            }
            let content =
                environment_file::content(&snapshot.epoch, snapshot.version, &snapshot.message())?;
            replace(&file, &content)
        })
        .await
    }

    /// A tenant's structure, if there is a readable file. Its versions are not those of the environments.
    pub(crate) async fn structure(&self, organization: OrganizationId) -> Option<TenantRecord> {
        let read = self.writing(organization, move |path| {
            former::migrate(path, organization)?;
            structure_file::read(&folder_of(path, organization))
        });
        logged(read.await, || format!("structure of {organization}"))
    }

    /// An environment's ruleset, if there is a readable file.
    pub(crate) async fn ruleset(
        &self,
        organization: OrganizationId,
        environment: EnvironmentId,
    ) -> Option<Ruleset> {
        let folder = folder_of(&self.path, organization);
        let read =
            blocking(move || environment_file::read(&environment_file::path(&folder, environment)));
        logged(read.await, || format!("environment {environment}"))
    }

    /// Deletes a tenant's files, if there are any.
    pub(crate) async fn remove(&self, organization: OrganizationId) -> io::Result<()> {
        self.writing(organization, move |path| {
            let former = unless_missing(fs::remove_file(former::path(path, organization)));
            former.and(unless_missing(fs::remove_dir_all(folder_of(
                path,
                organization,
            ))))
        })
        .await
    }

    /// The organization and environment of a key, according to the files.
    pub(crate) async fn whose(&self, hash: SecretHash) -> Option<(OrganizationId, EnvironmentId)> {
        let mut index = self.index.lock().await;
        if index
            .as_ref()
            .is_none_or(|index| index.gathered.elapsed() > INDEX_FOR)
        {
            self.migrate().await;
            let path = self.path.clone();
            let keys = blocking(move || Ok(gather(&path)))
                .await
                .unwrap_or_default();
            *index = Some(Index {
                gathered: Instant::now(),
                keys,
            });
        }
        index.as_ref()?.keys.get(&hash).copied()
    }

    /// Converts files of an earlier format.
    async fn migrate(&self) {
        let path = self.path.clone();
        let former = blocking(move || former::tenants(&path)).await;
        for organization in former.unwrap_or_default() {
            let migrated = self.writing(organization, move |path| {
                former::migrate(path, organization)
            });
            if let Err(error) = migrated.await {
                tracing::warn!(%error, %organization, "cannot convert an old snapshot file");
            }
        }
    }

    /// Works on a tenant's files while no one else writes them.
    async fn writing<T: Send + 'static>(
        &self,
        organization: OrganizationId,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let writer = organization.as_uuid().as_u128() % WRITERS as u128;
        let writer = usize::try_from(writer).unwrap_or_default();
        let _turn = self.writers[writer].lock().await;
        let path = self.path.clone();
        blocking(move || work(&path)).await
    }

    /// Blocks all writers.
    #[cfg(test)]
    pub(crate) async fn hold(&self) -> Vec<tokio::sync::MutexGuard<'_, ()>> {
        let mut held = Vec::new();
        for writer in &self.writers {
            held.push(writer.lock().await);
        }
        held
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

/// Unwraps a read; logs a file that exists and cannot be read.
fn logged<T>(read: io::Result<T>, what: impl FnOnce() -> String) -> Option<T> {
    match read {
        Ok(read) => Some(read),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let what = what();
            tracing::error!(%error, what, "ignoring an unreadable snapshot file");
            None
        }
    }
}

fn unless_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn gather(path: &Path) -> HashMap<SecretHash, (OrganizationId, EnvironmentId)> {
    let Ok(entries) = fs::read_dir(path) else {
        return HashMap::new();
    };
    let organizations = entries.filter_map(|entry| -> Option<OrganizationId> {
        entry.ok()?.file_name().to_str()?.parse().ok()
    });
    organizations
        .filter_map(|organization| {
            logged(structure_file::read(&folder_of(path, organization)), || {
                format!("structure of {organization}")
            })
        })
        .flat_map(
            |TenantRecord {
                 organization, keys, ..
             }| {
                keys.into_iter()
                    .map(move |key| (key.hash, (organization, key.environment)))
            },
        )
        .collect()
}
