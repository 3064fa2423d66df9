//! The events that a dashboard receives about an organization.

use serde::Serialize;

/// Something changed in an organization. This is a hint: the receiver should read what it shows again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TenantEvent {
    /// Flags or segments of an environment changed.
    Flags {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// The environment's version.
        version: u64,
        /// Keys of the flags put or deleted.
        flags: Vec<String>,
        /// Keys of the segments put or deleted.
        segments: Vec<String>,
    },
    /// Projects, environments, keys, members or the like changed.
    Organization {
        /// The organization's revision.
        revision: i64,
    },
    /// Applications connected or disconnected; at most once per second for each environment.
    Connections {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// Connections with server keys, on this node.
        server: u64,
        /// Connections with client keys, on this node.
        client: u64,
    },
}
