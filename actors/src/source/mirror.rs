//! An edge's copy of the environments of its upstream, which replaces the database.
//!
//! Each environment is a separate tenant, because an edge receives environments and never an organization. The mirror
//! opens no socket: the owner of the upstream's stream passes it the messages in order, and the actors read it like
//! storage, with hints and a log. Epochs and versions are the upstream's.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use peekaboo_flags::{Changes, Ruleset};
use peekaboo_protocol::Resume;
use peekaboo_storage::{
    ChangesSince, EnvironmentId, Hint, Key, KeyRecord, LogEntry, LoggedChanges, OrganizationId,
    SdkKeyId, SecretHash, TenantEnvironment, TenantRecord,
};
use tokio::sync::{Semaphore, broadcast, watch};

use super::disk::SnapshotFolder;
use crate::error::{Error, Result};

/// The queue of hints for the feed; a feed that falls further behind refreshes everything.
const HINTS: usize = 1_024;

/// The number of files that are read at the same time on start. Each takes a thread, and an edge may have a thousand
/// files.
const RESTORED_AT_ONCE: usize = 4;

/// The environments of an upstream. Clones share the same state.
#[derive(Clone)]
pub struct Mirror {
    shared: Arc<Shared>,
}

struct Shared {
    environments: Mutex<HashMap<EnvironmentId, MirroredEnvironment>>,
    hints: broadcast::Sender<Hint>,
    stale: watch::Sender<bool>,
    /// Only read on start.
    folder: SnapshotFolder,
    restoring: Semaphore,
    /// The number of changes to keep for each environment.
    history: usize,
}

/// One environment.
struct MirroredEnvironment {
    record: TenantRecord,
    /// Its epoch is the upstream's, or one of this mirror's own if the upstream went back within an epoch.
    ruleset: Ruleset,
    /// The epoch in which a stream of the upstream may resume.
    upstream_epoch: String,
    /// The changes that led to the ruleset, without a gap.
    log: VecDeque<Applied>,
    /// The version before the first of them.
    log_from: u64,
    used: HashSet<SdkKeyId>,
    /// Keys that the upstream listed earlier and no longer does.
    revoked: HashSet<SecretHash>,
}

/// An applied change.
struct Applied {
    version: i64,
    committed_at_micros: i64,
    /// Large definitions are only in the ruleset, so that edits of a long list do not fill the memory.
    changes: LoggedChanges,
}

impl Mirror {
    /// Creates an empty mirror, which is stale, and keeps this many changes of each environment. The folder contains
    /// the hub's snapshots.
    pub fn new(history: usize, folder: PathBuf) -> Self {
        Self {
            shared: Arc::new(Shared {
                environments: Mutex::default(),
                hints: broadcast::channel(HINTS).0,
                stale: watch::channel(true).0,
                folder: SnapshotFolder::new(folder),
                restoring: Semaphore::new(RESTORED_AT_ONCE),
                history,
            }),
        }
    }

    /// The tenant of an environment on an edge.
    pub fn tenant_of(environment: EnvironmentId) -> OrganizationId {
        OrganizationId::from_uuid(environment.as_uuid())
    }

    /// Loads the environment of a key from the folder, if it exists and nothing newer is in memory.
    pub async fn restore(&self, key: SecretHash) -> Option<EnvironmentId> {
        let folder = &self.shared.folder;
        let _turn = self.shared.restoring.acquire().await.ok()?;
        let (organization, environment) = folder.whose(key).await?;
        let record = folder.structure(organization).await?;
        let ruleset = folder.ruleset(organization, environment).await?;
        self.environments()
            .entry(environment)
            .or_insert_with(|| MirroredEnvironment::new(record, ruleset));
        Some(environment)
    }

    /// Sets whether everything here is up to date with the upstream.
    pub fn set_stale(&self, stale: bool) {
        self.shared
            .stale
            .send_if_modified(|was| std::mem::replace(was, stale) != stale);
    }

    /// Whether an environment is in the mirror.
    pub fn holds(&self, environment: EnvironmentId) -> bool {
        self.environments().contains_key(&environment)
    }

    /// The current version of an environment, from which a stream may resume.
    pub fn held(&self, environment: EnvironmentId) -> Option<Resume> {
        let environments = self.environments();
        let mirrored = environments.get(&environment)?;
        Some(Resume {
            epoch: mirrored.upstream_epoch.clone(),
            version: mirrored.ruleset.version,
        })
    }

