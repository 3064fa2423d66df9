//! Who can give a permission to others.

use peekaboo_policy::{Grant, Permission, PermissionSet, Scope, may_confer, require};
use sqlx::FromRow;

use crate::database::fetch_all;
use crate::error::Result;
use crate::grants::{built_in, scope};
use crate::storage::Storage;
use crate::{Key, OrganizationId, UserId};

/// A member who can give somebody a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Giver {
    /// Who.
    pub id: UserId,
    /// For people.
    pub name: String,
}

#[derive(FromRow)]
struct Row {
    id: UserId,
    name: String,
    built_in: String,
    project: Option<Key>,
    environment: Option<Key>,
}

impl Row {
    fn grant(&self) -> Result<Grant> {
        let scope = scope(self.project.as_ref(), self.environment.as_ref());
        Ok(Grant::built_in(built_in(&self.built_in)?, scope))
    }
}

impl Storage {
    /// The members who can give a permission on a scope, by name; at most `limit`.
    pub async fn who_can_give(
        &self,
        organization: OrganizationId,
        permission: Permission,
        scope: &Scope,
        limit: usize,
    ) -> Result<Vec<Giver>> {
        // Nothing but these roles lets anybody give access: `access.grant` cannot be part of a custom one.
        let rows = fetch_all!(
            &mut self.read().await?,
            Row,
            "SELECT users.id, users.name, grants.built_in, projects.key AS project, environments.key AS environment \
             FROM grants LEFT JOIN team_members ON team_members.team = grants.team \
             JOIN users ON users.id = COALESCE(grants.member, team_members.user_id) \
             LEFT JOIN projects ON projects.id = grants.project \
             LEFT JOIN environments ON environments.id = grants.environment \
             WHERE grants.organization = $1 AND grants.built_in IN ('admin', 'owner') ORDER BY users.name, users.id",
            organization,
        )?;
        let mut givers: Vec<Giver> = Vec::new();
        for row in rows {
            let grants = [row.grant()?];
            let can = require(&grants, Permission::AccessGrant, scope).is_ok()
                && may_confer(&grants, PermissionSet::EMPTY.with(permission), scope).is_ok();
            if can && givers.iter().all(|giver| giver.id != row.id) {
                givers.push(Giver {
                    id: row.id,
                    name: row.name,
                });
            }
        }
        givers.truncate(limit);
        Ok(givers)
    }
}
