//! What the actor of a change may do, as the change's own transaction sees it.
//!
//! A request asks before its body is read; this asks again where the change is made, so that it also holds for work that
//! runs without a request, and for grants that ended meanwhile.

use peekaboo_policy::{Grant, Permission, PermissionSet, Scope, require, require_to_confer};

use crate::attribution::{Actor, ActorKind};
use crate::database::{Transaction, fetch_optional};
use crate::error::{Error, Result};
use crate::grants;
use crate::storage::Change;
use crate::{ApiTokenId, GrantRecord, OrganizationId, UserId};

/// What an actor may do in an organization.
#[derive(Clone, Debug)]
pub(crate) enum Authority {
    /// The hub itself, or its operator on the machine: everything.
    System,
    /// What the grants allow.
    Granted(Vec<Grant>),
}

impl Authority {
    /// Looks up what the actor may do now.
    pub(crate) async fn of(
        transaction: &mut Transaction,
        organization: OrganizationId,
        actor: &Actor,
    ) -> Result<Self> {
        let grants = match (actor.kind, actor.id) {
            (ActorKind::System, _) => return Ok(Self::System),
            (ActorKind::User, Some(id)) => {
                grants::of_member(transaction, organization, UserId::from_uuid(id)).await?
            }
            (ActorKind::Token, Some(id)) => {
                grants::of_token(transaction, organization, ApiTokenId::from_uuid(id)).await?
            }
            (_, None) => Vec::new(),
        };
        let grants = grants.iter().map(GrantRecord::as_policy).collect();
        Ok(Self::Granted(grants))
    }

    /// Refuses an act that is not allowed.
    pub(crate) fn require(&self, permission: Permission, scope: &Scope) -> Result<()> {
        match self {
            Self::System => Ok(()),
            Self::Granted(grants) => Ok(require(grants, permission, scope)?),
        }
    }

    /// Refuses to give or take away what the actor lacks.
    pub(crate) fn require_to_confer(
        &self,
        permissions: PermissionSet,
        scope: &Scope,
    ) -> Result<()> {
        match self {
            Self::System => Ok(()),
            Self::Granted(grants) => Ok(require_to_confer(grants, permissions, scope)?),
        }
    }

    /// The same of what each of these grants gives.
    pub(crate) fn require_to_confer_each<'a>(
        &self,
        given: impl IntoIterator<Item = &'a GrantRecord>,
    ) -> Result<()> {
        given
            .into_iter()
            .try_for_each(|grant| self.require_to_confer(grant.permissions, &grant.scope))
    }
}

/// Refuses what only those who run the hub may do.
///
/// # Errors
/// [`Error::Denied`] for anybody else.
pub(crate) async fn require_operator(transaction: &mut Transaction, actor: &Actor) -> Result<()> {
    #[derive(sqlx::FromRow)]
    struct Row {
        is_operator: bool,
    }
    let row = match (actor.kind, actor.id) {
        (ActorKind::System, _) => return Ok(()),
        (ActorKind::User, Some(id)) => fetch_optional!(
            transaction,
            Row,
            "SELECT is_operator FROM users WHERE id = $1",
            UserId::from_uuid(id),
        )?,
        _ => None,
    };
    if row.is_some_and(|row| row.is_operator) {
        Ok(())
    } else {
        Err(Error::Denied(
            "this is for people who run this hub".to_owned(),
        ))
    }
}

impl Change<'_> {
    /// What whoever makes the change may do.
    pub(crate) async fn authority(&mut self) -> Result<Authority> {
        Authority::of(&mut self.transaction, self.organization, &self.by.actor).await
    }

    /// Refuses the change to an actor without a permission in the whole organization.
    pub(crate) async fn require(&mut self, permission: Permission) -> Result<Authority> {
        let authority = self.authority().await?;
        authority.require(permission, &Scope::Organization)?;
        Ok(authority)
    }
}
