//! Organizations that are alike, with their projects, environments and flags.

use std::ops::Range;

use super::store::{Kind, Store};

/// A part of the data. Rows of each kind are numbered through all blocks; a block has those from its first on.
#[derive(Clone, Copy)]
pub(super) struct Block {
    /// What its organizations and projects are called, before a number.
    pub(super) name: &'static str,
    /// Its organizations. Several blocks may share one.
    pub(super) first_organization: u64,
    pub(super) organizations: u64,
    /// Projects of each organization.
    pub(super) projects: u64,
    pub(super) first_project: u64,
    /// Environments of each project.
    pub(super) environments: u64,
    pub(super) first_environment: u64,
    /// Flags of each project.
    pub(super) flags: u64,
    pub(super) first_flag: u64,
}

/// Where an environment is in the admin API.
#[derive(Clone, Debug)]
pub(crate) struct EnvironmentPath {
    pub(crate) organization: String,
    pub(crate) project: String,
    pub(crate) environment: String,
    pub(crate) server_key: String,
}

impl Block {
    /// A block behind another.
    pub(super) fn after(
        self,
        name: &'static str,
        organizations: u64,
        each: (u64, u64, u64),
    ) -> Self {
        let (projects, environments, flags) = each;
        Self {
            name,
            first_organization: self.first_organization + self.organizations,
            organizations,
            projects,
            first_project: self.first_project + self.all_projects(),
            environments,
            first_environment: self.all_environments().end,
            flags,
            first_flag: self.first_flag + self.all_flags(),
        }
    }

    fn all_projects(&self) -> u64 {
        self.organizations * self.projects
    }

    /// The numbers of its environments.
    pub(super) fn all_environments(&self) -> Range<u64> {
        let count = self.all_projects() * self.environments;
        self.first_environment..self.first_environment + count
    }

    fn all_flags(&self) -> u64 {
        self.all_projects() * self.flags
    }

    /// The nth of its environments.
    pub(super) fn place(&self, nth: u64, owner: &str) -> EnvironmentPath {
        let project = nth / self.environments;
        EnvironmentPath {
            organization: format!("{owner}-{}", project / self.projects),
            project: format!("{}-{}", self.name, project % self.projects),
            environment: format!("environment-{}", nth % self.environments),
            server_key: super::keys::secret("pbs_", self.first_environment + nth),
        }
    }

    /// Makes its organizations.
    pub(super) async fn insert_organizations(&self, store: &mut Store) -> anyhow::Result<()> {
        let id = store.id(
            Kind::Organization,
            &format!("n + {}", self.first_organization),
        );
        let (name, count) = (self.name, self.organizations);
        let sql = format!(
            "INSERT INTO organizations (id, key, name, revision, created_at, updated_at) \
             SELECT {id}, '{name}-' || n, '{name} ' || n, 1, instants.at, instants.at \
             FROM numbers CROSS JOIN instants WHERE n < {count} AND instants.hour = 0"
        );
        store.run(&sql).await
    }

    /// Makes its projects, environments, flags and their targeting.
    pub(super) async fn insert(&self, store: &mut Store) -> anyhow::Result<()> {
        self.insert_projects(store).await?;
        self.insert_environments(store).await?;
        self.insert_flags(store).await?;
        self.insert_targeting(store).await
    }

    async fn insert_projects(&self, store: &mut Store) -> anyhow::Result<()> {
        let (name, count, each) = (self.name, self.all_projects(), self.projects);
        let sql = format!(
            "INSERT INTO projects (id, organization, key, name, description, version, turn, created_at, updated_at) \
             SELECT {id}, {organization}, '{name}-' || (n % {each}), '{name} ' || (n % {each}), '', 1, 0, instants.at, instants.at \
             FROM numbers CROSS JOIN instants WHERE n < {count} AND instants.hour = 0",
            id = store.id(Kind::Project, &format!("n + {}", self.first_project)),
            organization = store.id(
                Kind::Organization,
                &format!("n / {each} + {}", self.first_organization)
            ),
        );
        store.run(&sql).await
    }

    async fn insert_environments(&self, store: &mut Store) -> anyhow::Result<()> {
        let Range { start, end } = self.all_environments();
        let (count, each) = (end - start, self.environments);
        let of_organization = each * self.projects;
        let sql = format!(
            "INSERT INTO environments (id, organization, project, key, name, color, production, position, version, \
             epoch, edition, created_at, updated_at) \
             SELECT {id}, {organization}, {project}, 'environment-' || (n % {each}), 'Environment ' || (n % {each}), \
             '#3b82f6', n % {each} = 0, n % {each}, 1, 'epoch-' || (n + {start}), 1, instants.at, instants.at \
             FROM numbers CROSS JOIN instants WHERE n < {count} AND instants.hour = 0",
            id = store.id(Kind::Environment, &format!("n + {start}")),
            organization = store.id(
                Kind::Organization,
                &format!("n / {of_organization} + {}", self.first_organization)
            ),
            project = store.id(
                Kind::Project,
                &format!("n / {each} + {}", self.first_project)
            ),
        );
        store.run(&sql).await
    }

