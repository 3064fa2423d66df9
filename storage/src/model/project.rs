//! Projects: flags and segments that belong together.

use sqlx::FromRow;
use time::OffsetDateTime;

use super::environment::Environment;
use super::sdk_key::CreatedKey;
use crate::id::{OrganizationId, ProjectId};
use crate::key::Key;

/// A project.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Project {
    /// Identifies it.
    pub id: ProjectId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its key, which never changes.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Rises by one with every change of name and description: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    pub updated_at: OffsetDateTime,
}

/// A project as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectOverview {
    /// The project.
    pub project: Project,
    /// Flags that are not archived.
    pub flag_count: i64,
    /// Segments.
    pub segment_count: i64,
    /// In the project's order.
    pub environments: Vec<Environment>,
}

/// A project just made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedProject {
    /// The project, with its first environments.
    pub overview: ProjectOverview,
    /// A key of each kind for each environment. This is the one time that the secrets are seen.
    pub keys: Vec<CreatedKey>,
}
