//! Where somebody belongs.

use peekaboo_policy::BuiltIn;
use time::OffsetDateTime;

use super::grant::{GrantRecord, highest_role};
use super::organization::Organization;

/// An organization that a person or a machine belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The organization.
    pub organization: Organization,
    /// Everything that gives them access there; a member may have no grant at all.
    pub grants: Vec<GrantRecord>,
    /// When the person last used it, to some minutes.
    pub seen_at: Option<OffsetDateTime>,
}

impl Membership {
    /// The highest built-in role that they have in the whole organization.
    pub fn role(&self) -> Option<BuiltIn> {
        highest_role(&self.grants)
    }
}