    /// Names and times of changes are in another order than keys.
    async fn insert_flags(&self, store: &mut Store) -> anyhow::Result<()> {
        let (count, each) = (self.all_flags(), self.flags);
        let name = store.padded(&format!("n * 7919 % {each}"), 5);
        let sql = format!(
            "INSERT INTO flags (id, project, key, name, folded_name, description, folded_description, type, variations, \
             tags, client_visible, track, salt, version, created_at, updated_at) \
             SELECT {id}, {project}, 'flag-' || {number}, 'Checkout ' || {name}, 'checkout ' || {name}, \
             'Shows the new checkout', 'shows the new checkout', 'boolean', \
             '[{{\"key\":\"on\",\"value\":true}},{{\"key\":\"off\",\"value\":false}}]', \
             {tags}, n % 2 = 0, n % {each} = 0, 'salt-' || {number}, 1, instants.at, instants.at \
             FROM numbers JOIN instants ON instants.hour = n * 31 % 960 WHERE n < {count}",
            id = store.id(Kind::Flag, &format!("n + {}", self.first_flag)),
            project = store.id(
                Kind::Project,
                &format!("n / {each} + {}", self.first_project)
            ),
            number = store.padded(&format!("n % {each}"), 5),
            tags = store.json("'[\"team-' || (n % 12) || '\"]'"),
        );
        store.run(&sql).await
    }

    /// Every flag is off, with a rule and a split in force once it is on.
    async fn insert_targeting(&self, store: &mut Store) -> anyhow::Result<()> {
        let (count, flags, each) = (self.all_flags(), self.flags, self.environments);
        let environment = format!("n / {flags} * {each} + e + {}", self.first_environment);
        let sql = format!(
            "INSERT INTO flag_environments (flag, environment, enabled, off_variation, prerequisites, targets, rules, \
             fallthrough, rule_count, target_count, version, updated_at) \
             SELECT {flag}, {environment}, n < 0, 'off', '[]', '[]', \
             '[{{\"id\":\"nordic\",\"when\":{{\"attribute\":\"country\",\"op\":\"in\",\"values\":[\"SE\",\"NO\"]}},\
             \"serve\":{{\"variation\":\"on\"}}}}]', \
             '{{\"split\":{{\"by\":\"targetingKey\",\"weights\":[[\"on\",30000],[\"off\",70000]]}}}}', 1, 0, 1, instants.at \
             FROM numbers CROSS JOIN (SELECT n AS e FROM numbers WHERE n < {each}) AS environments CROSS JOIN instants \
             WHERE n < {count} AND instants.hour = 0",
            flag = store.id(Kind::Flag, &format!("n + {}", self.first_flag)),
            environment = store.id(Kind::Environment, &environment),
        );
        store.run(&sql).await
    }

    /// Makes so many segments of its first project; those of the second half name one of the first half each, and every
    /// tenth flag names one of the first half in all environments.
    pub(super) async fn insert_segments(
        &self,
        store: &mut Store,
        count: u64,
    ) -> anyhow::Result<()> {
        let half = count / 2;
        let key = |number: &str| format!("'segment-' || {}", store.padded(number, 3));
        let named = format!(
            "'{{\"segment\":\"' || {} || '\"}}'",
            key(&format!("n - {half}"))
        );
        let plain = "'{\"attribute\":\"plan\",\"op\":\"in\",\"values\":[\"pro\"]}'";
        let sql = format!(
            "INSERT INTO segments (id, project, key, name, folded_name, description, attribute, included, excluded, \
             condition, version, created_at, updated_at) \
             SELECT {id}, {project}, {key}, {key}, {key}, '', 'targetingKey', '[\"ada\",\"grace\"]', '[]', {condition}, \
             1, instants.at, instants.at FROM numbers CROSS JOIN instants WHERE n < {count} AND instants.hour = 0",
            id = store.id(Kind::Segment, "n"),
            project = store.id(Kind::Project, &self.first_project.to_string()),
            key = key("n"),
            condition = store.json(&format!(
                "CASE WHEN n < {half} THEN {plain} ELSE {named} END"
            )),
        );
        store.run(&sql).await?;
        let segment = store.padded(&format!("n / 10 % {half}"), 3);
        let rules = format!(
            "'[{{\"id\":\"pro\",\"when\":{{\"segment\":\"segment-' || {segment} || '\"}},\"serve\":{{\"variation\":\"on\"}}}}]'"
        );
        let sql = format!(
            "UPDATE flag_environments SET rules = {rules} FROM numbers \
             WHERE flag_environments.flag = {flag} AND n % 10 = 0 AND n < {flags}",
            rules = store.json(&rules),
            flag = store.id(Kind::Flag, &format!("n + {}", self.first_flag)),
            flags = self.flags,
        );
        store.run(&sql).await
    }

    /// Every hundredth flag of its first project, from the second on, needs the one before.
    pub(super) async fn insert_prerequisites(&self, store: &mut Store) -> anyhow::Result<()> {
        let before = store.padded("n - 1", 5);
        let prerequisites =
            format!("'[{{\"flag\":\"flag-' || {before} || '\",\"variations\":[\"on\"]}}]'");
        let sql = format!(
            "UPDATE flag_environments SET prerequisites = {prerequisites} FROM numbers \
             WHERE flag_environments.flag = {flag} AND n % 100 = 1 AND n < {flags}",
            prerequisites = store.json(&prerequisites),
            flag = store.id(Kind::Flag, &format!("n + {}", self.first_flag)),
            flags = self.flags,
        );
        store.run(&sql).await
    }
}
