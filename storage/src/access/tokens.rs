//! Tokens by which machines use the admin API.

use peekaboo_policy::{BuiltIn, Permission, Scope};
use serde_json::{Value, json};
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use super::grants::{exists, place};
use super::service_accounts;
use crate::audit_record::Record;
use crate::authority::Authority;
use crate::check::{self, Checks};
use crate::database::{Transaction, execute, fetch_all, fetch_count, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::grants::{self, Giving};
use crate::idempotency::{Answered, IdempotentRequest};
use crate::once::once;
use crate::organizations;
use crate::page::{Cursor, List, Page};
use crate::secret::{Secret, SecretHash};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{
    ApiTokenId, Attribution, Grantee, Membership, NewPrincipal, OrganizationId, RoleChoice,
    ServiceAccountId, UserId,
};

/// How often, at most, using a token writes.
const TOUCH: Duration = Duration::minutes(1);

/// Personal tokens of one member in one organization.
const MAX_PERSONAL_TOKENS: usize = 50;

/// A token; its secret is seen once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiToken {
    /// Identifies it.
    pub id: ApiTokenId,
    /// What it opens.
    pub organization: OrganizationId,
    /// For people.
    pub name: String,
    /// Whose access it has.
    pub bearer: TokenBearer,
    /// Its first characters.
    pub prefix: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it opens nothing.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<OffsetDateTime>,
}

/// Whose access a token has, always as it is at the moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenBearer {
    /// A machine's.
    ServiceAccount {
        /// Identifies the account.
        id: ServiceAccountId,
        /// Its name now.
        name: String,
        /// Its highest built-in role in the whole organization, if it has one.
        role: Option<BuiltIn>,
    },
    /// A person's, in this organization only.
    Member {
        /// Who.
        user: UserId,
        /// The token has no permission that this role lacks.
        at_most: Option<BuiltIn>,
    },
}

/// What a token that was presented opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenAccess {
    /// The token.
    pub token: ApiToken,
    /// Its organization, and what it may do there.
    pub membership: Membership,
}

/// A token to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiToken {
    /// For people.
    pub name: String,
    /// Whose access it has.
    pub bearer: NewTokenBearer,
    /// From when on it opens nothing.
    pub expires_at: Option<OffsetDateTime>,
}

/// Whose access a token to make has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewTokenBearer {
    /// A new service account, which is called like the token, has this role in this place, and goes with the token.
    Role(BuiltIn, Scope),
    /// A service account that there is.
    ServiceAccount(ServiceAccountId),
    /// A member, who must be the actor.
    Member {
        /// Who.
        user: UserId,
        /// The token has no permission that this role lacks.
        at_most: Option<BuiltIn>,
    },
}

impl NewTokenBearer {
    /// A new service account with a role in the whole organization.
    pub fn everywhere(role: BuiltIn) -> Self {
        Self::Role(role, Scope::Organization)
    }
}

/// Whose tokens to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokensOf {
    /// Those of every service account.
    ServiceAccounts,
    /// Those of one service account.
    ServiceAccount(ServiceAccountId),
    /// Those of one member.
    Member(UserId),
}

/// The columns of a token, with its account's name.
macro_rules! select_tokens {
    () => {
        "SELECT api_tokens.id, api_tokens.organization, api_tokens.name, api_tokens.service_account, \
         service_accounts.name AS account_name, (SELECT grants.built_in FROM grants \
           WHERE grants.service_account = api_tokens.service_account AND grants.built_in IS NOT NULL \
           AND grants.project IS NULL ORDER BY CASE grants.built_in \
             WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'editor' THEN 2 ELSE 3 END LIMIT 1) AS account_role, \
         api_tokens.owner, api_tokens.at_most, api_tokens.prefix, \
         api_tokens.created_at, api_tokens.expires_at, api_tokens.last_used_at \
         FROM api_tokens LEFT JOIN service_accounts ON service_accounts.id = api_tokens.service_account "
    };
}

