//! Rulesets as files: reading and writing them, comparing one with what a hub has, declaring their types for compilers,
//! and making them of other systems' exports.
//!
//! Everything here is a pure function of its arguments: no file is opened and no hub is asked. `docs/git-flags.md`
//! documents the file, `docs/migration.md` what becomes of which export.

mod document;
mod hash;
mod import;
mod plan;
mod subject;
mod text;
mod types;

pub use document::{
    Document, Fault, FlagDocument, Invalid, ReadError, SegmentDocument, Targeting, Variation,
};
pub use import::{Import, ImportError, Note, Omission, Renaming, Report, Source};
pub use plan::{
    Action, Change, DefinitionPatch, Difference, NewDefinition, Plan, PlanError, Present, Step,
    StepKind, plan,
};
pub use subject::Subject;
pub use text::without_mark;
pub use types::{Language, Visible, declare};
