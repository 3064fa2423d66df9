//! Who may do what in an organization.
//!
//! A **permission** allows one kind of act, a **role** is a set of permissions, and a **grant** gives a role to someone
//! on a **scope**: the organization, a project, or an environment of a project. Grants only add; there is no denial.
//! [`decide()`] answers whether grants allow an act, [`explain`] says why, and
//! [`require`] refuses it in words. [`Permission::ALL`] is the table that the
//! API, its OpenAPI document, the documentation and the dashboard's texts are made from.
//!
//! The crate is pure: no I/O, no clock. The caller has already established which organization the request concerns
//! and loads that organization's grants only, so a decision cannot cross tenants.

mod confer;
mod decide;
mod grant;
mod permission;
mod reach;
mod refusal;
mod role;
mod scope;
mod set;

pub use confer::{Excess, may_confer};
pub use decide::{Decision, Judgement, decide, explain, sees_project};
pub use grant::Grant;
pub use permission::{Area, Permission, UnknownPermission};
pub use reach::{Reach, reach};
pub use refusal::{Refusal, require, require_to_confer};
pub use role::{BuiltIn, UnknownRole};
pub use scope::{Scope, ScopeKind};
pub use set::PermissionSet;