#[derive(FromRow)]
struct Row {
    id: ApiTokenId,
    organization: OrganizationId,
    name: String,
    service_account: Option<ServiceAccountId>,
    account_name: Option<String>,
    account_role: Option<String>,
    owner: Option<UserId>,
    at_most: Option<String>,
    prefix: String,
    created_at: OffsetDateTime,
    expires_at: Option<OffsetDateTime>,
    last_used_at: Option<OffsetDateTime>,
}

impl Row {
    fn read(self) -> Result<ApiToken> {
        let bearer = match (self.service_account, self.account_name, self.owner) {
            (Some(id), Some(name), _) => TokenBearer::ServiceAccount {
                id,
                name,
                role: self
                    .account_role
                    .as_deref()
                    .map(grants::built_in)
                    .transpose()?,
            },
            (.., Some(user)) => TokenBearer::Member {
                user,
                at_most: self.at_most.as_deref().map(grants::built_in).transpose()?,
            },
            // Made by a node of the release before, during an upgrade.
            _ => return Err(Error::Corrupt("a token without a bearer".into())),
        };
        Ok(ApiToken {
            id: self.id,
            organization: self.organization,
            name: self.name,
            bearer,
            prefix: self.prefix,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
        })
    }
}

fn document(token: &ApiToken) -> Value {
    let bearer = match &token.bearer {
        TokenBearer::ServiceAccount { name, .. } => json!({ "serviceAccount": name }),
        TokenBearer::Member { at_most, .. } => json!({ "personal": true, "atMost": at_most }),
    };
    json!({ "id": token.id, "name": token.name, "prefix": token.prefix, "bearer": bearer })
}

impl Storage {
    /// Tokens of an organization, newest first.
    pub async fn api_tokens(
        &self,
        organization: OrganizationId,
        of: TokensOf,
        page: &Page,
    ) -> Result<List<ApiToken>> {
        let after: Option<ApiTokenId> = page.cursor()?;
        let (sql, id) = match of {
            TokensOf::ServiceAccounts => (
                concat!(
                    select_tokens!(),
                    "WHERE api_tokens.organization = $1 AND ($2 IS NULL OR api_tokens.id < $2) \
                     AND ($4 IS NULL AND api_tokens.service_account IS NOT NULL) ORDER BY api_tokens.id DESC LIMIT $3"
                ),
                None,
            ),
            TokensOf::ServiceAccount(id) => (
                concat!(
                    select_tokens!(),
                    "WHERE api_tokens.organization = $1 AND ($2 IS NULL OR api_tokens.id < $2) \
                     AND api_tokens.service_account = $4 ORDER BY api_tokens.id DESC LIMIT $3"
                ),
                Some(id.as_uuid()),
            ),
            TokensOf::Member(id) => (
                concat!(
                    select_tokens!(),
                    "WHERE api_tokens.organization = $1 AND ($2 IS NULL OR api_tokens.id < $2) \
                     AND api_tokens.owner = $4 ORDER BY api_tokens.id DESC LIMIT $3"
                ),
                Some(id.as_uuid()),
            ),
        };
        let rows = fetch_all!(
            &mut self.read().await?,
            Row,
            sql,
            organization,
            after,
            page.fetch(),
            id,
        )?;
        let tokens: Result<_> = rows.into_iter().map(Row::read).collect();
        Ok(page.list(tokens?, |token: &ApiToken| Cursor::of(&token.id)))
    }

    /// Creates a token; its secret is returned once and stored nowhere.
    pub async fn create_api_token(
        &self,
        organization: OrganizationId,
        new: NewApiToken,
        by: &Attribution,
    ) -> Result<(ApiToken, Secret)> {
        let mut change = self.change(organization, by).await?;
        let created = insert(&mut change, new).await?;
        change.commit().await?;
        Ok(created)
    }

    /// Creates a token once, however often its request is sent.
    pub async fn create_api_token_once(
        &self,
        organization: OrganizationId,
        new: NewApiToken,
        by: &Attribution,
        request: IdempotentRequest<(ApiToken, Secret)>,
    ) -> Result<Answered<(ApiToken, Secret)>> {
        once!(self, organization, by, request, |change| insert(
            change, new
        ))
    }

