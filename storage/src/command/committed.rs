//! What executing a command returns.

use peekaboo_flags::Changes;

use crate::id::EnvironmentId;
use crate::model::Outcome;

/// The result of a command. It is durable: the transaction has committed.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed {
    /// The state afterwards.
    pub outcome: Outcome,
    /// One step for each environment whose ruleset changed.
    pub changes: Vec<EnvironmentChange>,
    /// The organization's new revision, if the command changed projects, environments or keys.
    pub revision: Option<i64>,
    /// The environment whose keys are all that the revision changed.
    pub keys_of: Option<EnvironmentId>,
}

impl Committed {
    /// Whether anything was written.
    pub fn is_changed(&self) -> bool {
        !self.changes.is_empty() || self.revision.is_some()
    }
}

/// One environment's step to its next version.
#[derive(Clone, Debug, PartialEq)]
pub struct EnvironmentChange {
    /// The environment.
    pub environment: EnvironmentId,
    /// The history that the version counts in.
    pub epoch: String,
    /// The version after the change, one above that before it.
    pub version: i64,
    /// The attribution's time, in microseconds since 1970.
    pub committed_at_micros: i64,
    /// What to put and what to delete. An archived flag is in no ruleset: a change of it reads as its deletion again.
    pub changes: Changes,
}
