//! The flag model and its evaluation: pure and deterministic.
//!
//! This crate never does I/O, never reads a clock and never panics, whatever it is given. What it decides is fixed for
//! ever: `sdk/conformance` holds the cases that every implementation passes, `docs/evaluation.md` the explanation.

mod bucket;
mod bytes;
mod compile;
mod context;
mod detail;
mod evaluate;
mod explain;
mod failure;
mod json_error;
mod key;
mod limits;
pub mod model;
mod operand;
mod shared_map;
mod trace;
mod validate;
mod well_formed;

pub use bucket::{bucket, is_bucketable};
pub use compile::{Assignment, CompiledFlag, CompiledRuleset, CompiledSegment, LoadError};
pub use context::{AttributeRef, Context};
pub use detail::{Detail, ErrorCode, Reason};
pub use failure::MAX_VISITS;
pub use json_error::{RUST_PHRASES, describe_json_error};
pub use key::{KEY_FORM, MAX_KEY_BYTES, is_key};
pub use limits::{Limits, MAX_VALUE_DEPTH};
pub use model::{Changes, Flag, FlagType, Ruleset, Segment, Value};
pub use shared_map::SharedMap;
pub use trace::{MAX_STEPS, Step, StepKind, Trace};
pub use validate::{
    Dependency, Dependent, Kind, Problem, Subject, dependents, flag_dependencies,
    segment_dependencies, validate_flag, validate_flag_references, validate_references,
    validate_segment, validate_segment_references,
};
pub use well_formed::from_json;