    /// Deletes a token: it opens nothing any more. An account that was made with the token, and has no other, goes too.
    ///
    /// Whoever may manage service accounts revokes their tokens; personal tokens are revoked by their owner and by
    /// whoever may manage members.
    pub async fn revoke_api_token(
        &self,
        organization: OrganizationId,
        id: ApiTokenId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let authority = change.authority().await?;
        let what = Entity::ApiToken;
        let found = find(&mut change.transaction, organization, id).await?;
        let token = found.ok_or(Error::NotFound { what })?;
        match token.bearer {
            TokenBearer::ServiceAccount { .. } => {
                authority.require(Permission::ServiceAccountManage, &Scope::Organization)?;
            }
            TokenBearer::Member { user, .. } if by.is_user(user) => {}
            TokenBearer::Member { .. } => {
                authority.require(Permission::MemberManage, &Scope::Organization)?;
            }
        }
        execute!(
            &mut change.transaction,
            "DELETE FROM api_tokens WHERE id = $1",
            id
        )?;
        let entry = Record::of_organization("token.revoked", "token", &token.name);
        change.record(entry, Some(document(&token)), None);
        if let TokenBearer::ServiceAccount { id: account, .. } = token.bearer
            && account.as_uuid() == id.as_uuid()
            && count(&mut change, Count::Account(account)).await? == 0
        {
            let account = service_accounts::expect(&mut change, account).await?;
            service_accounts::delete(&mut change, &account).await?;
        }
        change.commit().await
    }

    /// What a presented secret opens, unless the token has expired. Notes its use, at most once a minute.
    ///
    /// A personal token opens nothing once its owner has left the organization.
    pub async fn find_api_token(
        &self,
        hash: SecretHash,
        at: OffsetDateTime,
    ) -> Result<Option<TokenAccess>> {
        let mut transaction = self.read().await?;
        let row = fetch_optional!(
            &mut transaction,
            Row,
            concat!(
                select_tokens!(),
                "WHERE api_tokens.hash = $1 AND (api_tokens.expires_at IS NULL OR api_tokens.expires_at > $2)"
            ),
            hash,
            Stamp(at),
        )?;
        let Some(token) = row.map(Row::read).transpose()? else {
            return Ok(None);
        };
        let id = token.organization;
        if let TokenBearer::Member { user, .. } = token.bearer
            && !exists(&mut transaction, id, Grantee::Member(user)).await?
        {
            return Ok(None);
        }
        let organization = organizations::find(&mut transaction, id).await?;
        let grants = grants::of_token(&mut transaction, id, token.id).await?;
        drop(transaction);
        let Some(organization) = organization else {
            return Ok(None);
        };
        if token.last_used_at.is_none_or(|last| at - last >= TOUCH)
            && let Err(error) = self.touch_api_token(token.id, at).await
        {
            // The token is good all the same, also while the database only answers reads.
            tracing::debug!(%error, "a token's use was not noted");
        }
        let membership = Membership {
            organization,
            grants,
            seen_at: None,
        };
        Ok(Some(TokenAccess { token, membership }))
    }

    async fn touch_api_token(&self, id: ApiTokenId, at: OffsetDateTime) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)",
            id,
            Stamp(at),
        )?;
        Ok(transaction.commit().await?)
    }
}

async fn find(
    transaction: &mut Transaction,
    organization: OrganizationId,
    id: ApiTokenId,
) -> Result<Option<ApiToken>> {
    let row = fetch_optional!(
        transaction,
        Row,
        concat!(
            select_tokens!(),
            "WHERE api_tokens.organization = $1 AND api_tokens.id = $2"
        ),
        organization,
        id,
    )?;
    row.map(Row::read).transpose()
}

/// Which tokens to count: those of all service accounts, of one, or of a member.
enum Count {
    All,
    Account(ServiceAccountId),
    Member(UserId),
}

