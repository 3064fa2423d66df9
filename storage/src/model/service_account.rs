//! Service accounts: machines that have access.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::{OrganizationId, ServiceAccountId};

/// A machine's account. Its tokens have the access that it was granted.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ServiceAccount {
    /// Identifies it.
    pub id: ServiceAccountId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Rises by one with every change of the name or the description.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its name or description last changed.
    pub updated_at: OffsetDateTime,
}
