//! What has to change on a hub so that it has what a document says, and in which order.
//!
//! Each step is one request of the admin API against the version that was read, so that the hub refuses it where
//! someone was faster. The order keeps every state in between valid: what is referred to is there first, and goes last.

mod diff;
mod order;
mod outcome;
mod planner;
mod present;
mod resolve;
mod step;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use peekaboo_flags::Kind;

use self::planner::Planner;
use crate::document::{Document, check_references};
use crate::subject::Subject;

pub use diff::Difference;
pub use outcome::{Action, Change, Plan, PlanError};
pub use present::Present;
pub use step::{DefinitionPatch, NewDefinition, Step, StepKind};

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

    let mut planner = Planner::new(present);
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
