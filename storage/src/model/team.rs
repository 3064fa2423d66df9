//! Teams: members who have access together.

use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::{OrganizationId, TeamId};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Team {
    /// Identifies it.
    pub id: TeamId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// For people; unique in the organization, whatever the case of its letters.
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

/// A team, as a member's place in it names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamName {
    /// Identifies it.
    pub id: TeamId,
    /// For people.
    pub name: String,
}

/// A team or a service account to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPrincipal {
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
}

/// What changes of a team or a service account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrincipalPatch {
    /// Its name.
    pub name: Option<String>,
    /// Its description.
    pub description: Option<String>,
}
