//! Environments of a project.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::{EnvironmentId, ProjectId};
use crate::key::Key;

/// An environment.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Environment {
    /// Identifies it.
    pub id: EnvironmentId,
    /// The project it belongs to.
    pub project: ProjectId,
    /// Its key, which never changes.
    pub key: Key,
    /// For people.
    pub name: String,
    /// For people: `#rrggbb`.
    pub color: String,
    /// Whether the dashboard asks before it changes anything here.
    pub production: bool,
    /// Orders the project's environments.
    pub position: i64,
    /// The ruleset's version: rises by exactly one with every committed change of it.
    pub version: i64,
    /// The history that `version` counts in; another one makes every client start afresh.
    pub epoch: String,
    /// Rises by one with every change of name, color, position or production: its entity tag.
    pub edition: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its name or the like last changed.
    pub updated_at: OffsetDateTime,
}
