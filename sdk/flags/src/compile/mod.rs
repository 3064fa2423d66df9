//! Compiled rulesets: parsed once, shared by all who evaluate, replaced rather than changed.

mod assignment;
pub(crate) mod clause;
pub(crate) mod condition;
mod fault;
pub(crate) mod flag;
mod references;
mod referrers;
mod ruleset;
pub(crate) mod segment;

pub use assignment::Assignment;
pub use flag::CompiledFlag;
pub use ruleset::{CompiledRuleset, LoadError};
pub use segment::CompiledSegment;
