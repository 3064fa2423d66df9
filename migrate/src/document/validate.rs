//! Whether a document can be written to a hub: the same checks that the hub makes, before anything is sent.

use std::fmt;

use peekaboo_flags::{
    KEY_FORM, Limits, MAX_VALUE_DEPTH, Ruleset, is_key, model::MAX_CONDITION_DEPTH, validate_flag,
    validate_references, validate_segment,
};
use serde::Serialize;

use super::Document;
use super::read::escape;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// JSON Pointer into the document.
    pub pointer: String,
    /// What is wrong and how to put it right.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// Everything that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid(pub Vec<Fault>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut faults = self.0.iter();
        if let Some(first) = faults.next() {
            write!(f, "{first}")?;
        }
        faults.try_for_each(|fault| write!(f, "\n{fault}"))
    }
}

impl std::error::Error for Invalid {}

/// How much there may be is the hub's to say; how deep is the format's.
fn limits() -> Limits {
    Limits {
        flags: usize::MAX,
        segments: usize::MAX,
        variations: usize::MAX,
        value_bytes: usize::MAX,
        value_depth: MAX_VALUE_DEPTH,
        text_bytes: usize::MAX,
        prerequisites: usize::MAX,
        targets: usize::MAX,
        rules: usize::MAX,
        conditions: usize::MAX,
        condition_depth: MAX_CONDITION_DEPTH,
        listed_values: usize::MAX,
        compared_values: usize::MAX,
        pattern_size: 1_000_000,
    }
}

impl Document {
    /// Everything wrong with its flags and segments on their own; what they refer to may be on the hub.
    pub fn validate(&self) -> Result<(), Invalid> {
        let limits = limits();
        let mut faults = Vec::new();
        let lists = [("flags", &self.flags), ("archived", &self.archived)];
        for (list, flags) in lists {
            for (key, flag) in flags {
                let at = format!("/{list}/{}", escape(key));
                faults.extend(malformed_key(&at, key));
                let problems = validate_flag(&flag.ruleset_flag(), &limits).err();
                faults.extend(problems.into_iter().flatten().map(|problem| Fault {
                    pointer: format!("{at}{}", problem.pointer),
                    message: problem.message,
                }));
            }
        }
        for (key, segment) in &self.segments {
            let at = format!("/segments/{}", escape(key));
            faults.extend(malformed_key(&at, key));
            let problems = validate_segment(&segment.ruleset_segment(), &limits).err();
            faults.extend(problems.into_iter().flatten().map(|problem| Fault {
                pointer: format!("{at}{}", problem.pointer),
                message: problem.message,
            }));
        }
        done(faults)
    }
}

/// Everything wrong with what flags and segments refer to.
pub(crate) fn check_references(ruleset: &Ruleset) -> Result<(), Invalid> {
    let problems = validate_references(ruleset).into_iter();
    done(
        problems
            .map(|problem| Fault {
                pointer: problem.pointer,
                message: problem.message,
            })
            .collect(),
    )
}

fn done(faults: Vec<Fault>) -> Result<(), Invalid> {
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Invalid(faults))
    }
}

fn malformed_key(at: &str, key: &str) -> Option<Fault> {
    (!is_key(key)).then(|| Fault {
        pointer: at.to_owned(),
        message: KEY_FORM.to_owned(),
    })
}
