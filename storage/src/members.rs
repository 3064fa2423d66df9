//! Who belongs to an organisation, and what they may do there.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit_record::Record;
use crate::database::{Transaction, execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::organizations::organization_columns;
use crate::page::{Cursor, List, Page};
use crate::stamp::Stamp;
use crate::storage::{Change, Storage};
use crate::users::user_columns;
use crate::{Attribution, Organization, OrganizationId, Role, User, UserId};

/// A person's place in an organisation.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Member {
    /// Who.
    #[sqlx(flatten)]
    pub user: User,
    /// May do what.
    pub role: Role,
    /// Since when.
    pub joined_at: OffsetDateTime,
}

/// An organisation that a person belongs to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Membership {
    /// The organisation.
    #[sqlx(flatten)]
    pub organization: Organization,
    /// What the person may do there.
    pub role: Role,
}

#[derive(FromRow)]
struct Count {
    count: i64,
}

impl Storage {
    /// What a person may do in an organisation; `None` for who does not belong to it.
    pub async fn role(&self, organization: OrganizationId, user: UserId) -> Result<Option<Role>> {
        let member = member(&mut self.read().await?, organization, user).await?;
        Ok(member.map(|member| member.role))
    }

    /// The organisations that a person belongs to, by key.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>> {
        let memberships = fetch_all!(
            &mut self.read().await?,
            Membership,
            concat!(
                "SELECT memberships.role, ",
                organization_columns!(),
                " FROM memberships JOIN organizations ON organizations.id = memberships.organization \
             WHERE memberships.user_id = $1 ORDER BY organizations.key"
            ),
            user,
        )?;
        Ok(memberships)
    }

    /// An organisation's members, by email address.
    pub async fn members(&self, organization: OrganizationId, page: &Page) -> Result<List<Member>> {
        let after: Option<String> = page.cursor()?;
        let members = fetch_all!(
            &mut self.read().await?,
            Member,
            concat!(
                "SELECT memberships.role, memberships.joined_at, ",
                user_columns!(),
                " FROM memberships JOIN users ON users.id = memberships.user_id \
             WHERE memberships.organization = $1 AND ($2 IS NULL OR users.email > $2) \
             ORDER BY users.email LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        Ok(page.list(members, |member| Cursor::of(&member.user.email)))
    }

    /// Takes a person in.
    pub async fn add_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: Role,
        by: &Attribution,
    ) -> Result<Member> {
        let mut change = self.change(organization, by).await?;
        let user = fetch_optional!(
            &mut change.transaction,
            User,
            concat!("SELECT ", user_columns!(), " FROM users WHERE id = $1"),
            user
        )?;
        let what = Entity::User;
        let user = user.ok_or(Error::NotFound { what })?;
        execute!(
            &mut change.transaction,
            "INSERT INTO memberships (organization, user_id, role, joined_at) VALUES ($1, $2, $3, $4)",
            organization,
            user.id,
            role,
            Stamp(by.at),
        )
        .or_taken(Entity::Member, &user.email)?;
        let record = record("member.added", &user);
        change
            .record(record, None, Some(json!({ "role": role })))
            .await?;
        let member = expect(&mut change, user.id).await?;
        change.commit().await?;
        Ok(member)
    }

    /// Changes what a member may do. The last owner stays one.
    pub async fn set_role(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: Role,
        by: &Attribution,
    ) -> Result<Member> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change, user).await?;
        if before.role == role {
            return Ok(before);
        }
        execute!(
            &mut change.transaction,
            "UPDATE memberships SET role = $3 WHERE organization = $1 AND user_id = $2",
            organization,
            user,
            role,
        )?;
        keep_an_owner(&mut change).await?;
        let record = record("member.updated", &before.user);
        let (was, is) = (json!({ "role": before.role }), json!({ "role": role }));
        change.record(record, Some(was), Some(is)).await?;
        change.commit().await?;
        Ok(Member { role, ..before })
    }

    /// Shows a member out. The last owner stays.
    pub async fn remove_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let before = expect(&mut change, user).await?;
        execute!(
            &mut change.transaction,
            "DELETE FROM memberships WHERE organization = $1 AND user_id = $2",
            organization,
            user,
        )?;
        keep_an_owner(&mut change).await?;
        let record = record("member.removed", &before.user);
        change
            .record(record, Some(json!({ "role": before.role })), None)
            .await?;
        change.commit().await
    }
}

async fn member(
    transaction: &mut Transaction,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Member>> {
    let member = fetch_optional!(
        transaction,
        Member,
        concat!(
            "SELECT memberships.role, memberships.joined_at, ",
            user_columns!(),
            " FROM memberships JOIN users ON users.id = memberships.user_id \
         WHERE memberships.organization = $1 AND memberships.user_id = $2"
        ),
        organization,
        user,
    )?;
    Ok(member)
}

async fn expect(change: &mut Change<'_>, user: UserId) -> Result<Member> {
    let found = member(&mut change.transaction, change.organization, user).await?;
    let what = Entity::Member;
    found.ok_or(Error::NotFound { what })
}

async fn keep_an_owner(change: &mut Change<'_>) -> Result<()> {
    let owners = fetch_one!(
        &mut change.transaction,
        Count,
        "SELECT count(*) AS count FROM memberships WHERE organization = $1 AND role = $2",
        change.organization,
        Role::Owner,
    )?;
    if owners.count == 0 {
        return Err(Error::LastOwner);
    }
    Ok(())
}

fn record<'a>(action: &'static str, user: &'a User) -> Record<'a> {
    Record {
        action,
        project: None,
        environment: None,
        kind: "member",
        key: &user.email,
        restored: None,
    }
}