    /// Replaces the state of an environment that is in the mirror.
    ///
    /// An older state, or another state of the same version, means that the upstream's history was replaced without a new
    /// epoch, for example by restoring a backup without resetting epochs. Clients of this mirror then get another epoch;
    /// otherwise they would keep their state.
    pub fn renew(&self, id: EnvironmentId, mut ruleset: Ruleset) {
        let mut environments = self.environments();
        if let Some(mirrored) = environments.get_mut(&id) {
            if ruleset.epoch == mirrored.upstream_epoch {
                ruleset.epoch.clone_from(&mirrored.ruleset.epoch);
                if ruleset.version < mirrored.ruleset.version
                    || (ruleset.version == mirrored.ruleset.version && ruleset != mirrored.ruleset)
                {
                    tracing::warn!(
                        environment = %id,
                        held = mirrored.ruleset.version,
                        upstream = ruleset.version,
                        "the upstream's history was replaced within its epoch; applications get everything anew"
                    );
                    ruleset.epoch =
                        format!("{}~{:016x}", mirrored.upstream_epoch, rand::random::<u64>());
                }
            } else {
                mirrored.upstream_epoch.clone_from(&ruleset.epoch);
            }
            mirrored.log.clear();
            mirrored.log_from = ruleset.version;
            mirrored.ruleset = ruleset;
        }
        self.tell(&environments, id);
    }

    /// Replaces the state of an environment that may be new.
    pub fn replace(&self, id: EnvironmentId, project: &Key, key: &Key, ruleset: Ruleset) {
        if self.holds(id) {
            return self.renew(id, ruleset);
        }
        let mut environments = self.environments();
        let environment = TenantEnvironment {
            id,
            project: project.clone(),
            key: key.clone(),
            production: false,
            epoch: String::new(),
            version: 0,
        };
        let record = TenantRecord {
            organization: Self::tenant_of(id),
            revision: 0,
            environments: vec![environment],
            keys: Vec::new(),
        };
        environments.insert(id, MirroredEnvironment::new(record, ruleset));
    }

    /// Applies a change to the current version; false if it does not apply.
    pub fn apply(
        &self,
        environment: EnvironmentId,
        from: u64,
        to: u64,
        committed_at_micros: u64,
        changes: Changes,
    ) -> bool {
        let mut environments = self.environments();
        let Some(mirrored) = environments.get_mut(&environment) else {
            return false;
        };
        if mirrored.ruleset.version != from || to <= from {
            return false;
        }
        mirrored.ruleset.apply(&changes);
        mirrored.ruleset.version = to;
        mirrored.log.push_back(Applied {
            version: signed(to),
            committed_at_micros: signed(committed_at_micros),
            changes: LoggedChanges::of(changes),
        });
        while mirrored.log.len() > self.shared.history {
            if let Some(forgotten) = mirrored.log.pop_front() {
                mirrored.log_from = forgotten.version.unsigned_abs();
            }
        }
        self.tell(&environments, environment);
        true
    }

    /// Sets the keys of an environment in the mirror, and its name.
    pub fn set_keys(&self, id: EnvironmentId, project: &Key, key: &Key, keys: Vec<KeyRecord>) {
        let mut environments = self.environments();
        let Some(MirroredEnvironment {
            record, revoked, ..
        }) = environments.get_mut(&id)
        else {
            return;
        };
        let before = record.clone();
        for environment in &mut record.environments {
            environment.project = project.clone();
            environment.key = key.clone();
        }
        record.keys = keys;
        if *record == before {
            return;
        }
        let named: HashSet<_> = record.keys.iter().map(|key| key.hash).collect();
        let gone = before.keys.iter().map(|key| key.hash);
        revoked.extend(gone.filter(|hash| !named.contains(hash)));
        record.revision += 1;
        let hint = Hint::Organization {
            organization: record.organization,
            revision: record.revision,
        };
        // Without the feed, there is no one to notify yet.
        let _ = self.shared.hints.send(hint);
    }

    /// Removes an environment and its file: its clients are disconnected as if it had been deleted.
    pub async fn forget(&self, environment: EnvironmentId) {
        let organization = Self::tenant_of(environment);
        self.environments().remove(&environment);
        let revision = i64::MAX;
        let hint = Hint::Organization {
            organization,
            revision,
        };
        let _ = self.shared.hints.send(hint);
        if let Err(error) = self.shared.folder.remove(organization).await {
            tracing::warn!(%error, "cannot delete the stored state of an environment");
        }
    }

    /// The keys of an environment that were used since the last call.
    pub fn take_used(&self, environment: EnvironmentId) -> Vec<SdkKeyId> {
        let mut environments = self.environments();
        let used = environments
            .get_mut(&environment)
            .map(|mirrored| std::mem::take(&mut mirrored.used));
        used.into_iter().flatten().collect()
    }

    // What the actors read

    pub(crate) fn hints(&self) -> broadcast::Receiver<Hint> {
        self.shared.hints.subscribe()
    }

    pub(crate) fn staleness(&self) -> watch::Receiver<bool> {
        self.shared.stale.subscribe()
    }

