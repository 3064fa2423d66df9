//! The rows that give access: who has which role where.

use peekaboo_policy::{BuiltIn, PermissionSet, Scope};
use sqlx::FromRow;
use sqlx::query::QueryAs;
use sqlx::types::Json;
use time::OffsetDateTime;

use crate::database::{
    Transaction, execute, fetch_all, fetch_all_with, fetch_count, fetch_optional, parameters,
};
use crate::error::{Error, Result};
use crate::id::Source;
use crate::stamp::{Stamp, truncate};
use crate::{
    ApiTokenId, EnvironmentId, GrantId, GrantRecord, GrantedRole, Grantee, Key, OrganizationId,
    ProjectId, RoleChoice, RoleId, ServiceAccountId, TeamId, UserId,
};

/// The columns and tables of a grant. What a grant refers to is there: it ends with its role's scope and its holder.
macro_rules! select_grants {
    () => {
        "SELECT grants.id, grants.organization, grants.member, grants.team, grants.service_account, \
         COALESCE(users.name, teams.name, service_accounts.name) AS grantee_name, grants.built_in, grants.role, \
         roles.name AS role_name, roles.permissions, projects.key AS project, environments.key AS environment, \
         grants.created_at \
         FROM grants LEFT JOIN users ON users.id = grants.member LEFT JOIN teams ON teams.id = grants.team \
         LEFT JOIN service_accounts ON service_accounts.id = grants.service_account \
         LEFT JOIN roles ON roles.id = grants.role LEFT JOIN projects ON projects.id = grants.project \
         LEFT JOIN environments ON environments.id = grants.environment "
    };
}

pub(crate) use select_grants;

/// A grant as the database has it.
#[derive(FromRow)]
pub(crate) struct Row {
    id: GrantId,
    organization: OrganizationId,
    member: Option<UserId>,
    team: Option<TeamId>,
    service_account: Option<ServiceAccountId>,
    grantee_name: String,
    built_in: Option<String>,
    role: Option<RoleId>,
    role_name: Option<String>,
    permissions: Option<Json<PermissionSet>>,
    project: Option<Key>,
    environment: Option<Key>,
    created_at: OffsetDateTime,
}

impl Row {
    pub(crate) fn read(self) -> Result<GrantRecord> {
        let incomplete = |what: &str| Error::Corrupt(format!("a grant without {what}").into());
        let grantee = match (self.member, self.team, self.service_account) {
            (Some(member), ..) => Grantee::Member(member),
            (_, Some(team), _) => Grantee::Team(team),
            (.., Some(account)) => Grantee::ServiceAccount(account),
            _ => return Err(incomplete("a holder")),
        };
        let (role, permissions) = match (self.built_in, self.role, self.role_name) {
            (Some(name), ..) => {
                let role = built_in(&name)?;
                (GrantedRole::BuiltIn(role), role.permissions())
            }
            (None, Some(id), Some(name)) => {
                let permissions = self.permissions.map(|Json(permissions)| permissions);
                let role = GrantedRole::Custom { id, name };
                (role, permissions.unwrap_or_default())
            }
            _ => return Err(incomplete("a role")),
        };
        let scope = scope(self.project.as_ref(), self.environment.as_ref());
        Ok(GrantRecord {
            id: self.id,
            organization: self.organization,
            grantee,
            grantee_name: self.grantee_name,
            role,
            permissions,
            scope,
            created_at: self.created_at,
        })
    }
}

/// The scope of a grant, by the keys of its project and environment.
pub(crate) fn scope(project: Option<&Key>, environment: Option<&Key>) -> Scope {
    match (project, environment) {
        (None, _) => Scope::Organization,
        (Some(project), None) => Scope::project(project.as_str()),
        (Some(project), Some(environment)) => {
            Scope::environment(project.as_str(), environment.as_str())
        }
    }
}

/// A built-in role as its column names it.
pub(crate) fn built_in(name: &str) -> Result<BuiltIn> {
    name.parse()
        .map_err(|error: peekaboo_policy::UnknownRole| Error::Corrupt(error.into()))
}

pub(crate) fn read(rows: Vec<Row>) -> Result<Vec<GrantRecord>> {
    rows.into_iter().map(Row::read).collect()
}

/// Everything that gives a person access, in every organization, through teams too.
pub(crate) async fn of_person(
    transaction: &mut Transaction,
    user: UserId,
) -> Result<Vec<GrantRecord>> {
    let rows = fetch_all!(
        transaction,
        Row,
        concat!(
            select_grants!(),
            "WHERE grants.id IN (SELECT id FROM grants WHERE member = $1 \
               UNION ALL SELECT grants.id FROM team_members JOIN grants ON grants.team = team_members.team \
                 WHERE team_members.user_id = $1) \
             ORDER BY grants.organization, grants.id"
        ),
        user,
    )?;
    read(rows)
}

