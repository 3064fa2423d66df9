//! Tokens by which machines use the admin API.

use serde_json::{Value, json};
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use crate::audit_record::Record;
use crate::check::{self, Checks};
use crate::database::{execute, fetch_all, fetch_one, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::idempotency::{Answered, IdempotentRequest};
use crate::page::{Cursor, List, Page};
use crate::secret::{Secret, SecretHash};
use crate::stamp::{Stamp, truncate};
use crate::storage::{Change, Storage};
use crate::{ApiTokenId, Attribution, OrganizationId, Role};

/// How often, at most, using a token writes.
const TOUCH: Duration = Duration::minutes(1);

/// A token; its secret is seen once, when it is made.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ApiToken {
    /// Identifies it.
    pub id: ApiTokenId,
    /// What it opens.
    pub organization: OrganizationId,
    /// For people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// Its first characters.
    pub prefix: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when on it opens nothing.
    pub expires_at: Option<OffsetDateTime>,
    /// When it was last used, to a minute.
    pub last_used_at: Option<OffsetDateTime>,
}

/// A token to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApiToken {
    /// For people.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// From when on it opens nothing.
    pub expires_at: Option<OffsetDateTime>,
}

/// The columns of [`ApiToken`].
macro_rules! api_token_columns {
    () => {
        "id, organization, name, role, prefix, created_at, expires_at, last_used_at"
    };
}

impl ApiToken {
    fn document(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "role": self.role, "prefix": self.prefix })
    }

    fn record(&self, action: &'static str) -> Record<'_> {
        Record {
            action,
            project: None,
            environment: None,
            kind: "token",
            key: &self.name,
            restored: None,
        }
    }
}

impl Storage {
    /// An organisation's tokens, newest first.
    pub async fn api_tokens(
        &self,
        organization: OrganizationId,
        page: &Page,
    ) -> Result<List<ApiToken>> {
        let after: Option<ApiTokenId> = page.cursor()?;
        let tokens = fetch_all!(
            &mut self.read().await?,
            ApiToken,
            concat!(
                "SELECT ",
                api_token_columns!(),
                " FROM api_tokens WHERE organization = $1 AND ($2 IS NULL OR id < $2) ORDER BY id DESC LIMIT $3"
            ),
            organization,
            after,
            page.fetch(),
        )?;
        Ok(page.list(tokens, |token| Cursor::of(&token.id)))
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
        let mut transaction = self.write().await?;
        if let Some(answer) = request.key.claim(&mut transaction, by.at).await? {
            return Ok(Answered::Again(answer));
        }
        let mut change = self.change_in(transaction, organization, by).await?;
        let created = insert(&mut change, new).await?;
        let answer = request.keep(&mut change.transaction, &created).await?;
        change.commit().await?;
        Ok(Answered::First(created, answer))
    }

    /// Deletes a token: it opens nothing any more.
    pub async fn revoke_api_token(
        &self,
        organization: OrganizationId,
        id: ApiTokenId,
        by: &Attribution,
    ) -> Result<()> {
        let mut change = self.change(organization, by).await?;
        let token = fetch_optional!(
            &mut change.transaction,
            ApiToken,
            concat!(
                "DELETE FROM api_tokens WHERE organization = $1 AND id = $2 RETURNING ",
                api_token_columns!()
            ),
            organization,
            id,
        )?;
        let what = Entity::ApiToken;
        let token = token.ok_or(Error::NotFound { what })?;
        let record = token.record("token.revoked");
        change.record(record, Some(token.document()), None).await?;
        change.commit().await
    }

    /// The token that a presented secret is, unless it has expired. Notes its use, at most once a minute.
    pub async fn find_api_token(
        &self,
        hash: SecretHash,
        at: OffsetDateTime,
    ) -> Result<Option<ApiToken>> {
        let token = fetch_optional!(
            &mut self.read().await?,
            ApiToken,
            concat!(
                "SELECT ",
                api_token_columns!(),
                " FROM api_tokens WHERE hash = $1 AND (expires_at IS NULL OR expires_at > $2)"
            ),
            hash,
            Stamp(at),
        )?;
        if let Some(token) = &token
            && token.last_used_at.is_none_or(|last| at - last >= TOUCH)
            && let Err(error) = self.touch_api_token(token.id, at).await
        {
            // The token is good all the same, also while the database only answers reads.
            tracing::debug!(%error, "a token's use was not noted");
        }
        Ok(token)
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

async fn insert(change: &mut Change<'_>, new: NewApiToken) -> Result<(ApiToken, Secret)> {
    #[derive(FromRow)]
    struct Count {
        count: i64,
    }
    let mut checks = Checks::default();
    checks.name(&new.name);
    checks.done()?;
    let storage = change.storage;
    let count = fetch_one!(
        &mut change.transaction,
        Count,
        "SELECT count(*) AS count FROM api_tokens WHERE organization = $1",
        change.organization,
    )?;
    check::limit(count.count, "apiTokens", storage.limits().api_tokens)?;
    let at = truncate(change.by.at);
    let secret = Secret::generate("pbt_", storage.source());
    let token = fetch_one!(
        &mut change.transaction,
        ApiToken,
        concat!(
            "INSERT INTO api_tokens (id, organization, name, role, hash, prefix, created_at, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ",
            api_token_columns!()
        ),
        ApiTokenId::generate(at, storage.source()),
        change.organization,
        new.name,
        new.role,
        secret.hash(),
        secret.display_prefix(),
        Stamp(at),
        new.expires_at.map(Stamp),
    )?;
    let record = token.record("token.created");
    change.record(record, None, Some(token.document())).await?;
    Ok((token, secret))
}
