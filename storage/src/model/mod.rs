//! What is stored, as rows and as answers: data only, no statements.
//!
//! Here is what errors, commands or several parts of this crate hold. A row that only one part reads is defined beside
//! its statements.

mod audit;
mod custom_role;
mod environment;
mod flag;
mod flag_overview;
mod grant;
mod membership;
mod organization;
mod outcome;
mod project;
mod restored;
mod sdk_key;
mod segment;
mod service_account;
mod stored_type;
mod targeting;
mod team;

pub use audit::{AuditEntry, Subject};
pub use custom_role::{CustomRole, NewRole, RolePatch};
pub use environment::Environment;
pub use flag::{Flag, Variation};
pub use flag_overview::{FlagOverview, TargetingSummary};
pub use grant::{GrantRecord, GrantedRole, Grantee, NewGrant, RoleChoice, highest_role};
pub use membership::Membership;
pub use organization::Organization;
pub use outcome::Outcome;
pub use project::{CreatedProject, Project, ProjectOverview};
pub use restored::{AuditState, RestoredFrom};
pub use sdk_key::{CreatedKey, SdkKey, SdkKeyKind};
pub use segment::Segment;
pub use service_account::ServiceAccount;
pub(crate) use stored_type::StoredType;
pub use targeting::{FlagTargeting, Targeting};
pub use team::{NewPrincipal, PrincipalPatch, Team, TeamName};
