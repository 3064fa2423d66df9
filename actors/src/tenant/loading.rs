//! Loads a tenant's structure: from storage, or from its snapshot file while storage is down. `environments` loads the
//! environments in it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use peekaboo_protocol::Resume;
use peekaboo_storage::{EnvironmentId, TenantRecord};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::state::{State, version};
use super::structure::Structure;
use crate::error::{Error, Result};
use crate::live::{Environment, Newest, Refreshed, TenantEvent};
use crate::metrics::Metrics;

/// How long a failed load is cached, so that many callers do not wait for one timeout after another.
const REFUSE: Duration = Duration::from_millis(500);

impl State {
    pub(super) async fn ready(&mut self, reply: Option<oneshot::Sender<Result<()>>>) {
        if reply.is_none() && !self.tenant.is_loaded() {
            // No one waits for the result. The next caller loads the tenant and receives any error.
            return;
        }
        let result = self.ensure_read().await;
        if let Some(reply) = reply {
            self.tenant.handle.touch();
            // The caller may have stopped waiting.
            let _ = reply.send(result);
        }
    }

    pub(super) async fn ensure_read(&mut self) -> Result<()> {
        if self.read {
            return Ok(());
        }
        if let Some((since, reason)) = &self.refused
            && since.elapsed() < REFUSE
        {
            return Err(Error::Unavailable(reason.clone()));
        }
        let error = match self.read_all().await {
            Ok(()) => {
                self.finish_loading(self.registry.source.name());
                return Ok(());
            }
            Err(error) => error,
        };
        if self.tenant.is_loaded() {
            // This actor's predecessor failed; its published state is served until the database responds.
            tracing::warn!(%error, organization = %self.tenant.handle.organization, "cannot reload a tenant");
            self.look_again_later();
            return Ok(());
        }
        if error.is_temporary() && self.read_saved().await {
            tracing::warn!(%error, organization = %self.tenant.handle.organization, "the database is unavailable; starting a tenant from its snapshot");
            self.finish_loading("disk");
            self.look_again_later();
            return Ok(());
        }
        if error.is_temporary() {
            self.refused = Some((Instant::now(), error.to_string()));
        } else {
            if matches!(error, Error::OrganizationNotFound) {
                self.remove_files();
            }
            self.done = true;
        }
        Err(error)
    }

    /// Refreshes everything now, and notifies those who wait for it.
    pub(super) async fn refresh(&mut self, refreshed: watch::Sender<Refreshed>) {
        // Later callers may know of a change that this refresh does not include.
        self.tenant.handle.begin_refresh();
        let result = self.look_at_everything().await;
        refreshed.send_replace(Some(result));
    }

    async fn look_at_everything(&mut self) -> Result<()> {
        if !self.read {
            return self.ensure_read().await;
        }
        self.read_all()
            .await
            .inspect_err(|_| self.look_again_later())
    }

    pub(super) fn finish_loading(&mut self, source: &'static str) {
        self.read = true;
        self.refused = None;
        if self.tenant.finish_loading() {
            Metrics::tenant_loaded(source);
        }
    }

    /// Reads the structure, and the log of every environment in memory that is not at its newest version. Environments
    /// that are not in memory are loaded in separate tasks.
    pub(super) async fn read_all(&mut self) -> Result<()> {
        // The changes that they announce are read below, or when the environment is loaded.
        drop(self.tenant.handle.take_hints());
        let organization = self.tenant.handle.organization;
        let record = self
            .registry
            .source
            .tenant(organization)
            .await?
            .ok_or(Error::OrganizationNotFound)?;
        let held = self.tenant.environments();
        self.is_saved = false;
        self.apply_structure(record);
        for environment in held.keys() {
            if self.is_behind(*environment) {
                self.catch_up(*environment).await?;
            }
        }
        if !self.read {
            // The predecessor may have failed between publishing and notifying.
            for environment in held.values() {
                self.tell_shards(environment);
            }
        }
        Ok(())
    }

