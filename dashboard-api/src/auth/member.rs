//! Somebody in an organisation: what every endpoint below `/organizations/{org}` begins with.
//!
//! The organisation comes from the credential. The path only chooses among those that the caller belongs to; any other,
//! whether it exists or not, is not found.

use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use peekaboo_policy::{BuiltIn, Grant, Permission, Scope, decide};
use peekaboo_storage::{GrantRecord, Membership, Organization, OrganizationId, UserId};
use time::Duration;

use super::principal::Principal;
use crate::ApiState;
use crate::guard::Who;
use crate::problem::Problem;

/// A person or machine that belongs to the organisation in the path.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// Who.
    pub principal: Principal,
    /// The organisation, as it was when the credential was looked up.
    pub organization: Organization,
    /// Their built-in role in the whole organization, if they have one.
    pub role: Option<BuiltIn>,
    /// Everything that gives them permissions there.
    pub grants: Vec<Grant>,
    /// The same, with where it comes from.
    pub held: Vec<GrantRecord>,
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

    /// Whether the member sees an environment of a project.
    pub(crate) fn sees_environment(&self, project: &str, environment: &str) -> bool {
        sees_environment(&self.grants, project, environment)
    }

    /// Who the same credential stands for now, and what it allows in the same organization; `None` when it stands for
    /// nobody there any more, or the organization keeps them out.
    pub(crate) async fn refreshed(
        &self,
        state: &ApiState,
    ) -> Result<Option<Self>, peekaboo_storage::Error> {
        let Some(principal) = self.principal.refreshed(state).await? else {
            return Ok(None);
        };
        let mut memberships = principal.identity.memberships.iter();
        let here = memberships.find(|membership| membership.organization.id == self.tenant());
        let here = here.filter(|here| refuse_entry(&principal, &here.organization).is_ok());
        Ok(here.cloned().map(|here| Self::new(principal.clone(), here)))
    }

    fn new(principal: Principal, membership: Membership) -> Self {
        Self {
            principal,
            role: membership.role(),
            grants: membership
                .grants
                .iter()
                .map(GrantRecord::as_policy)
                .collect(),
            organization: membership.organization,
            held: membership.grants,
        }
    }
}

/// A member who is signed in, for what is about a person and not for their tokens.
pub(crate) struct PersonHere {
    /// The member.
    pub member: Member,
    /// The person.
    pub id: UserId,
}

impl FromRequestParts<ApiState> for PersonHere {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Self, Problem> {
        let member = Member::from_request_parts(parts, state).await?;
        let id = member.person()?.id;
        Ok(Self { member, id })
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
        refuse_entry(&principal, &membership.organization)?;
        note_visit(state, &principal, &membership).await;
        Ok(Self::new(principal, membership))
    }
}

/// Whether somebody with these grants sees an environment of a project.
pub(crate) fn sees_environment(grants: &[Grant], project: &str, environment: &str) -> bool {
    let scope = Scope::environment(project, environment);
    decide(grants, Permission::EnvironmentRead, &scope).is_allowed()
}

/// How often, at most, a visit is noted.
const NOTE_EVERY: Duration = Duration::minutes(5);

/// Keeps members out of an organization that is suspended, and people without a second factor out of one that requires it.
fn refuse_entry(principal: &Principal, organization: &Organization) -> Result<(), Problem> {
    if organization.suspended_at.is_some() {
        return Err(Problem::denied(
            "suspended",
            "this organization is suspended; contact an operator of this hub",
        ));
    }
    let is_person = matches!(principal.identity.who, Who::Person(_));
    if organization.requires_second_factor && is_person && !principal.identity.second_factor {
        return Err(Problem::denied(
            "second_factor_missing",
            "this organization requires a second factor; set one up in your account",
        ));
    }
    Ok(())
}

/// Notes when somebody last used the organization. It is a convenience: nothing waits for it to succeed.
async fn note_visit(state: &ApiState, principal: &Principal, membership: &Membership) {
    let Who::Person(user) = &principal.identity.who else {
        return;
    };
    let now = state.now();
    if membership
        .seen_at
        .is_some_and(|seen_at| now - seen_at < NOTE_EVERY)
    {
        return;
    }
    let organization = membership.organization.id;
    let noted = state.storage().touch_membership(organization, user.id, now);
    if let Err(error) = noted.await {
        tracing::debug!(%error, "a visit was not noted");
    }
}
