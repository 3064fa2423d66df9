//! Who belongs to an organization, and in which role.
//!
//! A member's role is a grant of a built-in role on the organization; a member may have none, or other grants besides.

use peekaboo_policy::{BuiltIn, Permission, Scope};
use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::audit_record::Record;
use crate::database::{
    Transaction, execute, fetch_all, fetch_all_with, fetch_optional, parameters,
};
use crate::error::{Entity, Error, OrTaken as _, Result};
use crate::grants::{self, Giving};
use crate::organizations::organization_columns;
use crate::page::{Cursor, List, Page};
use crate::search::{self, askable};
use crate::stamp::Stamp;
use crate::storage::{Change, Storage};
use crate::users::{self, user_columns};
use crate::{
    Attribution, GrantRecord, Grantee, Membership, Organization, OrganizationId, TeamId, TeamName,
    User, UserId, highest_role,
};

/// A person's place in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: User,
    /// Their built-in role in the whole organization. Teams may give them more.
    pub role: Option<BuiltIn>,
    /// The teams that they are in.
    pub teams: Vec<TeamName>,
    /// What was granted to themselves, the role included.
    pub grants: Vec<GrantRecord>,
    /// Since when.
    pub joined_at: OffsetDateTime,
    /// When they last used the organization, to some minutes.
    pub seen_at: Option<OffsetDateTime>,
    /// Whether they have a second factor.
    pub second_factor: bool,
}

/// The columns of [`Member`].
macro_rules! member_columns {
    () => {
        concat!(
            "memberships.joined_at, memberships.seen_at, \
             (second_factors.confirmed_at IS NOT NULL) AS second_factor, ",
            user_columns!()
        )
    };
}

/// An organization that a person belongs to, and when they last used it.
#[derive(FromRow)]
struct Place {
    #[sqlx(flatten)]
    organization: Organization,
    seen_at: Option<OffsetDateTime>,
}

/// A member as the members' own row has them.
#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    user: User,
    joined_at: OffsetDateTime,
    seen_at: Option<OffsetDateTime>,
    second_factor: bool,
}

impl Storage {
    /// A member's built-in role in the whole organization, from teams too; `None` for who has none.
    pub async fn role(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Option<BuiltIn>> {
        let grants = grants::of_member(&mut self.read().await?, organization, user).await?;
        Ok(highest_role(&grants))
    }

    /// The organizations that a person belongs to, by key, with what gives them access there.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>> {
        let mut transaction = self.read().await?;
        let places = fetch_all!(
            &mut transaction,
            Place,
            concat!(
                "SELECT memberships.seen_at, ",
                organization_columns!(),
                " FROM memberships JOIN organizations ON organizations.id = memberships.organization \
                 WHERE memberships.user_id = $1 ORDER BY organizations.key"
            ),
            user,
        )?;
        let all = grants::of_person(&mut transaction, user).await?;
        let membership = |place: Place| {
            let organization = place.organization;
            let here = all
                .iter()
                .filter(|grant| grant.organization == organization.id);
            let grants = here.cloned().collect();
            Membership {
                organization,
                grants,
                seen_at: place.seen_at,
            }
        };
        Ok(places.into_iter().map(membership).collect())
    }

    /// An organization's members, by email address; with `search`, those whose name or address contains it.
    pub async fn members(
        &self,
        organization: OrganizationId,
        search: Option<&str>,
        page: &Page,
    ) -> Result<List<Member>> {
        let search = search.map(|text| askable(&search::fold(text)));
        let after: Option<String> = page.cursor()?;
        let mut transaction = self.read().await?;
        let rows = fetch_all!(
            &mut transaction,
            Row,
            concat!(
                "SELECT ",
                member_columns!(),
                " FROM memberships JOIN users ON users.id = memberships.user_id \
             LEFT JOIN second_factors ON second_factors.user_id = users.id \
             WHERE memberships.organization = $1 AND ($2 IS NULL OR users.email > $2) \
             AND ($4 IS NULL OR replace(users.email, $4, '') <> users.email \
                  OR replace(users.folded_name, $4, '') <> users.folded_name) \
             ORDER BY users.email LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
            search,
        )?;
        let members = complete(&mut transaction, organization, rows).await?;
        Ok(page.list(members, |member| Cursor::of(&member.user.email)))
    }

    /// A member.
    pub async fn member(
        &self,
        organization: OrganizationId,
        user: UserId,
    ) -> Result<Option<Member>> {
        find(&mut self.read().await?, organization, user).await
    }

    /// Notes that a member uses the organization just now.
    pub async fn touch_membership(
        &self,
        organization: OrganizationId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "UPDATE memberships SET seen_at = $3 WHERE organization = $1 AND user_id = $2",
            organization,
            user,
            Stamp(at),
        )?;
        Ok(transaction.commit().await?)
    }

