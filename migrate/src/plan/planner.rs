//! Collects the changes of a plan, and puts the requests that make them in order.

use peekaboo_flags::{Kind, Value};
use serde::Serialize;

use super::diff::{Difference, differences};
use super::outcome::{Action, Change, Plan, PlanError};
use super::present::Present;
use super::resolve;
use super::step::{DefinitionPatch, NewDefinition, Step, StepKind};
use crate::document::{FlagDocument, SegmentDocument, Variation};
use crate::subject::Subject;

/// Collects changes and steps.
pub(super) struct Planner<'a> {
    present: &'a Present,
    changes: Vec<Change>,
    /// What others may need: new flags, new and changed variations.
    early: Vec<Step>,
    /// Each after what it refers to.
    ordered: Vec<Step>,
    /// What may go once no one needs it, and what only people see.
    late: Vec<Step>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(present: &'a Present) -> Self {
        Planner {
            present,
            changes: Vec::new(),
            early: Vec::new(),
            ordered: Vec::new(),
            late: Vec::new(),
        }
    }

    pub(super) fn plan(mut self, kept: Vec<Subject>) -> Plan {
        self.changes.sort_by(|a, b| a.subject.cmp(&b.subject));
        let steps = self.early.into_iter().chain(self.ordered).chain(self.late);
        Plan {
            changes: self.changes,
            kept,
            steps: steps.collect(),
        }
    }

    /// Plans a flag that the document has, `archived` or not.
    pub(super) fn flag(
        &mut self,
        key: &str,
        wanted: &FlagDocument,
        archived: bool,
    ) -> Result<(), PlanError> {
        let subject = Subject::flag(key);
        let document = &self.present.document;
        let (Some(present), Some(&versions)) = (document.flag(key), self.present.flags.get(key))
        else {
            self.new_flag(&subject, wanted, archived);
            return Ok(());
        };
        if present.type_ != wanted.type_ {
            return Err(PlanError::TypeChanged {
                flag: key.to_owned(),
                present: present.type_,
                wanted: wanted.type_,
            });
        }
        let mut wanted = resolve::flag(key, wanted, Some(present));
        let was_archived = document.archived.contains_key(key);
        if was_archived && archived {
            // No one can change it there, nor does anyone get it.
            wanted.targeting = present.targeting.clone();
        }
        let differences = differences(&json(present), &json(&wanted));
        let action = match (was_archived, archived) {
            (false, true) => Action::Archive,
            (true, false) => Action::Restore,
            _ if differences.is_empty() => return Ok(()),
            _ => Action::Update,
        };
        self.change(&subject, action, differences);

        let (mut definition, mut targeting) = (versions.definition, versions.targeting);
        if let Some(variations) = between(&present.variations, &wanted.variations) {
            let patch = DefinitionPatch {
                variations: Some(variations),
                ..DefinitionPatch::default()
            };
            self.early.push(update(&subject, patch, definition));
            definition += 1;
            targeting += 1;
        }
        if was_archived && !archived {
            let patch = DefinitionPatch {
                archived: Some(false),
                ..DefinitionPatch::default()
            };
            self.ordered.push(update(&subject, patch, definition));
            definition += 1;
            targeting += 1;
        }
        if wanted.targeting != present.targeting {
            let kind = StepKind::ReplaceTargeting {
                targeting: wanted.targeting.clone(),
                version: targeting,
            };
            self.ordered.push(Step {
                subject: subject.clone(),
                kind,
            });
        }
        let mut patch = changed(present, &wanted);
        patch.archived = (archived && !was_archived).then_some(true);
        if patch != DefinitionPatch::default() {
            self.late.push(update(&subject, patch, definition));
        }
        Ok(())
    }

    fn new_flag(&mut self, subject: &Subject, wanted: &FlagDocument, archived: bool) {
        let wanted = resolve::flag(&subject.key, wanted, None);
        self.change(
            subject,
            Action::Create,
            differences(&empty(), &json(&wanted)),
        );
        let definition = NewDefinition {
            name: wanted.name.unwrap_or_default(),
            description: wanted.description.unwrap_or_default(),
            type_: wanted.type_,
            variations: wanted.variations,
            tags: wanted.tags.unwrap_or_default(),
            client_visible: wanted.client_visible,
            track: wanted.track,
            metadata: wanted.metadata.unwrap_or_default(),
            salt: wanted.salt,
        };
        self.early.push(Step {
            subject: subject.clone(),
            kind: StepKind::CreateFlag(definition),
        });
        let (targeting, version) = (wanted.targeting, 1);
        self.ordered.push(Step {
            subject: subject.clone(),
            kind: StepKind::ReplaceTargeting { targeting, version },
        });
        if archived {
            let patch = DefinitionPatch {
                archived: Some(true),
                ..DefinitionPatch::default()
            };
            self.late.push(update(subject, patch, version));
        }
    }

    /// Plans a segment that the document has.
    pub(super) fn segment(&mut self, key: &str, wanted: &SegmentDocument) {
        let subject = Subject::segment(key);
        let document = &self.present.document;
        let (present, version) = (document.segments.get(key), self.present.segments.get(key));
        let segment = resolve::segment(key, wanted, present);
        let kind = if let (Some(present), Some(&version)) = (present, version) {
            let differences = differences(&json(present), &json(&segment));
            if differences.is_empty() {
                return;
            }
            self.change(&subject, Action::Update, differences);
            StepKind::ReplaceSegment { segment, version }
        } else {
            let differences = differences(&empty(), &json(&segment));
            self.change(&subject, Action::Create, differences);
            StepKind::CreateSegment(segment)
        };
        self.ordered.push(Step { subject, kind });
    }

    /// Plans that something goes.
    pub(super) fn delete(&mut self, subject: Subject) {
        let versions = self.present;
        let kind = match subject.kind {
            Kind::Flag => versions.flags.get(&subject.key).map(|versions| {
                let version = versions.definition;
                StepKind::DeleteFlag { version }
            }),
            Kind::Segment => versions
                .segments
                .get(&subject.key)
                .map(|&version| StepKind::DeleteSegment { version }),
        };
        let Some(kind) = kind else { return };
        self.change(&subject, Action::Delete, Vec::new());
        self.late.push(Step { subject, kind });
    }

    fn change(&mut self, subject: &Subject, action: Action, differences: Vec<Difference>) {
        self.changes.push(Change {
            subject: subject.clone(),
            action,
            differences,
        });
    }
}

