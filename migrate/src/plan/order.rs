//! In which order flags and segments can be written: each after what it refers to.

use std::collections::BTreeSet;

use peekaboo_flags::model::Condition;

use crate::document::Document;
use crate::subject::Subject;

/// Every flag (archived ones too) and segment of a document, each after what it refers to.
pub(super) fn dependencies_first(document: &Document) -> Vec<Subject> {
    let flags = document.flags.keys().chain(document.archived.keys());
    let segments = document.segments.keys().map(Subject::segment);
    let subjects: Vec<_> = segments.chain(flags.map(Subject::flag)).collect();
    let mut walk = Walk {
        document,
        known: subjects.iter().cloned().collect(),
        ordered: Vec::new(),
    };
    for subject in subjects {
        walk.visit(subject);
    }
    walk.ordered
}

struct Walk<'a> {
    document: &'a Document,
    /// Those that were not met yet: each is met once, so that a cycle ends.
    known: BTreeSet<Subject>,
    ordered: Vec<Subject>,
}

impl Walk<'_> {
    /// Goes as deep as the longest chain of references, which validation bounds.
    fn visit(&mut self, subject: Subject) {
        if !self.known.remove(&subject) {
            return;
        }
        for next in references(self.document, &subject) {
            self.visit(next);
        }
        self.ordered.push(subject);
    }
}

fn references(document: &Document, subject: &Subject) -> Vec<Subject> {
    let mut found = Vec::new();
    match subject.kind {
        peekaboo_flags::Kind::Flag => {
            let Some(flag) = document.flag(&subject.key) else {
                return found;
            };
            let prerequisites = flag.targeting.prerequisites.iter();
            found.extend(prerequisites.map(|prerequisite| Subject::flag(&prerequisite.flag)));
            for rule in &flag.targeting.rules {
                of_condition(&rule.when, &mut found);
            }
        }
        peekaboo_flags::Kind::Segment => {
            if let Some(segment) = document.segments.get(&subject.key) {
                of_condition(&segment.when, &mut found);
            }
        }
    }
    found
}

fn of_condition(condition: &Condition, found: &mut Vec<Subject>) {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            for condition in conditions {
                of_condition(condition, found);
            }
        }
        Condition::Not(condition) => of_condition(condition, found),
        Condition::Segment(key) => found.push(Subject::segment(key)),
        Condition::Flag { flag, .. } => found.push(Subject::flag(flag)),
        Condition::Bucket(_) | Condition::Clause(_) => {}
    }
}
