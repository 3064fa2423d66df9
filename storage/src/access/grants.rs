//! Giving and taking away grants.

use peekaboo_policy::{Permission, PermissionSet, Refusal, Scope};
use serde_json::{Value, json};
use sqlx::FromRow;
use sqlx::types::Json;

use crate::audit_record::Record;
use crate::check;
use crate::database::{Transaction, execute, fetch_all, fetch_count, fetch_optional};
use crate::environments;
use crate::error::{Entity, Error, Result};
use crate::grants::{self, Giving, Place, select_grants};
use crate::idempotency::{Answered, IdempotentRequest};
use crate::once::once;
use crate::page::{Cursor, List, Page};
use crate::projects;
use crate::storage::{Change, Storage};
use crate::{
    Attribution, GrantId, GrantRecord, GrantedRole, Grantee, Key, NewGrant, OrganizationId,
    RoleChoice, UserId,
};

/// Grants in an organization. It bounds what is read for a decision.
const MAX_GRANTS: usize = 20_000;

/// Which grants to list; what is `None` does not matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GrantFilter {
    /// Only those of this member, team or service account itself.
    pub grantee: Option<Grantee>,
}

fn document(grant: &GrantRecord) -> Value {
    let scope = match &grant.scope {
        Scope::Organization => json!({}),
        Scope::Project { project } => json!({ "project": project }),
        Scope::Environment {
            project,
            environment,
        } => json!({ "project": project, "environment": environment }),
    };
    json!({
        "id": grant.id,
        "grantee": { "kind": kind(grant.grantee), "name": grant.grantee_name },
        "role": grant.role.name(),
        "scope": scope,
    })
}

fn kind(grantee: Grantee) -> &'static str {
    match grantee {
        Grantee::Member(_) => "member",
        Grantee::Team(_) => "team",
        Grantee::ServiceAccount(_) => "serviceAccount",
    }
}