async fn count(change: &mut Change<'_>, which: Count) -> Result<i64> {
    let (sql, id) = match which {
        Count::All => (
            "SELECT count(*) FROM api_tokens \
             WHERE organization = $1 AND $2 IS NULL AND service_account IS NOT NULL",
            None,
        ),
        Count::Account(id) => (
            "SELECT count(*) FROM api_tokens WHERE organization = $1 AND service_account = $2",
            Some(id.as_uuid()),
        ),
        Count::Member(id) => (
            "SELECT count(*) FROM api_tokens WHERE organization = $1 AND owner = $2",
            Some(id.as_uuid()),
        ),
    };
    let organization = change.organization;
    let found = fetch_count!(&mut change.transaction, sql, organization, id)?;
    Ok(found)
}

async fn insert(change: &mut Change<'_>, new: NewApiToken) -> Result<(ApiToken, Secret)> {
    let mut checks = Checks::default();
    checks.name(&new.name);
    checks.done()?;
    let storage = change.storage;
    let at = truncate(change.by.at);
    let id = ApiTokenId::generate(at, storage.source());
    let authority = change.authority().await?;
    let (account, owner, at_most) = match new.bearer {
        NewTokenBearer::Member { user, at_most } => {
            require_own(change, user).await?;
            (None, Some(user), at_most)
        }
        NewTokenBearer::ServiceAccount(account) => {
            authority.require(Permission::ServiceAccountManage, &Scope::Organization)?;
            service_accounts::expect(change, account).await?;
            // Whoever holds the token has what the account has.
            let granted = service_accounts::granted(change, account).await?;
            authority.require_to_confer_each(&granted)?;
            (Some(account), None, None)
        }
        NewTokenBearer::Role(role, scope) => {
            let account = own_account(change, &authority, id, &new.name).await?;
            authority.require_to_confer(role.permissions(), &scope)?;
            let (storage, organization, at) = (change.storage, change.organization, change.by.at);
            let giving = Giving {
                grantee: Grantee::ServiceAccount(account),
                role: RoleChoice::BuiltIn(role),
                place: place(&mut change.transaction, organization, &scope).await?,
            };
            giving
                .insert(&mut change.transaction, storage.source(), organization, at)
                .await?;
            (Some(account), None, None)
        }
    };
    if account.is_some() {
        let count = count(change, Count::All).await?;
        check::limit(count, "apiTokens", storage.limits().api_tokens)?;
    }
    let secret = Secret::generate_checked("pbt_", storage.source());
    execute!(
        &mut change.transaction,
        "INSERT INTO api_tokens (id, organization, name, service_account, owner, at_most, hash, prefix, created_at, \
         expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        id,
        change.organization,
        new.name,
        account,
        owner,
        at_most.map(BuiltIn::as_str),
        secret.hash(),
        secret.display_prefix(),
        Stamp(at),
        new.expires_at.map(Stamp),
    )?;
    let what = Entity::ApiToken;
    let created = find(&mut change.transaction, change.organization, id).await?;
    let token = created.ok_or(Error::NotFound { what })?;
    let record = Record::of_organization("token.created", "token", &token.name);
    change.record(record, None, Some(document(&token)));
    Ok((token, secret))
}

/// A personal token is made by the person, who must be a member: it has what they have.
async fn require_own(change: &mut Change<'_>, user: UserId) -> Result<()> {
    let organization = change.organization;
    let what = Entity::Member;
    if !change.by.is_user(user)
        || !exists(&mut change.transaction, organization, Grantee::Member(user)).await?
    {
        return Err(Error::NotFound { what });
    }
    let count = count(change, Count::Member(user)).await?;
    check::limit(count, "personalTokens", MAX_PERSONAL_TOKENS)
}

/// Makes a service account for one token, with the token's id, which tells that it goes with it.
async fn own_account(
    change: &mut Change<'_>,
    authority: &Authority,
    token: ApiTokenId,
    name: &str,
) -> Result<ServiceAccountId> {
    authority.require(Permission::ServiceAccountManage, &Scope::Organization)?;
    let id = ServiceAccountId::from_uuid(token.as_uuid());
    let new = NewPrincipal {
        name: name.to_owned(),
        description: String::new(),
    };
    service_accounts::insert(change, id, new).await?;
    Ok(id)
}
