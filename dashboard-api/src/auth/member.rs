//! Somebody in an organisation: what every endpoint below `/organizations/{org}` begins with.
//!
//! The organisation comes from the credential. The path only chooses among those that the caller belongs to; any other,
//! whether it exists or not, is not found.

use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
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
    /// What they may do there.
    pub role: Role,
}

impl Member {
    /// The tenant.
    pub(crate) fn tenant(&self) -> OrganizationId {
        self.organization.id
    }

    fn at_least(self, role: Role) -> Result<Self, Problem> {
        if self.role >= role {
            return Ok(self);
        }
        Err(Problem::forbidden(format!(
            "this needs the role {role}; yours is {}",
            self.role
        )))
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
        })
    }
}

/// Extractors that ask for a role before anything else of the request is read.
macro_rules! roles {
    ($($(#[$doc:meta])* $role:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub(crate) struct $role(pub Member);

        impl FromRequestParts<ApiState> for $role {
            type Rejection = Problem;

            async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
                let member = Member::from_request_parts(parts, state).await?;
                member.at_least(Role::$role).map(Self)
            }
        }
    )*};
}

roles!(
    /// Any member.
    Viewer,
    /// A member who may change flags.
    Editor,
    /// A member who may change projects, environments, keys and tokens.
    Admin,
    /// A member who may do everything.
    Owner,
);
