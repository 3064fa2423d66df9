//! A segment, compiled.

use super::clause::list;
use super::condition::Condition;
use super::fault::Fault;
use super::flag::Members;
use super::references::References;
use crate::model::Segment;

/// One segment of a [`crate::CompiledRuleset`].
///
/// It holds what evaluation needs, and not the definition that it was compiled from.
#[derive(Clone, Debug, PartialEq)]
pub struct CompiledSegment {
    program: Result<Program, Fault>,
    references: References,
    version: u64,
}

impl CompiledSegment {
    pub(super) fn new(segment: &Segment) -> Self {
        CompiledSegment {
            program: Program::compile(segment),
            references: References::of_segment(segment),
            version: segment.version,
        }
    }

    pub(super) fn malformed(fault: Fault) -> Self {
        CompiledSegment {
            program: Err(fault),
            references: References::default(),
            version: 0,
        }
    }

    /// Why the segment matches no one, if it is malformed.
    pub fn fault(&self) -> Option<&str> {
        self.program.as_ref().err().map(|fault| &*fault.0)
    }

    pub(crate) fn program(&self) -> Result<&Program, &Fault> {
        self.program.as_ref()
    }

    pub(super) fn references(&self) -> &References {
        &self.references
    }
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Program {
    /// Both lists are of this attribute.
    pub(crate) attribute: Box<str>,
    pub(crate) included: Members,
    pub(crate) excluded: Members,
    pub(crate) when: Condition,
    /// For the trace.
    pub(crate) included_label: Box<str>,
    pub(crate) excluded_label: Box<str>,
}

impl Program {
    fn compile(segment: &Segment) -> Result<Self, Fault> {
        let members = |name: &str, values| {
            Members::compile(&segment.attribute, values).ok_or_else(|| {
                Fault::new(format!("the attribute is a malformed JSON Pointer, or {name} lists more than strings, numbers and booleans"))
            })
        };
        Ok(Program {
            attribute: segment.attribute.as_str().into(),
            included: members("included", &segment.included)?,
            excluded: members("excluded", &segment.excluded)?,
            when: Condition::compile(&segment.when, None)?,
            included_label: list(&segment.included).into(),
            excluded_label: list(&segment.excluded).into(),
        })
    }
}
