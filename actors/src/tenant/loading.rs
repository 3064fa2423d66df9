//! How a tenant comes into memory: from storage, or from its snapshot file while storage is away.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use peekaboo_storage::{EnvironmentId, KeyRecord, TenantEnvironment, TenantRecord};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::state::{State, version};
use crate::error::{Error, Result};
use crate::live::{Environment, LiveKey, Refreshed, TenantEvent};
use crate::metrics::Metrics;
use crate::state::EnvironmentSnapshot;

/// How long a failed load is answered from memory, so that a crowd does not queue for one timeout after another.
const REFUSE: Duration = Duration::from_millis(500);

impl State {
    pub(super) async fn ready(&mut self, reply: Option<oneshot::Sender<Result<()>>>) {
        if reply.is_none() && !self.tenant.is_loaded() {
            // Nobody waits: whoever asks next has it loaded, and is told how that went.
            return;
        }
        let result = self.ensure_read().await;
        if let Some(reply) = reply {
            self.tenant.handle.touch();
            // Whoever asked may have gone.
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
            // This actor's predecessor failed; what it published is served until the database answers.
            tracing::warn!(%error, organization = %self.tenant.handle.organization, "a tenant could not be read again");
            self.look_again_later();
            return Ok(());
        }
        if error.is_temporary() && self.read_saved().await {
            tracing::warn!(%error, organization = %self.tenant.handle.organization, "a tenant starts from its snapshot");
            self.finish_loading("disk");
            self.look_again_later();
            return Ok(());
        }
        if error.is_temporary() {
            self.refused = Some((Instant::now(), error.to_string()));
        } else {
            self.done = true;
        }
        Err(error)
    }

    /// Looks at everything now, and tells those who wait for it.
    pub(super) async fn refresh(&mut self, refreshed: watch::Sender<Refreshed>) {
        // Whoever asks from here on may know of something that this look does not see.
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

    /// Reads the structure, and every environment that is not held at its newest version.
    pub(super) async fn read_all(&mut self) -> Result<()> {
        // Whatever they hint at is read below.
        drop(self.tenant.handle.take_hints());
        let organization = self.tenant.handle.organization;
        let record = self
            .registry
            .source
            .tenant(organization)
            .await?
            .ok_or(Error::OrganizationNotFound)?;
        let held = self.tenant.environments();
        let mut rulesets = HashMap::new();
        for environment in &record.environments {
            if held.contains_key(&environment.id) {
                continue;
            }
            // Gone since the structure was read: the next look finds that too.
            if let Some(ruleset) = self.registry.source.ruleset(environment.id).await? {
                rulesets.insert(environment.id, EnvironmentSnapshot::new(ruleset.into(), 0));
            }
        }
        let is_behind = |listed: &&TenantEnvironment| {
            held.get(&listed.id)
                .map(|environment| environment.snapshot())
                .is_some_and(|snapshot| {
                    snapshot.epoch != listed.epoch || version(listed.version) > snapshot.version
                })
        };
        let behind: Vec<_> = record
            .environments
            .iter()
            .filter(is_behind)
            .map(|listed| listed.id)
            .collect();
        self.apply_structure(record, rulesets);
        for environment in behind {
            self.catch_up(environment).await?;
        }
        if !self.read {
            // The predecessor may have failed between publishing and telling.
            for environment in held.values() {
                self.tell_shards(environment);
            }
        }
        Ok(())
    }

    /// Publishes a structure: environments by what is held or was just read, keys by what the record lists.
    pub(super) fn apply_structure(
        &mut self,
        record: TenantRecord,
        mut read: HashMap<EnvironmentId, EnvironmentSnapshot>,
    ) {
        let held = self.tenant.environments();
        let handle = &self.tenant.handle;
        self.record = Some(record.clone());
        let environments: HashMap<_, _> = record
            .environments
            .into_iter()
            .filter_map(
                |TenantEnvironment {
                     id, project, key, ..
                 }| {
                    let environment = match held.get(&id) {
                        Some(environment) => environment.clone(),
                        None => Arc::new(Environment::new(
                            id,
                            project,
                            key,
                            handle.clone(),
                            read.remove(&id)?,
                        )),
                    };
                    Some((id, environment))
                },
            )
            .collect();
        self.apply_keys(record.keys, &environments);
        if self.tenant.publish(environments, record.revision) {
            self.announce(TenantEvent::Organization {
                revision: record.revision,
            });
        }
        self.save_soon();
    }

    pub(super) fn apply_keys(
        &mut self,
        records: Vec<KeyRecord>,
        environments: &HashMap<EnvironmentId, Arc<Environment>>,
    ) {
        let mut former = std::mem::take(&mut self.keys);
        for record in records {
            let Some(environment) = environments.get(&record.environment) else {
                continue;
            };
            let key = match former.remove(&record.hash) {
                Some(key) => {
                    key.update(record);
                    key
                }
                None => self.registry.keys.adopt(record, environment),
            };
            self.keys.insert(key.hash(), key);
        }
        self.publish_keys(environments);
        let mut bereft = HashMap::new();
        for key in former.values() {
            key.revoke();
            self.registry.keys.remove(key);
            bereft.insert(key.environment().id, key.environment().clone());
        }
        self.tell_keys_died(bereft);
        self.expire_keys();
    }

    /// Tells edges who may follow their environments: nobody, where one has gone.
    fn publish_keys(&self, environments: &HashMap<EnvironmentId, Arc<Environment>>) {
        let held = self.tenant.environments();
        let gone = held
            .values()
            .filter(|held| !environments.contains_key(&held.id));
        for environment in environments.values().chain(gone) {
            let own = |key: &&Arc<LiveKey>| key.environment().id == environment.id;
            let mut keys: Vec<_> = self
                .keys
                .values()
                .filter(own)
                .map(|key| key.terms())
                .collect();
            keys.sort_unstable_by(|a, b| a.id.cmp(&b.id));
            if environment.publish_keys(keys) {
                self.tell_keys_changed(environment);
            }
        }
    }

    /// Takes the tenant from its snapshot file; false where there is none.
    pub(super) async fn read_saved(&mut self) -> bool {
        let Some(folder) = &self.registry.snapshots else {
            return false;
        };
        let Some(saved) = folder.read(self.tenant.handle.organization).await else {
            return false;
        };
        let snapshots = saved
            .rulesets
            .into_iter()
            .map(|(id, ruleset)| (id, EnvironmentSnapshot::new(ruleset.into(), 0)))
            .collect();
        self.apply_structure(saved.record, snapshots);
        true
    }
}
