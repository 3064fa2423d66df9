//! What has to change, or why that cannot be said.

use peekaboo_flags::FlagType;
use serde::Serialize;
use thiserror::Error;

use super::diff::Difference;
use super::step::Step;
use crate::document::Invalid;
use crate::subject::Subject;

/// What has to change.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    /// By subject, for people.
    pub changes: Vec<Change>,
    /// What the hub has beside: without `prune` it stays.
    pub kept: Vec<Subject>,
    /// What to ask of the hub, in this order.
    #[serde(skip)]
    pub steps: Vec<Step>,
}

/// The change of one flag or segment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Of what.
    #[serde(flatten)]
    pub subject: Subject,
    /// What happens to it.
    pub action: Action,
    /// Member by member.
    pub differences: Vec<Difference>,
}

/// What happens to a flag or segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is taken from applications and kept; changed too, where there are differences.
    Archive,
    /// It comes back to applications; changed too, where there are differences.
    Restore,
    /// It goes.
    Delete,
}

/// Why a plan cannot be made.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The document, together with what the hub has, would be refused.
    #[error("{0}")]
    Invalid(Invalid),
    /// A flag's type cannot change.
    #[error(
        "flag {flag} is of type {present} on the hub and {wanted} in the file; a type never changes: give the flag \
         another key, or delete it on the hub first"
    )]
    TypeChanged {
        /// The flag's key.
        flag: String,
        /// What it is.
        present: FlagType,
        /// What it should be.
        wanted: FlagType,
    },
}

impl Plan {
    /// Whether the hub has all of it already.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// How many of the changes are of this kind.
    pub fn count(&self, action: Action) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.action == action).count()
    }
}