fn update(subject: &Subject, patch: DefinitionPatch, version: i64) -> Step {
    Step {
        subject: subject.clone(),
        kind: StepKind::UpdateFlag { patch, version },
    }
}

/// What people and applications may need of the definition before the targeting changes: variations that are new or
/// changed, beside those that will go. None where there are none.
fn between(present: &[Variation], wanted: &[Variation]) -> Option<Vec<Variation>> {
    let is_new = |variation: &&Variation| !present.contains(variation);
    wanted.iter().find(is_new)?;
    let going = present.iter();
    let going = going.filter(|known| wanted.iter().all(|variation| variation.key != known.key));
    Some(wanted.iter().chain(going).cloned().collect())
}

/// What is left to change of a definition after that.
fn changed(present: &FlagDocument, wanted: &FlagDocument) -> DefinitionPatch {
    let before = between(&present.variations, &wanted.variations);
    let before = before.as_ref().unwrap_or(&present.variations);
    DefinitionPatch {
        name: differing(present.name.as_ref(), wanted.name.as_ref()),
        description: differing(present.description.as_ref(), wanted.description.as_ref()),
        variations: (*before != wanted.variations).then(|| wanted.variations.clone()),
        tags: differing(present.tags.as_ref(), wanted.tags.as_ref()),
        client_visible: (present.client_visible != wanted.client_visible)
            .then_some(wanted.client_visible),
        track: (present.track != wanted.track).then_some(wanted.track),
        metadata: differing(present.metadata.as_ref(), wanted.metadata.as_ref()),
        archived: None,
    }
}

fn differing<T: Clone + PartialEq>(present: Option<&T>, wanted: Option<&T>) -> Option<T> {
    wanted.filter(|wanted| present != Some(wanted)).cloned()
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn empty() -> Value {
    Value::Object(serde_json::Map::new())
}
