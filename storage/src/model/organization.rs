//! Organizations: the tenants.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::OrganizationId;
use crate::key::Key;

/// A tenant.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Organization {
    /// Identifies it.
    pub id: OrganizationId,
    /// Its key, which never changes.
    pub key: Key,
    /// For people.
    pub name: String,
    /// Rises by one with every committed change of the organization that no environment's version counts: its name,
    /// members, tokens, projects, environments and keys.
    pub revision: i64,
    /// Whether people need a second factor to enter it.
    pub requires_second_factor: bool,
    /// Since when an operator keeps its members and tokens out; applications go on.
    pub suspended_at: Option<OffsetDateTime>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its name last changed.
    pub updated_at: OffsetDateTime,
}