impl Storage {
    /// Everything that gives a member access, through teams too; `None` for who is not a member.
    pub async fn access_of_member(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Option<Vec<GrantRecord>>> {
        let mut transaction = self.read().await?;
        if !exists(&mut transaction, organization, Grantee::Member(user)).await? {
            return Ok(None);
        }
        let grants = grants::of_member(&mut transaction, organization, user).await?;
        Ok(Some(grants))
    }

    /// An organization's grants, oldest first.
    pub async fn grants(
        &self,
        organization: OrganizationId,
        filter: GrantFilter,
        page: &Page,
    ) -> Result<List<GrantRecord>> {
        let after: Option<GrantId> = page.cursor()?;
        let mut transaction = self.read().await?;
        let grants = match filter.grantee {
            Some(grantee) => {
                let mut all = grants::of_grantee(&mut transaction, organization, grantee).await?;
                all.retain(|grant| after.is_none_or(|after| grant.id > after));
                all.truncate(usize::try_from(page.fetch()).unwrap_or(usize::MAX));
                all
            }
            None => grants::read(fetch_all!(
                &mut transaction,
                grants::Row,
                concat!(
                    select_grants!(),
                    "WHERE grants.organization = $1 AND ($2 IS NULL OR grants.id > $2) ORDER BY grants.id LIMIT $3"
                ),
                organization,
                after,
                page.fetch(),
            )?)?,
        };
        Ok(page.list(grants, |grant| Cursor::of(&grant.id)))
    }

    /// Gives a role to a member, a team or a service account.
    ///
    /// The actor needs `access.grant` on the scope, and there every permission of the role.
    pub async fn create_grant(
        &self,
        organization: OrganizationId,
        new: NewGrant,
        by: &Attribution,
    ) -> Result<GrantRecord> {
        let mut change = self.change(organization, by).await?;
        let grant = insert(&mut change, new).await?;
        change.commit().await?;
        Ok(grant)
    }

    /// Gives a role once, however often its request is sent.
    pub async fn create_grant_once(
        &self,
        organization: OrganizationId,
        new: NewGrant,
        by: &Attribution,
        request: IdempotentRequest<GrantRecord>,
    ) -> Result<Answered<GrantRecord>> {
        once!(self, organization, by, request, |change| insert(
            change, new
        ))
    }

    /// Takes a grant away. The last owner keeps theirs.
    ///
    /// The actor needs `access.grant` on the grant's scope, and there every permission that the grant gives.
    pub async fn delete_grant(
        &self,
        organization: OrganizationId,
        id: GrantId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let authority = change.authority().await?;
        let grant = expect(&mut change, id).await?;
        let may = authority.require(Permission::AccessGrant, &grant.scope);
        if let Err(Error::Refused(Refusal::HiddenProject | Refusal::HiddenEnvironment)) = may {
            let what = Entity::Grant;
            return Err(Error::NotFound { what });
        }
        may?;
        authority.require_to_confer(grant.permissions, &grant.scope)?;
        execute!(
            &mut change.transaction,
            "DELETE FROM grants WHERE id = $1",
            id
        )?;
        grants::keep_an_owner(&mut change.transaction, organization).await?;
        let record = Record::of_organization("grant.deleted", "grant", &grant.grantee_name);
        change.record(record, Some(document(&grant)), None);
        change.commit().await
    }
}

async fn insert(change: &mut Change<'_>, new: NewGrant) -> Result<GrantRecord> {
    let organization = change.organization;
    let authority = change.authority().await?;
    authority.require(Permission::AccessGrant, &new.scope)?;
    let permissions = permissions(&mut change.transaction, organization, new.role).await?;
    authority.require_to_confer(permissions, &new.scope)?;
    let place = place(&mut change.transaction, organization, &new.scope).await?;
    let what = match new.grantee {
        Grantee::Member(_) => Entity::Member,
        Grantee::Team(_) => Entity::Team,
        Grantee::ServiceAccount(_) => Entity::ServiceAccount,
    };
    if !exists(&mut change.transaction, organization, new.grantee).await? {
        return Err(Error::NotFound { what });
    }
    let held = grants::of_grantee(&mut change.transaction, organization, new.grantee).await?;
    let same = |grant: &&GrantRecord| grant.scope == new.scope && is(&grant.role, new.role);
    if let Some(grant) = held.iter().find(same) {
        return Err(Error::AlreadyExists {
            what: Entity::Grant,
            key: format!("{} in {}", grant.role.name(), grant.scope),
        });
    }
    check::limit(count(change).await?, "grants", MAX_GRANTS)?;
    let giving = Giving {
        grantee: new.grantee,
        role: new.role,
        place,
    };
    let (source, at) = (change.storage.source(), change.by.at);
    let id = giving
        .insert(&mut change.transaction, source, organization, at)
        .await?;
    let grant = expect(change, id).await?;
    let record = Record::of_organization("grant.created", "grant", &grant.grantee_name);
    change.record(record, None, Some(document(&grant)));
    Ok(grant)
}

fn is(role: &GrantedRole, choice: RoleChoice) -> bool {
    match (role, choice) {
        (GrantedRole::BuiltIn(role), RoleChoice::BuiltIn(choice)) => *role == choice,
        (GrantedRole::Custom { id, .. }, RoleChoice::Custom(choice)) => *id == choice,
        _ => false,
    }
}

async fn expect(change: &mut Change<'_>, id: GrantId) -> Result<GrantRecord> {
    let row = fetch_optional!(
        &mut change.transaction,
        grants::Row,
        concat!(
            select_grants!(),
            "WHERE grants.organization = $1 AND grants.id = $2"
        ),
        change.organization,
        id,
    )?;
    let what = Entity::Grant;
    row.ok_or(Error::NotFound { what })?.read()
}

async fn count(change: &mut Change<'_>) -> Result<i64> {
    let count = fetch_count!(
        &mut change.transaction,
        "SELECT count(*) FROM grants WHERE organization = $1",
        change.organization,
    )?;
    Ok(count)
}

/// What a role of the organization allows.
async fn permissions(
    transaction: &mut Transaction,
    organization: OrganizationId,
    role: RoleChoice,
) -> Result<PermissionSet> {
    #[derive(FromRow)]
    struct Permissions {
        permissions: Json<PermissionSet>,
    }
    let id = match role {
        RoleChoice::BuiltIn(role) => return Ok(role.permissions()),
        RoleChoice::Custom(id) => id,
    };
    let found = fetch_optional!(
        transaction,
        Permissions,
        "SELECT permissions FROM roles WHERE organization = $1 AND id = $2",
        organization,
        id,
    )?;
    let what = Entity::Role;
    let found = found.ok_or(Error::NotFound { what })?;
    Ok(found.permissions.0)
}

/// The rows of a scope.
pub(super) async fn place(
    transaction: &mut Transaction,
    organization: OrganizationId,
    scope: &Scope,
) -> Result<Place> {
    let key = |text: &str, what: Entity| Key::parse(text).map_err(|_| Error::NotFound { what });
    let Some(project) = scope.project_key() else {
        return Ok(Place::default());
    };
    let project = key(project, Entity::Project)?;
    let project = projects::expect(transaction, organization, &project).await?;
    let environment = match scope {
        Scope::Environment { environment, .. } => {
            let environment = key(environment, Entity::Environment)?;
            let found = environments::find_in(transaction, project.id, &environment).await?;
            let what = Entity::Environment;
            Some(found.ok_or(Error::NotFound { what })?.id)
        }
        _ => None,
    };
    Ok(Place {
        project: Some(project.id),
        environment,
    })
}

/// Whether the organization has this member, team or service account.
pub(super) async fn exists(
    transaction: &mut Transaction,
    organization: OrganizationId,
    grantee: Grantee,
) -> Result<bool> {
    let (sql, id) = match grantee {
        Grantee::Member(id) => (
            "SELECT count(*) FROM memberships WHERE organization = $1 AND user_id = $2",
            id.as_uuid(),
        ),
        Grantee::Team(id) => (
            "SELECT count(*) FROM teams WHERE organization = $1 AND id = $2",
            id.as_uuid(),
        ),
        Grantee::ServiceAccount(id) => (
            "SELECT count(*) FROM service_accounts WHERE organization = $1 AND id = $2",
            id.as_uuid(),
        ),
    };
    let found = fetch_count!(transaction, sql, organization, id)?;
    Ok(found > 0)
}
