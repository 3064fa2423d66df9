//! Teams and who is in them.

use peekaboo_policy::Permission;
use serde_json::{Value, json};
use sqlx::FromRow;

use super::grants::exists;
use super::names::{self, fold};
use crate::audit_record::Record;
use crate::check;
use crate::database::{Transaction, execute, fetch_all, fetch_count, fetch_one, fetch_optional};
use crate::error::{Current, Entity, Error, OrTaken as _, Result};
use crate::grants;
use crate::idempotency::{Answered, IdempotentRequest};
use crate::once::once;
use crate::page::{Cursor, List, Page};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::users::user_columns;
use crate::{
    Attribution, GrantRecord, Grantee, NewPrincipal, OrganizationId, PrincipalPatch, Team, TeamId,
    User, UserId,
};

/// Teams of an organization.
const MAX_TEAMS: usize = 500;

/// The columns of [`Team`].
macro_rules! team_columns {
    () => {
        "teams.id, teams.organization, teams.name, teams.description, teams.version, teams.created_at, teams.updated_at"
    };
}

fn document(team: &Team) -> Value {
    json!({ "id": team.id, "name": team.name, "description": team.description })
}

impl Storage {
    /// An organization's teams with their grants, in the order in which they were made.
    pub async fn teams(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<(Team, Vec<GrantRecord>)>> {
        let after: Option<TeamId> = page.cursor()?;
        let mut transaction = self.read().await?;
        let teams = fetch_all!(
            &mut transaction,
            Team,
            concat!(
                "SELECT ",
                team_columns!(),
                " FROM teams WHERE organization = $1 AND ($2 IS NULL OR id > $2) ORDER BY id LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        let holder = |team: &Team| Grantee::Team(team.id);
        let teams = grants::with_each(&mut transaction, organization, teams, holder).await?;
        Ok(page.list(teams, |(team, _)| Cursor::of(&team.id)))
    }

    /// A team with its grants.
    pub async fn team(
        &self,
        organization: OrganizationId,
        id: TeamId,
    ) -> Result<Option<(Team, Vec<GrantRecord>)>> {
        let mut transaction = self.read().await?;
        let team = find(&mut transaction, organization, id).await?;
        let Some(team) = team else { return Ok(None) };
        let granted = grants::of_grantee(&mut transaction, organization, Grantee::Team(id)).await?;
        Ok(Some((team, granted)))
    }

    /// Who is in a team, by email address. A team that does not exist has nobody.
    pub async fn team_members(
        &self,
        organization: OrganizationId,
        id: TeamId,
        page: &Page,
    ) -> Result<List<User>> {
        let after: Option<String> = page.cursor()?;
        let users = fetch_all!(
            &mut self.read().await?,
            User,
            concat!(
                "SELECT ",
                user_columns!(),
                " FROM team_members JOIN users ON users.id = team_members.user_id \
                 WHERE team_members.organization = $1 AND team_members.team = $2 AND ($3 IS NULL OR users.email > $3) \
                 ORDER BY users.email LIMIT $4"
            ),
            organization,
            id,
            after,
            page.fetch(),
        )?;
        Ok(page.list(users, |user| Cursor::of(&user.email)))
    }

    /// Makes a team that has nobody and no grants.
    pub async fn create_team(
        &self,
        organization: OrganizationId,
        new: NewPrincipal,
        by: &Attribution,
    ) -> Result<Team> {
        let mut change = self.change(organization, by).await?;
        let team = insert(&mut change, new).await?;
        change.commit().await?;
        Ok(team)
    }

    /// Makes a team once, however often its request is sent.
    pub async fn create_team_once(
        &self,
        organization: OrganizationId,
        new: NewPrincipal,
        by: &Attribution,
        request: IdempotentRequest<Team>,
    ) -> Result<Answered<Team>> {
        once!(self, organization, by, request, |change| insert(
            change, new
        ))
    }

    /// Changes a team's name or description.
    pub async fn update_team(
        &self,
        organization: OrganizationId,
        id: TeamId,
        patch: PrincipalPatch,
        expected_version: Option<i64>,
        by: &Attribution,
    ) -> Result<Team> {
        let mut change = self.change(organization, by).await?;
        change.require(Permission::TeamManage).await?;
        let before = expect(&mut change, id).await?;
        if expected_version.is_some_and(|expected| expected != before.version) {
            let current = Box::new(Current::Team(before));
            return Err(Error::VersionConflict { current });
        }
        let given = (patch.name, patch.description);
        let (name, description) = names::changed(given, (&before.name, &before.description))?;
        if name == before.name && description == before.description {
            return Ok(before);
        }
        let after = fetch_one!(
            &mut change.transaction,
            Team,
            concat!(
                "UPDATE teams SET name = $2, folded_name = $3, description = $4, version = version + 1, updated_at = $5 \
                 WHERE id = $1 RETURNING ",
                team_columns!()
            ),
            id,
            name.trim(),
            fold(&name),
            description,
            Stamp(by.at),
        )
        .or_taken(Entity::Team, name.trim())?;
        let record = Record::of_organization("team.updated", "team", &after.name);
        change.record(record, Some(document(&before)), Some(document(&after)));
        change.commit().await?;
        Ok(after)
    }

    /// Deletes a team with its grants. Its members stay in the organization.
    ///
    /// The actor needs what the team's grants give.
    pub async fn delete_team(
        &self,
        organization: OrganizationId,
        id: TeamId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let authority = change.require(Permission::TeamManage).await?;
        let team = expect(&mut change, id).await?;
        let granted =
            grants::of_grantee(&mut change.transaction, organization, Grantee::Team(id)).await?;
        authority.require_to_confer_each(&granted)?;
        execute!(
            &mut change.transaction,
            "DELETE FROM teams WHERE id = $1",
            id
        )?;
        let record = Record::of_organization("team.deleted", "team", &team.name);
        change.record(record, Some(document(&team)), None);
        change.commit().await
    }

    /// Puts a member in a team, which gives them its grants: the actor needs what these give. Once is enough.
    pub async fn add_team_member(
        &self,
        organization: OrganizationId,
        id: TeamId,
        user: UserId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let member = change_team_members(&mut change, id, user).await?;
        let added = execute!(
            &mut change.transaction,
            "INSERT INTO team_members (team, organization, user_id, added_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (team, user_id) DO NOTHING",
            id,
            organization,
            user,
            Stamp(by.at),
        )?;
        if added == 0 {
            return Ok(());
        }
        let record = Record::of_organization("team.memberAdded", "team", &member.team.name);
        let after = json!({ "member": member.email });
        change.record(record, None, Some(after));
        change.commit().await
    }

    /// Takes a member out of a team; the actor needs what the team's grants give.
    pub async fn remove_team_member(
        &self,
        organization: OrganizationId,
        id: TeamId,
        user: UserId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let member = change_team_members(&mut change, id, user).await?;
        let removed = execute!(
            &mut change.transaction,
            "DELETE FROM team_members WHERE team = $1 AND user_id = $2",
            id,
            user,
        )?;
        if removed == 0 {
            let what = Entity::TeamMember;
            return Err(Error::NotFound { what });
        }
        let record = Record::of_organization("team.memberRemoved", "team", &member.team.name);
        let before = json!({ "member": member.email });
        change.record(record, Some(before), None);
        change.commit().await
    }
}

/// A team and somebody to be put in it or taken out of it.
struct TeamMember {
    team: Team,
    email: String,
}

/// What adding and removing have in common: who may, and whether there is such a team and such a member.
async fn change_team_members(
    change: &mut Change<'_>,
    id: TeamId,
    user: UserId,
) -> Result<TeamMember> {
    #[derive(FromRow)]
    struct Email {
        email: String,
    }
    let organization = change.organization;
    let authority = change.require(Permission::TeamManage).await?;
    let team = expect(change, id).await?;
    let transaction = &mut change.transaction;
    let granted = grants::of_grantee(transaction, organization, Grantee::Team(id)).await?;
    authority.require_to_confer_each(&granted)?;
    if !exists(transaction, organization, Grantee::Member(user)).await? {
        let what = Entity::Member;
        return Err(Error::NotFound { what });
    }
    let found = fetch_one!(
        transaction,
        Email,
        "SELECT email FROM users WHERE id = $1",
        user
    )?;
    let email = found.email;
    Ok(TeamMember { team, email })
}

async fn insert(change: &mut Change<'_>, new: NewPrincipal) -> Result<Team> {
    names::check(&new.name, &new.description)?;
    change.require(Permission::TeamManage).await?;
    let count = fetch_count!(
        &mut change.transaction,
        "SELECT count(*) FROM teams WHERE organization = $1",
        change.organization,
    )?;
    check::limit(count, "teams", MAX_TEAMS)?;
    let at = truncate(change.by.at);
    let team = fetch_one!(
        &mut change.transaction,
        Team,
        concat!(
            "INSERT INTO teams (id, organization, name, folded_name, description, version, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, 1, $6, $6) RETURNING ",
            team_columns!()
        ),
        TeamId::generate(at, change.storage.source()),
        change.organization,
        new.name.trim(),
        fold(&new.name),
        &new.description,
        Stamp(at),
    )
    .or_taken(Entity::Team, new.name.trim())?;
    let record = Record::of_organization("team.created", "team", &team.name);
    change.record(record, None, Some(document(&team)));
    Ok(team)
}

async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    id: TeamId,
) -> Result<Option<Team>> {
    let found = fetch_optional!(
        transaction,
        Team,
        concat!(
            "SELECT ",
            team_columns!(),
            " FROM teams WHERE organization = $1 AND id = $2"
        ),
        organization,
        id,
    )?;
    Ok(found)
}

async fn expect(change: &mut Change<'_>, id: TeamId) -> Result<Team> {
    let found = find(&mut change.transaction, change.organization, id).await?;
    let what = Entity::Team;
    found.ok_or(Error::NotFound { what })
}