/// Everything that gives a member access in one organization, through teams too. Nobody else has any.
pub(crate) async fn of_member(
    transaction: &mut Transaction,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<GrantRecord>> {
    let mut grants = of_person(transaction, user).await?;
    grants.retain(|grant| grant.organization == organization);
    Ok(grants)
}

/// The grants of one member, team or service account itself.
pub(crate) async fn of_grantee(
    transaction: &mut Transaction,
    organization: OrganizationId,
    grantee: Grantee,
) -> Result<Vec<GrantRecord>> {
    let (member, team, account) = columns(grantee);
    let rows = fetch_all!(
        transaction,
        Row,
        concat!(
            select_grants!(),
            "WHERE grants.organization = $1 AND (grants.member = $2 OR grants.team = $3 OR grants.service_account = $4) \
             ORDER BY grants.id"
        ),
        organization,
        member,
        team,
        account,
    )?;
    read(rows)
}

/// Holders of one kind, each with its own grants.
pub(crate) async fn with_each<T>(
    transaction: &mut Transaction,
    organization: OrganizationId,
    holders: Vec<T>,
    as_grantee: impl Fn(&T) -> Grantee,
) -> Result<Vec<(T, Vec<GrantRecord>)>> {
    let grantees: Vec<_> = holders.iter().map(as_grantee).collect();
    let granted = of_each(transaction, organization, &grantees).await?;
    let with_own = |(holder, id): (T, Grantee)| {
        let own = granted.iter().filter(|grant| grant.grantee == id);
        (holder, own.cloned().collect())
    };
    Ok(holders.into_iter().zip(grantees).map(with_own).collect())
}

/// The grants of several members, teams or service accounts, all of one kind.
async fn of_each(
    transaction: &mut Transaction,
    organization: OrganizationId,
    grantees: &[Grantee],
) -> Result<Vec<GrantRecord>> {
    let Some(first) = grantees.first() else {
        return Ok(Vec::new());
    };
    let column = match first {
        Grantee::Member(_) => "member",
        Grantee::Team(_) => "team",
        Grantee::ServiceAccount(_) => "service_account",
    };
    let list = parameters(2, grantees.len());
    let sql = format!(
        "{}WHERE grants.organization = $1 AND grants.{column} IN {list} ORDER BY grants.id",
        select_grants!()
    );
    let ids = grantees.iter().map(|grantee| match grantee {
        Grantee::Member(id) => id.as_uuid(),
        Grantee::Team(id) => id.as_uuid(),
        Grantee::ServiceAccount(id) => id.as_uuid(),
    });
    let rows = fetch_all_with!(transaction, Row, sql, query => ids
        .fold(query.bind(organization), QueryAs::bind))?;
    read(rows)
}

/// What gives a token access: the grants of its service account; or its owner's, as far as the token was limited to.
pub(crate) async fn of_token(
    transaction: &mut Transaction,
    organization: OrganizationId,
    token: ApiTokenId,
) -> Result<Vec<GrantRecord>> {
    #[derive(FromRow)]
    struct Bearer {
        service_account: Option<ServiceAccountId>,
        owner: Option<UserId>,
        at_most: Option<String>,
    }
    let bearer = fetch_optional!(
        transaction,
        Bearer,
        "SELECT service_account, owner, at_most FROM api_tokens WHERE organization = $1 AND id = $2",
        organization,
        token,
    )?;
    let Some(bearer) = bearer else {
        return Ok(Vec::new());
    };
    if let Some(account) = bearer.service_account {
        return of_grantee(transaction, organization, Grantee::ServiceAccount(account)).await;
    }
    let Some(owner) = bearer.owner else {
        return Ok(Vec::new());
    };
    let mut grants = of_member(transaction, organization, owner).await?;
    if let Some(role) = bearer.at_most {
        let limit = built_in(&role)?.permissions();
        for grant in &mut grants {
            grant.permissions = grant.permissions.intersection(limit);
        }
    }
    Ok(grants)
}

/// The rows that a grant's scope refers to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) project: Option<ProjectId>,
    pub(crate) environment: Option<EnvironmentId>,
}

/// A grant to write.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Giving {
    pub(crate) grantee: Grantee,
    pub(crate) role: RoleChoice,
    pub(crate) place: Place,
}

impl Giving {
    /// A built-in role in the whole organization.
    pub(crate) fn everywhere(grantee: Grantee, role: BuiltIn) -> Self {
        Giving {
            grantee,
            role: RoleChoice::BuiltIn(role),
            place: Place::default(),
        }
    }

    pub(crate) async fn insert(
        self,
        transaction: &mut Transaction,
        source: &Source,
        organization: OrganizationId,
        at: OffsetDateTime,
    ) -> Result<GrantId> {
        let at = truncate(at);
        let id = GrantId::generate(at, source);
        let (member, team, account) = columns(self.grantee);
        let (built_in, role) = match self.role {
            RoleChoice::BuiltIn(role) => (Some(role.as_str()), None),
            RoleChoice::Custom(role) => (None, Some(role)),
        };
        execute!(
            transaction,
            "INSERT INTO grants (id, organization, member, team, service_account, built_in, role, project, environment, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            id,
            organization,
            member,
            team,
            account,
            built_in,
            role,
            self.place.project,
            self.place.environment,
            Stamp(at),
        )?;
        Ok(id)
    }
}

fn columns(grantee: Grantee) -> (Option<UserId>, Option<TeamId>, Option<ServiceAccountId>) {
    match grantee {
        Grantee::Member(id) => (Some(id), None, None),
        Grantee::Team(id) => (None, Some(id), None),
        Grantee::ServiceAccount(id) => (None, None, Some(id)),
    }
}

/// Takes away the built-in roles that a member has in the whole organization.
pub(crate) async fn clear_organization_role(
    transaction: &mut Transaction,
    organization: OrganizationId,
    user: UserId,
) -> Result<()> {
    execute!(
        transaction,
        "DELETE FROM grants WHERE organization = $1 AND member = $2 AND built_in IS NOT NULL AND project IS NULL",
        organization,
        user,
    )?;
    Ok(())
}

/// Refuses a change that leaves the organization without a member who owns it; asked after the change.
pub(crate) async fn keep_an_owner(
    transaction: &mut Transaction,
    organization: OrganizationId,
) -> Result<()> {
    let owners = fetch_count!(
        transaction,
        "SELECT count(*) FROM grants \
         WHERE organization = $1 AND member IS NOT NULL AND built_in = $2 AND project IS NULL",
        organization,
        BuiltIn::Owner.as_str(),
    )?;
    if owners == 0 {
        return Err(Error::LastOwner);
    }
    Ok(())
}
