//! Roles that an organization makes.

use peekaboo_policy::{Permission, PermissionSet};
use serde_json::{Value, json};
use sqlx::types::Json;

use super::names::{self, fold};
use crate::audit_record::Record;
use crate::check;
use crate::database::{Transaction, execute, fetch_all, fetch_count, fetch_one, fetch_optional};
use crate::error::{Current, Entity, Error, OrTaken as _, Problem, Result};
use crate::grants::{self, select_grants};
use crate::idempotency::{Answered, IdempotentRequest};
use crate::once::once;
use crate::page::{Cursor, List, Page};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{Attribution, CustomRole, GrantRecord, NewRole, OrganizationId, RoleId, RolePatch};

/// Roles that an organization may make.
const MAX_ROLES: usize = 100;

/// The columns of [`CustomRole`].
macro_rules! role_columns {
    () => {
        "id, organization, name, description, permissions, version, created_at, updated_at"
    };
}

fn document(role: &CustomRole) -> Value {
    json!({
        "id": role.id,
        "name": role.name,
        "description": role.description,
        "permissions": role.permissions.0,
    })
}

impl Storage {
    /// The roles that an organization made, in the order in which they were made.
    pub async fn roles(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<CustomRole>> {
        let after: Option<RoleId> = page.cursor()?;
        let roles = fetch_all!(
            &mut self.read().await?,
            CustomRole,
            concat!(
                "SELECT ",
                role_columns!(),
                " FROM roles WHERE organization = $1 AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        Ok(page.list(roles, |role| Cursor::of(&role.id)))
    }

    /// A role that an organization made, with its grants.
    pub async fn custom_role(
        &self,
        organization: OrganizationId,
        id: RoleId,
    ) -> Result<Option<(CustomRole, Vec<GrantRecord>)>> {
        let mut transaction = self.read().await?;
        let role = find(&mut transaction, organization, id).await?;
        let Some(role) = role else { return Ok(None) };
        let granted = fetch_all!(
            &mut transaction,
            grants::Row,
            concat!(
                select_grants!(),
                "WHERE grants.organization = $1 AND grants.role = $2 ORDER BY grants.id"
            ),
            organization,
            id,
        )?;
        Ok(Some((role, grants::read(granted)?)))
    }

    /// Makes a role. It gives nobody anything until it is granted.
    pub async fn create_role(
        &self,
        organization: OrganizationId,
        new: NewRole,
        by: &Attribution,
    ) -> Result<CustomRole> {
        let mut change = self.change(organization, by).await?;
        let role = insert(&mut change, new).await?;
        change.commit().await?;
        Ok(role)
    }

    /// Makes a role once, however often its request is sent.
    pub async fn create_role_once(
        &self,
        organization: OrganizationId,
        new: NewRole,
        by: &Attribution,
        request: IdempotentRequest<CustomRole>,
    ) -> Result<Answered<CustomRole>> {
        once!(self, organization, by, request, |change| insert(
            change, new
        ))
    }

    /// Changes a role, and with it what everybody has to whom it is granted.
    ///
    /// The actor needs what is added, wherever the role is granted.
    pub async fn update_role(
        &self,
        organization: OrganizationId,
        id: RoleId,
        patch: RolePatch,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<CustomRole> {
        let mut change = self.change(organization, by).await?;
        let authority = change.require(Permission::RoleManage).await?;
        let before = expect(&mut change, id).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::Role(before));
            return Err(Error::VersionConflict { current });
        }
        let given = (patch.name, patch.description);
        let (name, description) = names::changed(given, (&before.name, &before.description))?;
        let permissions = patch.permissions.unwrap_or(before.permissions.0);
        check_permissions(permissions)?;
        let added = permissions.minus(before.permissions.0);
        for grant in granted(&mut change, id).await? {
            authority.require_to_confer(added, &grant.scope)?;
        }
        if name == before.name
            && description == before.description
            && permissions == before.permissions.0
        {
            return Ok(before);
        }
        let after = fetch_one!(
            &mut change.transaction,
            CustomRole,
            concat!(
                "UPDATE roles SET name = $2, folded_name = $3, description = $4, permissions = $5, \
                 version = version + 1, updated_at = $6 WHERE id = $1 RETURNING ",
                role_columns!()
            ),
            id,
            name.trim(),
            fold(&name),
            description,
            Json(permissions),
            Stamp(by.at),
        )
        .or_taken(Entity::Role, name.trim())?;
        let record = Record::of_organization("role.updated", "role", &after.name);
        change.record(record, Some(document(&before)), Some(document(&after)));
        change.commit().await?;
        Ok(after)
    }

    /// Deletes a role that is granted to nobody.
    pub async fn delete_role(
        &self,
        organization: OrganizationId,
        id: RoleId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::RoleManage).await?;
        let role = expect(&mut change, id).await?;
        let granted = granted(&mut change, id).await?;
        if !granted.is_empty() {
            return Err(Error::RoleInUse(granted.len()));
        }
        execute!(
            &mut change.transaction,
            "DELETE FROM roles WHERE id = $1",
            id
        )?;
        let record = Record::of_organization("role.deleted", "role", &role.name);
        change.record(record, Some(document(&role)), None);
        change.commit().await
    }
}

async fn insert(change: &mut Change<'_>, new: NewRole) -> Result<CustomRole> {
    names::check(&new.name, &new.description)?;
    check_permissions(new.permissions)?;
    change.require(Permission::RoleManage).await?;
    check::limit(count(change).await?, "roles", MAX_ROLES)?;
    let at = truncate(change.by.at);
    let role = fetch_one!(
        &mut change.transaction,
        CustomRole,
        concat!(
            "INSERT INTO roles (id, organization, name, folded_name, description, permissions, version, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $7) RETURNING ",
            role_columns!()
        ),
        RoleId::generate(at, change.storage.source()),
        change.organization,
        new.name.trim(),
        fold(&new.name),
        &new.description,
        Json(new.permissions),
        Stamp(at),
    )
    .or_taken(Entity::Role, new.name.trim())?;
    let record = Record::of_organization("role.created", "role", &role.name);
    change.record(record, None, Some(document(&role)));
    Ok(role)
}

/// Control of an organization cannot be handed out by editing a role.
fn check_permissions(permissions: PermissionSet) -> Result<()> {
    let problems: Vec<_> = permissions
        .iter()
        .filter(|permission| !permission.in_custom_roles())
        .map(|permission| {
            let detail = format!(
                "permission to {} cannot be part of a custom role; grant the role {} instead",
                permission.words(),
                permission.least_role()
            );
            Problem::new("/permissions", "not_applicable", detail)
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(problems))
    }
}

async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    id: RoleId,
) -> Result<Option<CustomRole>> {
    let found = fetch_optional!(
        transaction,
        CustomRole,
        concat!(
            "SELECT ",
            role_columns!(),
            " FROM roles WHERE organization = $1 AND id = $2"
        ),
        organization,
        id,
    )?;
    Ok(found)
}

async fn expect(change: &mut Change<'_>, id: RoleId) -> Result<CustomRole> {
    let found = find(&mut change.transaction, change.organization, id).await?;
    let what = Entity::Role;
    found.ok_or(Error::NotFound { what })
}

async fn granted(change: &mut Change<'_>, id: RoleId) -> Result<Vec<GrantRecord>> {
    let rows = fetch_all!(
        &mut change.transaction,
        grants::Row,
        concat!(select_grants!(), "WHERE grants.role = $1"),
        id,
    )?;
    grants::read(rows)
}

async fn count(change: &mut Change<'_>) -> Result<i64> {
    let count = fetch_count!(
        &mut change.transaction,
        "SELECT count(*) FROM roles WHERE organization = $1",
        change.organization,
    )?;
    Ok(count)
}