    /// The organization and environment of a key. An unknown key is certainly invalid only if every key of this edge is
    /// followed upstream.
    pub(crate) fn find_key(
        &self,
        hash: SecretHash,
    ) -> Result<Option<(OrganizationId, EnvironmentId)>> {
        let environments = self.environments();
        let of = environments.iter().find(|(_, mirrored)| {
            let mut keys = mirrored.record.keys.iter();
            keys.any(|key| key.hash == hash)
        });
        match of {
            Some((id, mirrored)) => Ok(Some((mirrored.record.organization, *id))),
            None if environments
                .values()
                .any(|mirrored| mirrored.revoked.contains(&hash)) =>
            {
                Ok(None)
            }
            None if *self.shared.stale.borrow() => Err(Error::Unavailable(
                "unknown key, and the upstream is not responding".to_owned(),
            )),
            None => Ok(None),
        }
    }

    /// Whether a key was on the upstream's list since this process started, and no longer is.
    pub(crate) fn is_revoked_key(&self, hash: SecretHash) -> bool {
        let environments = self.environments();
        let mut mirrored = environments.values();
        mirrored.any(|mirrored| mirrored.revoked.contains(&hash))
    }

    pub(crate) fn tenant(&self, organization: OrganizationId) -> Option<TenantRecord> {
        let environments = self.environments();
        let mirrored = environments.get(&EnvironmentId::from_uuid(organization.as_uuid()))?;
        let mut record = mirrored.record.clone();
        for environment in &mut record.environments {
            environment.epoch.clone_from(&mirrored.ruleset.epoch);
            environment.version = signed(mirrored.ruleset.version);
        }
        Some(record)
    }

    pub(crate) fn flag_count(&self, environment: EnvironmentId) -> usize {
        let environments = self.environments();
        environments
            .get(&environment)
            .map_or(0, |mirrored| mirrored.ruleset.flags.len())
    }

    pub(crate) fn ruleset(&self, environment: EnvironmentId) -> Option<Ruleset> {
        let environments = self.environments();
        Some(environments.get(&environment)?.ruleset.clone())
    }

    pub(crate) fn changes_since(
        &self,
        environment: EnvironmentId,
        epoch: &str,
        version: i64,
        limit: u32,
    ) -> ChangesSince {
        let environments = self.environments();
        let mirrored = environments.get(&environment).filter(|mirrored| {
            let held = mirrored.log_from..=mirrored.ruleset.version;
            mirrored.ruleset.epoch == epoch && held.contains(&version.unsigned_abs())
        });
        let Some(mirrored) = mirrored else {
            return ChangesSince::Unreachable;
        };
        // A client inside a merged range receives the whole range, because each change contains whole flags.
        let later = mirrored.log.iter().filter(|entry| entry.version > version);
        let leads_to_now = later.clone().count() <= limit as usize;
        let later = later.take(limit as usize);
        if !LoggedChanges::are_readable(&later.clone().map(|entry| &entry.changes), leads_to_now) {
            return ChangesSince::Unreachable;
        }
        let entries = later.map(|entry| LogEntry {
            version: entry.version,
            committed_at_micros: entry.committed_at_micros,
            changes: entry.changes.clone().with(&mirrored.ruleset),
        });
        ChangesSince::Entries(entries.collect())
    }

    pub(crate) fn note_used(&self, ids: impl Iterator<Item = SdkKeyId>) {
        let mut environments = self.environments();
        for id in ids {
            let of = environments.values_mut().find(|mirrored| {
                let mut keys = mirrored.record.keys.iter();
                keys.any(|key| key.id == id)
            });
            if let Some(mirrored) = of {
                mirrored.used.insert(id);
            }
        }
    }

    fn environments(&self) -> MutexGuard<'_, HashMap<EnvironmentId, MirroredEnvironment>> {
        let environments = self.shared.environments.lock();
        environments.unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, environments: &HashMap<EnvironmentId, MirroredEnvironment>, id: EnvironmentId) {
        let Some(MirroredEnvironment { ruleset, .. }) = environments.get(&id) else {
            return;
        };
        let hint = Hint::Environment {
            organization: Self::tenant_of(id),
            environment: id,
            epoch: ruleset.epoch.clone(),
            version: signed(ruleset.version),
        };
        // Without the feed, there is no one to notify yet.
        let _ = self.shared.hints.send(hint);
    }
}

impl MirroredEnvironment {
    fn new(record: TenantRecord, ruleset: Ruleset) -> Self {
        Self {
            record,
            log: VecDeque::new(),
            log_from: ruleset.version,
            upstream_epoch: ruleset.epoch.clone(),
            ruleset,
            used: HashSet::new(),
            revoked: HashSet::new(),
        }
    }
}

/// Versions and times are below 2^53 on the wire.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
