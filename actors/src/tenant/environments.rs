//! Loads environments into memory one by one: from storage, or from their files while storage is down.

use std::collections::HashMap;
use std::sync::Arc;

use peekaboo_storage::{EnvironmentId, Key, OrganizationId, TenantEnvironment};
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::loads::{Begin, Ended};
use super::state::{State, version};
use crate::error::{Error, Result};
use crate::live::{Environment, Newest, Read, TenantMessage as Message, Wanted};
use crate::registry::Registry;
use crate::state::EnvironmentSnapshot;

/// The number of environments that are loaded in the structure's order: finding out which ones are small would take as
/// long.
const FEW_ENVIRONMENTS: usize = 8;

/// The maximum number of flags of a small environment. Small ones are compiled in place; larger ones would block other
/// tasks.
const FEW: u32 = 256;

impl State {
    /// Someone needs an environment.
    pub(super) async fn want(&mut self, wanted: Wanted, reply: oneshot::Sender<Result<()>>) {
        if self.structure.is_none() {
            let _ = self.ensure_read().await;
        }
        let Some(structure) = &self.structure else {
            let reason = "the environments of the organization are not known here".to_owned();
            let _ = reply.send(Err(Error::Unavailable(reason)));
            return;
        };
        let environment = match wanted {
            Wanted::Environment(environment) => Some(environment),
            Wanted::KeyOf(key) => structure.opened_by(key),
        };
        let missing = environment.filter(|environment| {
            structure.lists(*environment) && self.tenant.environment(*environment).is_none()
        });
        let Some(environment) = missing else {
            // Nothing to load: it is in memory already, or not this tenant's.
            let _ = reply.send(Ok(()));
            return;
        };
        if let Some(begin) = self.loads.ask(environment, reply) {
            self.begin(begin);
        }
    }

    /// Starts to load the environments that the structure lists and no one has requested.
    pub(super) fn load_missing(&mut self) {
        let Some(structure) = &self.structure else {
            return;
        };
        let held = self.tenant.environments();
        let missing = structure.environments.iter().map(|listed| listed.id);
        self.loads.list(missing.filter(|id| !held.contains_key(id)));
        if self.is_saved || self.loads.listed().len() <= FEW_ENVIRONMENTS {
            self.load_next();
            return;
        }
        let (registry, myself) = (self.registry.clone(), self.myself.clone());
        let organization = self.tenant.handle.organization;
        tokio::spawn(async move {
            // Only their order depends on it.
            let counts = registry.source.flag_counts(organization).await;
            let _ = myself.cast(Message::LoadAll(counts.unwrap_or_default()));
        });
    }

    /// Loads what is listed, environments of small projects first.
    pub(super) fn load_all(&mut self, flags: &HashMap<Key, i64>) {
        if let Some(structure) = &self.structure {
            let sizes: HashMap<_, _> = structure
                .environments
                .iter()
                .map(|listed| (listed.id, flags.get(&listed.project)))
                .collect();
            let mut listed: Vec<_> = self.loads.listed().collect();
            listed.sort_by_key(|id| sizes.get(id));
            self.loads.list(listed.into_iter());
        }
        self.load_next();
    }

    fn load_next(&mut self) {
        while let Some(begin) = self.loads.next() {
            self.begin(begin);
        }
    }

    /// Reads an environment in a separate task.
    fn begin(&self, begin: Begin) {
        let (registry, myself) = (self.registry.clone(), self.myself.clone());
        let organization = self.tenant.handle.organization;
        // While the structure itself comes from disk, asking the database would only cost a timeout each time.
        let prefers_saved = self.is_saved || registry.is_stale();
        tokio::spawn(async move {
            let environment = begin.environment;
            let is_small =
                async { prefers_saved || registry.source.is_small(environment, FEW).await };
            let _turn = registry.turns.of(&begin.asked, is_small).await;
            let read = read(&registry, organization, environment, prefers_saved).await;
            // If the actor has failed, its successor starts again.
            let _ = myself.cast(Message::Read(Box::new(read)));
        });
    }

    /// Handles the result of reading an environment.
    pub(super) async fn environment_read(&mut self, read: Read) {
        let Some(Ended { waiting, heard }) = self.loads.end(read.environment) else {
            return;
        };
        let result = match read.snapshot {
            Ok(Some(snapshot)) => {
                let heard = heard.filter(|_| !read.is_saved);
                self.admit(read.environment, snapshot, heard).await;
                Ok(())
            }
            // The next refresh of the structure notices that it was deleted.
            Ok(None) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, environment = %read.environment, "cannot load an environment");
                Err(error)
            }
        };
        if result.is_err() || read.is_saved {
            self.look_again_later();
        }
        for waiting in waiting {
            let result = result.as_ref().map_err(Error::for_another).copied();
            let _ = waiting.send(result);
        }
        self.load_next();
    }

    /// Adds an environment to memory, with its keys.
    async fn admit(
        &mut self,
        id: EnvironmentId,
        snapshot: EnvironmentSnapshot,
        heard: Option<Newest>,
    ) {
        let structure = self.structure.as_ref();
        let Some(listed) = structure.and_then(|structure| structure.environment(id)) else {
            return;
        };
        let TenantEnvironment { project, key, .. } = listed.clone();
        let is_behind =
            heard.is_some_and(|heard| !heard.is_held_at(&snapshot.epoch, snapshot.version));
        let handle = self.tenant.handle.clone();
        let environment = Arc::new(Environment::new(id, project, key, handle, snapshot));
        // Before anyone can see it: a change that was acknowledged here is served here.
        if is_behind && let Err(error) = self.bring_up_to_date(&environment).await {
            tracing::warn!(%error, environment = %id, "cannot read the change log");
            self.look_again_later();
        }
        self.tenant.add(environment.clone());
        self.apply_keys(&environment);
        self.save_soon(id);
    }

    /// Whether the structure lists a newer version of an environment than the one in memory.
    pub(super) fn is_behind(&self, id: EnvironmentId) -> bool {
        let structure = self.structure.as_ref();
        let listed = structure.and_then(|structure| structure.environment(id));
        let held = self.tenant.environment(id);
        listed.zip(held).is_some_and(|(listed, held)| {
            let snapshot = held.snapshot();
            snapshot.epoch != listed.epoch || version(listed.version) > snapshot.version
        })
    }
}

async fn read(
    registry: &Registry,
    organization: OrganizationId,
    environment: EnvironmentId,
    prefers_saved: bool,
) -> Read {
    let saved = async || {
        let folder = registry.snapshots.as_ref()?;
        let ruleset = folder.ruleset(organization, environment).await?;
        Some(Read {
            environment,
            snapshot: compiled(ruleset).await.map(Some),
            is_saved: true,
        })
    };
    if prefers_saved && let Some(read) = saved().await {
        return read;
    }
    let snapshot = match registry.source.ruleset(environment).await {
        Ok(Some(ruleset)) => compiled(ruleset).await.map(Some),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    if let Err(error) = &snapshot
        && error.is_temporary()
        && !prefers_saved
        && let Some(read) = saved().await
    {
        return read;
    }
    Read {
        environment,
        snapshot,
        is_saved: false,
    }
}

async fn compiled(ruleset: peekaboo_flags::Ruleset) -> Result<EnvironmentSnapshot> {
    if ruleset.flags.len() <= FEW as usize {
        return Ok(EnvironmentSnapshot::new(&ruleset, 0));
    }
    spawn_blocking(move || EnvironmentSnapshot::new(&ruleset, 0))
        .await
        .map_err(|_| Error::Interrupted)
}