    /// Takes a person in, perhaps with a role. The caller has made sure that somebody who may wants them here.
    pub async fn add_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: impl Into<Option<BuiltIn>>,
        by: &Attribution,
    ) -> Result<Member> {
        let role = role.into();
        let mut change = self.change(organization, by).await?;
        let user = users::find(&mut change.transaction, user).await?;
        let what = Entity::User;
        let user = user.ok_or(Error::NotFound { what })?;
        insert(&mut change, &user, role).await?;
        let record = record("member.added", &user);
        change.record(record, None, Some(json!({ "role": role })));
        let member = expect(&mut change, user.id).await?;
        change.commit().await?;
        Ok(member)
    }

    /// Changes a member's role in the whole organization, or takes it away. The last owner stays one.
    ///
    /// The actor needs everything that the former role gives and that the new one will.
    pub async fn set_role(
        &self,
        organization: OrganizationId,
        user: UserId,
        role: impl Into<Option<BuiltIn>>,
        by: &Attribution,
    ) -> Result<Member> {
        let role = role.into();
        let mut change = self.change(organization, by).await?;
        let authority = change.require(Permission::MemberManage).await?;
        let before = expect(&mut change, user).await?;
        if before.role == role {
            return Ok(before);
        }
        for role in before.role.into_iter().chain(role) {
            authority.require_to_confer(role.permissions(), &Scope::Organization)?;
        }
        replace_role(&mut change, &before, role).await?;
        grants::keep_an_owner(&mut change.transaction, organization).await?;
        let member = expect(&mut change, user).await?;
        change.commit().await?;
        Ok(member)
    }

    /// Removes a member, with their grants, places in teams and personal tokens. The last owner stays.
    ///
    /// Everybody may remove themselves. The actor otherwise needs everything that the member was granted.
    pub async fn remove_member(
        &self,
        organization: OrganizationId,
        user: UserId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let authority = if by.is_user(user) {
            None
        } else {
            Some(change.require(Permission::MemberManage).await?)
        };
        let before = expect(&mut change, user).await?;
        if let Some(authority) = authority {
            authority.require_to_confer_each(&before.grants)?;
        }
        let transaction = &mut change.transaction;
        // With them go, by reference, their grants and their places in teams.
        execute!(
            transaction,
            "DELETE FROM memberships WHERE organization = $1 AND user_id = $2",
            organization,
            user,
        )?;
        execute!(
            transaction,
            "DELETE FROM api_tokens WHERE organization = $1 AND owner = $2",
            organization,
            user,
        )?;
        grants::keep_an_owner(transaction, organization).await?;
        let record = record("member.removed", &before.user);
        change.record(record, Some(json!({ "role": before.role })), None);
        change.commit().await
    }

    /// Makes another member an owner, and the actor, who must be one, an admin.
    pub async fn transfer_ownership(
        &self,
        organization: OrganizationId,
        to: UserId,
        by: &Attribution,
    ) -> Result<Member> {
        let mut change = self.change(organization, by).await?;
        let authority = change.require(Permission::MemberManage).await?;
        let owner = BuiltIn::Owner.permissions();
        authority.require_to_confer(owner, &Scope::Organization)?;
        let what = Entity::Member;
        let from = by.actor.id.map(UserId::from_uuid);
        let from = expect(&mut change, from.ok_or(Error::NotFound { what })?).await?;
        let heir = expect(&mut change, to).await?;
        if from.user.id != heir.user.id {
            replace_role(&mut change, &heir, Some(BuiltIn::Owner)).await?;
            replace_role(&mut change, &from, Some(BuiltIn::Admin)).await?;
        }
        let heir = expect(&mut change, to).await?;
        change.commit().await?;
        Ok(heir)
    }
}