    /// Reads the keys of environments, if nothing else changed up to a revision.
    pub(super) async fn read_keys(
        &mut self,
        environments: BTreeSet<EnvironmentId>,
        revision: i64,
    ) -> Result<()> {
        let mut read = Vec::new();
        for environment in environments {
            read.push((
                environment,
                self.registry.source.keys_of(environment).await?,
            ));
        }
        let Some(structure) = &mut self.structure else {
            return Ok(());
        };
        structure.revision = revision;
        let mut changed = Vec::new();
        for (environment, keys) in read {
            structure.set_keys(environment, keys);
            changed.extend(self.tenant.environment(environment));
        }
        for environment in &changed {
            self.apply_keys(environment);
        }
        self.tenant.set_revision(revision);
        let watchers = &self.tenant.handle.watchers;
        watchers.announce(|| TenantEvent::Organization { revision });
        self.save_structure_soon();
        Ok(())
    }

    /// Publishes a structure: the environments that are in memory and still listed, with their keys. Listed
    /// environments that are not in memory follow later.
    fn apply_structure(&mut self, record: TenantRecord) {
        let structure = Structure::new(record);
        let revision = structure.revision;
        let held = self.tenant.environments();
        let (listed, gone): (Vec<_>, Vec<_>) = held
            .values()
            .cloned()
            .partition(|environment| structure.lists(environment.id));
        let changed: Vec<_> = listed
            .iter()
            .filter(|environment| {
                let known = self.structure.as_ref();
                let known = known.map(|known| known.keys_of(environment.id));
                known != Some(structure.keys_of(environment.id))
            })
            .cloned()
            .collect();
        self.loads
            .retain(|environment| structure.lists(environment));
        if !self.is_saved {
            for listed in &structure.environments {
                // The read in progress may be too old.
                self.loads.note_hint(listed.id, || {
                    Newest::Version(Resume {
                        epoch: listed.epoch.clone(),
                        version: version(listed.version),
                    })
                });
            }
        }
        self.structure = Some(structure);
        for environment in changed.iter().chain(&gone) {
            self.apply_keys(environment);
        }
        let listed = listed
            .into_iter()
            .map(|environment| (environment.id, environment))
            .collect();
        if self.tenant.publish(listed, revision) {
            let watchers = &self.tenant.handle.watchers;
            watchers.announce(|| TenantEvent::Organization { revision });
        }
        self.save_structure_soon();
        self.load_missing();
    }

    /// Sets the keys of an environment to those in the structure, and revokes the others.
    pub(super) fn apply_keys(&mut self, environment: &Arc<Environment>) {
        let structure = self.structure.as_ref();
        let records = structure.map_or(&[][..], |structure| structure.keys_of(environment.id));
        let former = self.tenant.keys_of(environment.id);
        let mut former: HashMap<_, _> = former.into_iter().map(|key| (key.hash(), key)).collect();
        let mut keys = Vec::with_capacity(records.len());
        for record in records.iter().cloned() {
            let key = match former.remove(&record.hash) {
                Some(key) => {
                    self.expiries.forget(&key);
                    key.update(record);
                    key
                }
                None => self.registry.keys.adopt(record, environment),
            };
            self.expiries.note(&key);
            keys.push(key);
        }
        // Before the others are revoked, so that an edge learns of the revocation over the remaining keys.
        let mut terms: Vec<_> = keys.iter().map(|key| key.terms()).collect();
        terms.sort_unstable_by(|a, b| a.id.cmp(&b.id));
        self.tenant.set_keys(environment.id, keys);
        if environment.publish_keys(terms) {
            self.tell_keys_changed(environment);
        }
        for key in former.values() {
            self.expiries.forget(key);
            key.revoke();
            self.registry.keys.remove(key);
        }
        if !former.is_empty() {
            self.tell_keys_died(environment);
        }
        self.expire_keys();
    }

    /// Reads the tenant's structure from its snapshot file; false if there is none.
    async fn read_saved(&mut self) -> bool {
        let Some(folder) = &self.registry.snapshots else {
            return false;
        };
        let Some(record) = folder.structure(self.tenant.handle.organization).await else {
            return false;
        };
        self.is_saved = true;
        self.apply_structure(record);
        true
    }
}
