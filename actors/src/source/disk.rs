//! A tenant's state on disk, for a node that must start while the database is away.
//!
//! Files hold rules and hashes of keys, never a key. They are written aside and renamed, so that a reader finds the
//! former one or the new one whole. They are never preferred to the database.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use peekaboo_flags::{CompiledRuleset, Ruleset};
use peekaboo_storage::{EnvironmentId, OrganizationId, SecretHash, TenantRecord};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::Instant;

/// Raised when the format changes; a file of another format is as good as none.
const FORMAT: u32 = 1;

/// How long the list of whose keys the files hold is used before the files are read again.
const INDEX_FOR: Duration = Duration::from_secs(10);

/// How many files are written at once.
const WRITERS: usize = 8;

/// Where tenants' files are.
pub(crate) struct SnapshotFolder {
    path: PathBuf,
    /// Each organisation writes under one of these, and so never twice at once.
    writers: [Mutex<()>; WRITERS],
    index: Mutex<Option<Index>>,
}

/// Whose each key is, gathered from the files when first needed.
struct Index {
    gathered: Instant,
    organizations: HashMap<SecretHash, OrganizationId>,
}

/// A tenant as its file has it.
#[derive(Serialize, Deserialize)]
pub(crate) struct SavedTenant {
    format: u32,
    pub(crate) record: TenantRecord,
    pub(crate) rulesets: HashMap<EnvironmentId, Ruleset>,
}

impl SnapshotFolder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            writers: Default::default(),
            index: Mutex::new(None),
        }
    }

    fn file(&self, organization: OrganizationId) -> PathBuf {
        self.path.join(format!("{organization}.json"))
    }

    /// Replaces a tenant's file.
    pub(crate) async fn write(
        &self,
        record: TenantRecord,
        rulesets: Vec<(EnvironmentId, CompiledRuleset)>,
    ) -> io::Result<()> {
        let path = self.file(record.organization);
        let writer = record.organization.as_uuid().as_u128() % WRITERS as u128;
        let writer = usize::try_from(writer).unwrap_or_default();
        let _turn = self.writers[writer].lock().await;
        blocking(move || {
            let rulesets = rulesets
                .iter()
                .map(|(id, ruleset)| (*id, ruleset.to_ruleset()))
                .collect();
            let saved = SavedTenant {
                format: FORMAT,
                record,
                rulesets,
            };
            replace(&path, &serde_json::to_vec(&saved)?)
        })
        .await
    }

    /// Has everybody wait who would write.
    #[cfg(test)]
    pub(crate) async fn hold(&self) -> Vec<tokio::sync::MutexGuard<'_, ()>> {
        let mut held = Vec::new();
        for writer in &self.writers {
            held.push(writer.lock().await);
        }
        held
    }

    /// A tenant's file, if there is one that this version reads.
    pub(crate) async fn read(&self, organization: OrganizationId) -> Option<SavedTenant> {
        let path = self.file(organization);
        blocking(move || read(&path)).await.ok()
    }

    /// Removes a tenant's file, if there is one.
    pub(crate) async fn remove(&self, organization: OrganizationId) -> io::Result<()> {
        let path = self.file(organization);
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    /// Whose key this is, by the files.
    pub(crate) async fn organization_of(&self, hash: SecretHash) -> Option<OrganizationId> {
        let mut index = self.index.lock().await;
        if index
            .as_ref()
            .is_none_or(|index| index.gathered.elapsed() > INDEX_FOR)
        {
            let path = self.path.clone();
            let organizations = blocking(move || Ok(gather(&path)))
                .await
                .unwrap_or_default();
            *index = Some(Index {
                gathered: Instant::now(),
                organizations,
            });
        }
        index.as_ref()?.organizations.get(&hash).copied()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension("json.new");
    let file = fs::File::create(&aside)?;
    io::Write::write_all(&mut &file, bytes)?;
    file.sync_all()?;
    fs::rename(aside, path)
}

fn read(path: &Path) -> io::Result<SavedTenant> {
    let saved: SavedTenant = serde_json::from_slice(&fs::read(path)?)?;
    if saved.format == FORMAT {
        Ok(saved)
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

fn gather(folder: &Path) -> HashMap<SecretHash, OrganizationId> {
    let Ok(entries) = fs::read_dir(folder) else {
        return HashMap::new();
    };
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let tenants = files.filter(|path| path.extension().is_some_and(|end| end == "json")).filter_map(|path| {
        read(&path)
            .inspect_err(|error| tracing::warn!(%error, path = %path.display(), "a snapshot cannot be read"))
            .ok()
    });
    tenants
        .flat_map(|SavedTenant { record, .. }| {
            let organization = record.organization;
            record
                .keys
                .into_iter()
                .map(move |key| (key.hash, organization))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn record(revision: i64) -> TenantRecord {
        let organization = OrganizationId::from_uuid(Uuid::from_u128(1));
        TenantRecord {
            organization,
            revision,
            environments: Vec::new(),
            keys: Vec::new(),
        }
    }

    #[tokio::test]
    async fn the_last_one_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = SnapshotFolder::new(folder.path().join("snapshots"));
        for revision in [1, 2] {
            snapshots.write(record(revision), Vec::new()).await.unwrap();
        }
        let read = snapshots.read(record(0).organization).await.unwrap();
        assert_eq!(read.record, record(2));
    }

    #[tokio::test]
    async fn a_broken_or_foreign_file_is_as_good_as_none() {
        let folder = tempfile::tempdir().unwrap();
        let snapshots = SnapshotFolder::new(folder.path().to_owned());
        let organization = record(1).organization;
        assert!(snapshots.read(organization).await.is_none());
        for content in [
            "{\"format\":1",
            "{\"format\":2,\"record\":{},\"rulesets\":{}}",
        ] {
            fs::write(snapshots.file(organization), content).unwrap();
            assert!(snapshots.read(organization).await.is_none());
            assert_eq!(
                snapshots.organization_of(SecretHash::of("pbs_x")).await,
                None
            );
        }
    }
}