async fn give(change: &mut Change<'_>, user: UserId, role: BuiltIn) -> Result<()> {
    let (storage, organization, at) = (change.storage, change.organization, change.by.at);
    Giving::everywhere(Grantee::Member(user), role)
        .insert(&mut change.transaction, storage.source(), organization, at)
        .await?;
    Ok(())
}

async fn replace_role(
    change: &mut Change<'_>,
    member: &Member,
    role: Option<BuiltIn>,
) -> Result<()> {
    let (organization, user) = (change.organization, member.user.id);
    grants::clear_organization_role(&mut change.transaction, organization, user).await?;
    if let Some(role) = role {
        give(change, user, role).await?;
    }
    let record = record("member.updated", &member.user);
    let (was, is) = (json!({ "role": member.role }), json!({ "role": role }));
    change.record(record, Some(was), Some(is));
    Ok(())
}

/// Takes a person in; the caller records it.
pub(crate) async fn insert(
    change: &mut Change<'_>,
    user: &User,
    role: Option<BuiltIn>,
) -> Result<()> {
    execute!(
        &mut change.transaction,
        "INSERT INTO memberships (organization, user_id, joined_at) VALUES ($1, $2, $3)",
        change.organization,
        user.id,
        Stamp(change.by.at),
    )
    .or_taken(Entity::Member, &user.email)?;
    if let Some(role) = role {
        give(change, user.id, role).await?;
    }
    Ok(())
}

/// A person's place in an organization.
pub(crate) async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Member>> {
    let row = fetch_optional!(
        transaction,
        Row,
        concat!(
            "SELECT ",
            member_columns!(),
            " FROM memberships JOIN users ON users.id = memberships.user_id \
         LEFT JOIN second_factors ON second_factors.user_id = users.id \
         WHERE memberships.organization = $1 AND memberships.user_id = $2"
        ),
        organization,
        user,
    )?;
    let rows = row.into_iter().collect();
    let mut members = complete(transaction, organization, rows).await?;
    Ok(members.pop())
}

async fn expect(change: &mut Change<'_>, user: UserId) -> Result<Member> {
    let found = find(&mut change.transaction, change.organization, user).await?;
    let what = Entity::Member;
    found.ok_or(Error::NotFound { what })
}

/// Members with their grants and teams.
async fn complete(
    transaction: &mut Transaction,
    organization: OrganizationId,
    rows: Vec<Row>,
) -> Result<Vec<Member>> {
    #[derive(FromRow)]
    struct Place {
        user_id: UserId,
        id: TeamId,
        name: String,
    }
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT team_members.user_id, teams.id, teams.name FROM team_members JOIN teams ON teams.id = team_members.team \
         WHERE team_members.organization = $1 AND team_members.user_id IN {} ORDER BY teams.id",
        parameters(2, rows.len())
    );
    let places = fetch_all_with!(transaction, Place, sql, query => rows
        .iter()
        .fold(query.bind(organization), |query, row| query.bind(row.user.id)))?;
    let holder = |row: &Row| Grantee::Member(row.user.id);
    let rows = grants::with_each(transaction, organization, rows, holder).await?;
    let member = |(row, own): (Row, Vec<GrantRecord>)| {
        let places = places.iter().filter(|place| place.user_id == row.user.id);
        let teams = places.map(|place| TeamName {
            id: place.id,
            name: place.name.clone(),
        });
        Member {
            role: highest_role(&own),
            teams: teams.collect(),
            grants: own,
            joined_at: row.joined_at,
            seen_at: row.seen_at,
            second_factor: row.second_factor,
            user: row.user,
        }
    };
    Ok(rows.into_iter().map(member).collect())
}

fn record<'a>(action: &'static str, user: &'a User) -> Record<'a> {
    Record::of_organization(action, "member", &user.email)
}
