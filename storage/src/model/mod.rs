//! What is stored, as rows and as answers: data only, no statements.
//!
//! Here is what errors, commands or several parts of this crate hold. A row that only one part reads is defined beside
//! its statements.

mod environment;
mod flag;
mod flag_overview;
mod organization;
mod outcome;
mod project;
mod restored;
mod role;
mod sdk_key;
mod segment;
mod stored_type;
mod targeting;

pub use environment::Environment;
pub use flag::{Flag, Variation};
pub use flag_overview::{FlagOverview, TargetingSummary};
pub use organization::Organization;
pub use outcome::Outcome;
pub use project::{CreatedProject, Project, ProjectOverview};
pub use restored::{AuditState, RestoredFrom};
pub use role::Role;
pub use sdk_key::{CreatedKey, SdkKey, SdkKeyKind};
pub use segment::Segment;
pub(crate) use stored_type::StoredType;
pub use targeting::{FlagTargeting, Targeting};
