//! A tenant's structure as last read: its environments and their keys.

use std::collections::HashMap;

use peekaboo_storage::{
    EnvironmentId, KeyRecord, OrganizationId, SdkKeyId, TenantEnvironment, TenantRecord,
};

pub(super) struct Structure {
    organization: OrganizationId,
    pub(super) revision: i64,
    pub(super) environments: Vec<TenantEnvironment>,
    places: HashMap<EnvironmentId, usize>,
    keys: HashMap<EnvironmentId, Vec<KeyRecord>>,
}

impl Structure {
    pub(super) fn new(record: TenantRecord) -> Self {
        let TenantRecord {
            organization,
            revision,
            environments,
            keys: records,
        } = record;
        let mut keys: HashMap<_, Vec<_>> = HashMap::new();
        for record in records {
            keys.entry(record.environment).or_default().push(record);
        }
        let places = environments.iter().enumerate();
        Self {
            organization,
            revision,
            places: places.map(|(place, listed)| (listed.id, place)).collect(),
            environments,
            keys,
        }
    }

    pub(super) fn lists(&self, environment: EnvironmentId) -> bool {
        self.places.contains_key(&environment)
    }

    pub(super) fn environment(&self, id: EnvironmentId) -> Option<&TenantEnvironment> {
        self.environments.get(*self.places.get(&id)?)
    }

    /// The keys of an environment.
    pub(super) fn keys_of(&self, environment: EnvironmentId) -> &[KeyRecord] {
        self.keys.get(&environment).map_or(&[], Vec::as_slice)
    }

    /// Replaces the keys of an environment, if it is listed.
    pub(super) fn set_keys(&mut self, environment: EnvironmentId, keys: Vec<KeyRecord>) {
        if !keys.is_empty() && self.lists(environment) {
            self.keys.insert(environment, keys);
        } else {
            self.keys.remove(&environment);
        }
    }

    /// The environment that a key gives access to.
    pub(super) fn opened_by(&self, key: SdkKeyId) -> Option<EnvironmentId> {
        let mut keys = self.keys.values().flatten();
        keys.find(|record| record.id == key)
            .map(|record| record.environment)
    }

    /// The structure in the format of its file.
    pub(super) fn to_record(&self) -> TenantRecord {
        let keys = self
            .environments
            .iter()
            .flat_map(|listed| self.keys_of(listed.id));
        TenantRecord {
            organization: self.organization,
            revision: self.revision,
            environments: self.environments.clone(),
            keys: keys.cloned().collect(),
        }
    }
}
