//! What has to change on a hub so that it has what a document says, and in which order.
//!
//! Each step is one request of the admin API against the version that was read, so that the hub refuses it where
//! somebody was faster. The order keeps every state in between valid: what is referred to is there first, and goes last.

mod diff;
mod order;
mod present;
mod resolve;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use peekaboo_flags::{FlagType, Kind};
use serde::Serialize;
use thiserror::Error;

use crate::document::{Document, Invalid, check_references};
use crate::subject::Subject;

pub use diff::Difference;
pub use present::Present;
pub use steps::{DefinitionPatch, NewDefinition, Step, StepKind};

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

/// Why there is no plan.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The document, together with what the hub has, would be refused.
    #[error("{0}")]
    Invalid(Invalid),
    /// A flag's type is for ever.
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

/// Plans how a hub comes to have what a document says. With `prune`, what the document does not name goes.
pub fn plan(wanted: &Document, present: &Present, prune: bool) -> Result<Plan, PlanError> {
    wanted.validate().map_err(PlanError::Invalid)?;
    let beside = beside(wanted, &present.document);
    let merged = if prune {
        wanted.clone()
    } else {
        present.document.overlaid(wanted)
    };
    check_references(&merged.ruleset()).map_err(PlanError::Invalid)?;

    let mut planner = steps::Planner::new(present);
    for subject in order::dependencies_first(&merged) {
        match subject.kind {
            Kind::Flag => match (
                wanted.flags.get(&subject.key),
                wanted.archived.get(&subject.key),
            ) {
                (Some(flag), _) => planner.flag(&subject.key, flag, false)?,
                (None, Some(flag)) => planner.flag(&subject.key, flag, true)?,
                (None, None) => {}
            },
            Kind::Segment => {
                if let Some(segment) = wanted.segments.get(&subject.key) {
                    planner.segment(&subject.key, segment);
                }
            }
        }
    }
    let mut kept = Vec::new();
    // Who refers goes before what is referred to.
    for subject in order::dependencies_first(&present.document)
        .into_iter()
        .rev()
    {
        if !beside.contains(&subject) {
            continue;
        }
        if prune {
            planner.delete(subject);
        } else {
            kept.push(subject);
        }
    }
    kept.sort();
    Ok(planner.plan(kept))
}

/// What the hub has and the document does not name.
fn beside(wanted: &Document, present: &Document) -> BTreeSet<Subject> {
    let flags = present.flags.keys().chain(present.archived.keys());
    let flags = flags
        .filter(|key| wanted.flag(key).is_none())
        .map(Subject::flag);
    let segments = present.segments.keys();
    let segments = segments.filter(|key| !wanted.segments.contains_key(*key));
    flags.chain(segments.map(Subject::segment)).collect()
}
