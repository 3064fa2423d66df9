//! Somebody in an organisation: what every endpoint below `/organizations/{org}` begins with.
//!
//! The organisation comes from the credential. The path only chooses among those that the caller belongs to; any other,
//! whether it exists or not, is not found.

use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use peekaboo_policy::{Grant, Permission, Scope, decide};
use peekaboo_storage::{Organization, OrganizationId};

use super::Role;
use super::principal::Principal;
use crate::ApiState;
use crate::problem::Problem;

/// A person or machine that belongs to the organisation in the path.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Who.
    pub principal: Principal,
    /// The organisation, as it was when the credential was looked up.
    pub organization: Organization,
    /// Their role in the whole organization.
    pub role: Role,
    /// Everything that gives them permissions there.
    pub grants: Vec<Grant>,
}

impl Member {
    /// The tenant.
    pub(crate) fn tenant(&self) -> OrganizationId {
        self.organization.id
    }

    /// Whether the member's grants allow an act that needs `permission` on `scope`.
    pub(crate) fn can(&self, permission: Permission, scope: &Scope) -> bool {
        decide(&self.grants, permission, scope).is_allowed()
    }
}

impl Deref for Member {
    type Target = Principal;

    fn deref(&self) -> &Principal {
        &self.principal
    }
}

impl FromRequestParts<ApiState> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let principal = Principal::from_request_parts(parts, state).await?;
        let path = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|_| Problem::not_found("organization"))?;
        let key = path
            .iter()
            .find(|(name, _)| *name == "org")
            .map(|(_, key)| key)
            .unwrap_or_default();
        let membership = principal
            .identity
            .memberships
            .iter()
            .find(|membership| membership.organization.key == *key)
            .cloned()
            .ok_or_else(|| Problem::not_found("organization"))?;
        Ok(Self {
            principal,
            organization: membership.organization,
            role: membership.role.into(),
            grants: vec![Grant::built_in(
                Role::from(membership.role).into(),
                Scope::Organization,
            )],
        })
    }
}
