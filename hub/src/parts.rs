//! Converts the configuration for each part of the hub.

use std::{path::PathBuf, time::Duration};

use peekaboo_actors::HubConfig;
use peekaboo_dashboard_api::ApiConfig;
use peekaboo_flags::Limits as FlagLimits;
use peekaboo_storage as storage;

use crate::{config::Config, http::Room, stream::StreamConfig};

impl Config {
    /// Options for opening the database.
    pub(crate) fn storage(&self, keyring: storage::Keyring) -> storage::Options {
        storage::Options {
            connections: self.database.max_connections,
            acquire_timeout: self.database.acquire_timeout,
            statement_timeout: self.database.statement_timeout,
            log_retention: i64::from(self.database.log_retention),
            limits: self.storage_limits(),
            keyring,
            ..storage::Options::new(self.database_url().parsed())
        }
    }

    /// Options for tenants, shards and connections.
    pub(crate) fn actors(&self) -> HubConfig {
        HubConfig {
            heartbeat: self.sdk.heartbeat,
            hello_timeout: self.sdk.hello_timeout,
            slow_consumer_timeout: self.sdk.slow_consumer_timeout,
            tenant_idle_timeout: self.sdk.organization_idle,
            max_connections_per_tenant: self.sdk.max_connections_per_organization,
            max_connections_per_key: self.sdk.max_connections_per_key,
            requests_per_second_per_key: self.sdk.requests_per_second_per_key,
            request_burst_per_key: self.sdk.request_burst_per_key,
            history: self.sdk.history,
            snapshots: self.snapshots(),
            event_queue: self.usage.queue,
            ..HubConfig::default()
        }
    }

    /// Limits of the stream's listener.
    pub(crate) fn stream(&self) -> StreamConfig {
        StreamConfig {
            max_connections: self.sdk.max_connections,
            max_connections_per_address: self.sdk.max_connections_per_address,
            handshakes_per_second: self.sdk.handshakes_per_second,
            handshake_burst: self.sdk.handshake_burst,
            public_path: self
                .sdk
                .public_url
                .as_ref()
                .map_or_else(String::new, |url| url.path().to_owned()),
            ..StreamConfig::default()
        }
    }

    /// How many connections people may hold. Behind a proxy all come from the proxy's address.
    pub(crate) fn people(&self) -> Room {
        let of_address = if self.dashboard.behind_proxy {
            usize::MAX
        } else {
            self.dashboard.max_connections_per_address
        };
        Room {
            connections: self.dashboard.max_connections,
            of_address,
            cuts_answers: false,
        }
    }

    /// The folder of snapshots for a start without the database. SQLite needs none.
    pub(crate) fn snapshots(&self) -> Option<PathBuf> {
        let is_remote = matches!(
            self.database_url().parsed(),
            storage::DatabaseUrl::Postgres(_)
        );
        is_remote.then(|| self.data.dir.join("snapshots"))
    }

    /// Options for the actors of an edge, which keeps all of its environments in memory and on disk.
    pub(crate) fn edge_actors(&self) -> HubConfig {
        HubConfig {
            tenant_idle_timeout: Duration::MAX,
            snapshots: Some(self.edge_snapshots()),
            ..self.actors()
        }
    }

    /// The folder of an edge's snapshots, for a start while its upstream is down. It differs from a hub's, because the two may
    /// share a data directory.
    pub(crate) fn edge_snapshots(&self) -> PathBuf {
        self.data.dir.join("edge")
    }

    /// The folder of usage that an edge has not sent yet.
    pub(crate) fn edge_usage(&self) -> PathBuf {
        self.edge_snapshots().join("usage")
    }

    /// Options of the admin API. `dashboard` is the URL for people, `stream` the URL for applications.
    pub(crate) fn api(&self, dashboard: &str, stream: &str) -> ApiConfig {
        ApiConfig {
            public_url: self.dashboard.public_url.as_ref().map(ToString::to_string),
            dashboard_url: dashboard.to_owned(),
            sends_mail: self.sends_links(),
            audit_retention: self.audit.retention,
            create_organizations: self.organizations.create,
            stream_url: stream.to_owned(),
            max_body_bytes: self.dashboard.max_body.0,
            session_idle: self.dashboard.session_idle,
            session_lifetime: self.dashboard.session_lifetime,
            behind_proxy: self.dashboard.behind_proxy,
            ..ApiConfig::default()
        }
    }

    fn storage_limits(&self) -> storage::Limits {
        let limits = &self.limits;
        storage::Limits {
            flags: FlagLimits {
                flags: limits.flags,
                segments: limits.segments,
                variations: limits.variations,
                value_bytes: limits.value_size.0,
                value_depth: limits.value_depth,
                text_bytes: limits.text_size.0,
                prerequisites: limits.prerequisites,
                targets: limits.targets,
                rules: limits.rules,
                conditions: limits.conditions,
                condition_depth: limits.condition_depth,
                listed_values: limits.listed_values,
                compared_values: limits.compared_values,
                pattern_size: limits.pattern_size,
            },
            projects: limits.projects,
            environments: limits.environments,
            sdk_keys: limits.sdk_keys,
            origins: limits.origins,
            api_tokens: limits.api_tokens,
            tags: limits.tags,
            invitations: limits.invitations,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_defaults_are_those_of_the_parts() {
        let ours = Config::defaults().storage(storage::Keyring::default());
        let theirs = storage::Options::new(Config::defaults().database_url().parsed());
        assert_eq!(ours.limits, theirs.limits);
        assert_eq!(ours.connections, theirs.connections);
        assert_eq!(ours.acquire_timeout, theirs.acquire_timeout);
        assert_eq!(ours.statement_timeout, theirs.statement_timeout);
        assert_eq!(ours.log_retention, theirs.log_retention);

        let ours = Config::defaults().actors();
        let theirs = HubConfig::default();
        assert_eq!(ours.heartbeat, theirs.heartbeat);
        assert_eq!(ours.hello_timeout, theirs.hello_timeout);
        assert_eq!(ours.slow_consumer_timeout, theirs.slow_consumer_timeout);
        assert_eq!(ours.tenant_idle_timeout, theirs.tenant_idle_timeout);
        assert_eq!(
            ours.max_connections_per_tenant,
            theirs.max_connections_per_tenant
        );
        assert_eq!(ours.max_connections_per_key, theirs.max_connections_per_key);
        assert_eq!(
            ours.requests_per_second_per_key,
            theirs.requests_per_second_per_key
        );
        assert_eq!(ours.request_burst_per_key, theirs.request_burst_per_key);
        assert_eq!(ours.history, theirs.history);
        assert_eq!(ours.event_queue, theirs.event_queue);

        let ours = Config::defaults().stream();
        let theirs = StreamConfig::default();
        assert_eq!(ours.max_connections, theirs.max_connections);
        assert_eq!(
            ours.max_connections_per_address,
            theirs.max_connections_per_address
        );
        assert_eq!(ours.handshakes_per_second, theirs.handshakes_per_second);
        assert_eq!(ours.handshake_burst, theirs.handshake_burst);

        let ours = Config::defaults().api("", "");
        let theirs = ApiConfig::default();
        assert_eq!(ours.max_body_bytes, theirs.max_body_bytes);
        assert_eq!(ours.session_idle, theirs.session_idle);
        assert_eq!(ours.session_lifetime, theirs.session_lifetime);
        assert_eq!(ours.create_organizations, theirs.create_organizations);
        assert_eq!(ours.behind_proxy, theirs.behind_proxy);
    }
}
