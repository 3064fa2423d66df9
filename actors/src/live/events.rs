//! What a dashboard hears of an organization while it watches.

use serde::Serialize;

/// Something moved in an organization. A hint: who sees one reads anew what they show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum TenantEvent {
    /// Flags or segments of an environment changed.
    Flags {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// The environment's version now.
        version: u64,
        /// Keys of the flags put or deleted.
        flags: Vec<String>,
        /// Keys of the segments put or deleted.
        segments: Vec<String>,
    },
    /// Projects, environments, keys, members or the like changed.
    Organization {
        /// The organization's revision now.
        revision: i64,
    },
    /// Applications connected or left; at most one a second for each environment.
    Connections {
        /// The project's key.
        project: String,
        /// The environment's key.
        environment: String,
        /// Connections under server keys, on this node.
        server: u64,
        /// Connections under client keys, on this node.
        client: u64,
    },
}
