//! Signed-in sessions: the browser holds the secret, the database its hash.

use std::fmt;
use std::str::FromStr;

use serde_json::json;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::acts::{Act, Looks};
use crate::database::{Transaction, delete_oldest, execute, fetch_all, fetch_optional};
use crate::error::{Entity, Error, Result};
use crate::secret::{Secret, SecretHash};
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;
use crate::users::{self, user_columns};
use crate::{Attribution, IdentityId, Origin, User, UserId};

/// How often, at most, using a session writes.
const TOUCH: Duration = Duration::minutes(1);

/// How long sessions last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionLifetime {
    /// Without being used.
    pub idle: Duration,
    /// However much they are used.
    pub absolute: Duration,
}

/// Who signs in, from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// The person.
    pub user: UserId,
    /// How they showed who they are; none for their password.
    pub identity: Option<IdentityId>,
    /// From where.
    pub origin: Origin,
}

impl NewSession {
    /// A session that was begun with a password, from nowhere in particular.
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            identity: None,
            origin: Origin::default(),
        }
    }
}

/// A session with the person that it signs in.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Who is signed in.
    #[sqlx(flatten)]
    pub user: User,
    /// How they showed who they are; none for their password.
    pub identity: Option<IdentityId>,
    /// When they last did something, to a minute.
    pub seen_at: OffsetDateTime,
    /// When the session ends unless it is used before.
    pub expires_at: OffsetDateTime,
    /// When it ends in any case; none for one that an older version made.
    pub ends_at: Option<OffsetDateTime>,
    /// Whether the person has a second factor.
    pub second_factor: bool,
}

/// A session as its owner sees it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEntry {
    /// Names it; nobody can sign in with it.
    pub id: SessionId,
    /// The address that it was begun from.
    pub address: Option<String>,
    /// The browser that it was begun with.
    pub user_agent: Option<String>,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// When it was last used, to a minute.
    pub seen_at: OffsetDateTime,
    /// When it ends unless it is used before.
    pub expires_at: OffsetDateTime,
}

/// Names a session: the first half of its secret's hash, from which nobody gets to the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionId(Uuid);

impl SessionId {
    /// Of the session with this secret.
    pub fn of(secret: SecretHash) -> Self {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&secret.as_bytes()[..16]);
        Self(Uuid::from_bytes(bytes))
    }

    /// Takes one from a path.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The bare identifier.
    pub const fn as_uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for SessionId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::from_str(text).map(Self)
    }
}

impl Storage {
    /// Signs a person in; returns the secret for their cookie, which is kept nowhere else.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such person.
    pub async fn create_session(
        &self,
        new: NewSession,
        at: OffsetDateTime,
        lifetime: SessionLifetime,
    ) -> Result<Secret> {
        let secret = Secret::generate("", self.source());
        let at = truncate(at);
        let ends_at = at + lifetime.absolute;
        let mut transaction = self.write().await?;
        let what = Entity::User;
        let user = users::find(&mut transaction, new.user).await?;
        let user = user.ok_or(Error::NotFound { what })?;
        execute!(
            &mut transaction,
            "INSERT INTO sessions (hash, user_id, identity, address, user_agent, created_at, seen_at, expires_at, ends_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
            secret.hash(),
            new.user,
            new.identity,
            &new.origin.address,
            &new.origin.user_agent,
            Stamp(at),
            Stamp((at + lifetime.idle).min(ends_at)),
            Stamp(ends_at),
        )?;
        let origin = Origin {
            session: Some(SessionId::of(secret.hash()).as_uuid()),
            ..new.origin
        };
        let by = Attribution::user(user.id, &user.name, at).from(origin);
        Act::new("member.signedIn")
            .record(&mut transaction, self.source(), &user, &by)
            .await?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// Records that somebody failed to sign in as a person.
    pub async fn record_failed_sign_in(
        &self,
        user: &User,
        reason: &'static str,
        origin: Origin,
        at: OffsetDateTime,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        let details = json!({ "reason": reason });
        // Nobody knows who it was.
        let by = Attribution::system("unknown", at).from(origin);
        Act::with("member.signInFailed", details)
            .record(&mut transaction, self.source(), user, &by)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The session of a secret, unless it has expired. Using it puts its end off.
    pub async fn session(
        &self,
        secret: SecretHash,
        at: OffsetDateTime,
        lifetime: SessionLifetime,
    ) -> Result<Option<Session>> {
        let session = fetch_optional!(
            &mut self.read().await?,
            Session,
            concat!(
                "SELECT sessions.identity, sessions.seen_at, sessions.expires_at, sessions.ends_at, \
                 (second_factors.confirmed_at IS NOT NULL) AS second_factor, ",
                user_columns!(),
                " FROM sessions JOIN users ON users.id = sessions.user_id \
                 LEFT JOIN second_factors ON second_factors.user_id = users.id \
                 WHERE sessions.hash = $1 AND sessions.expires_at > $2"
            ),
            secret,
            Stamp(at),
        )?;
        if let Some(session) = &session
            && at - session.seen_at >= TOUCH
            && let Err(error) = self.touch_session(secret, session, at, lifetime).await
        {
            // The person is signed in all the same, also while the database only answers reads.
            tracing::debug!(%error, "a session was not put off");
        }
        Ok(session)
    }

    async fn touch_session(
        &self,
        secret: SecretHash,
        session: &Session,
        at: OffsetDateTime,
        lifetime: SessionLifetime,
    ) -> Result<()> {
        let put_off = at + lifetime.idle;
        let expires_at = session
            .ends_at
            .map_or(put_off, |ends_at| put_off.min(ends_at));
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE hash = $1 AND seen_at < $2",
            secret,
            Stamp(at),
            Stamp(expires_at),
        )?;
        Ok(transaction.commit().await?)
    }

    /// The sessions of a person that have not expired, the one used last first.
    pub async fn sessions(&self, user: UserId, at: OffsetDateTime) -> Result<Vec<SessionEntry>> {
        #[derive(FromRow)]
        struct Row {
            hash: SecretHash,
            address: Option<String>,
            user_agent: Option<String>,
            created_at: OffsetDateTime,
            seen_at: OffsetDateTime,
            expires_at: OffsetDateTime,
        }
        let rows = fetch_all!(
            &mut self.read().await?,
            Row,
            "SELECT hash, address, user_agent, created_at, seen_at, expires_at FROM sessions \
             WHERE user_id = $1 AND expires_at > $2 ORDER BY seen_at DESC, hash",
            user,
            Stamp(at),
        )?;
        let entries = rows.into_iter().map(|row| SessionEntry {
            id: SessionId::of(row.hash),
            address: row.address,
            user_agent: row.user_agent,
            created_at: row.created_at,
            seen_at: row.seen_at,
            expires_at: row.expires_at,
        });
        Ok(entries.collect())
    }

    /// Signs out: what the session followed ends on every node. Returns whether there was a session.
    pub async fn delete_session(&self, secret: SecretHash) -> Result<bool> {
        #[derive(FromRow)]
        struct Row {
            user_id: UserId,
        }
        let mut transaction = self.write().await?;
        let deleted = fetch_optional!(
            &mut transaction,
            Row,
            "DELETE FROM sessions WHERE hash = $1 RETURNING user_id",
            secret,
        )?;
        let Some(Row { user_id }) = deleted else {
            return Ok(false);
        };
        let looks = Looks::at_organizations_of(&mut transaction, user_id).await?;
        transaction.commit().await?;
        looks.announce(self);
        Ok(true)
    }

    /// Ends one of a person's own sessions. What it followed ends on every node.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the person has no such session, whether or not another has.
    pub async fn end_session(&self, user: UserId, id: SessionId, by: &Attribution) -> Result<()> {
        #[derive(FromRow)]
        struct Row {
            hash: SecretHash,
        }
        let mut transaction = self.write().await?;
        let rows = fetch_all!(
            &mut transaction,
            Row,
            "SELECT hash FROM sessions WHERE user_id = $1",
            user
        )?;
        let found = rows.iter().find(|row| SessionId::of(row.hash) == id);
        let what = Entity::Session;
        let row = found.ok_or(Error::NotFound { what })?;
        execute!(
            &mut transaction,
            "DELETE FROM sessions WHERE hash = $1",
            row.hash
        )?;
        self.finish_ending(transaction, user, by).await
    }

    /// Ends every session of a person but one; returns how many ended.
    pub async fn end_other_sessions(
        &self,
        user: UserId,
        keep: SecretHash,
        by: &Attribution,
    ) -> Result<u64> {
        let mut transaction = self.write().await?;
        let ended = delete_others(&mut transaction, user, Some(keep)).await?;
        self.finish_ending(transaction, user, by).await?;
        Ok(ended)
    }

    async fn finish_ending(
        &self,
        mut transaction: Transaction,
        user: UserId,
        by: &Attribution,
    ) -> Result<()> {
        let Some(user) = users::find(&mut transaction, user).await? else {
            return Ok(transaction.commit().await?);
        };
        let act = Act::new("member.sessionsEnded");
        self.finish(transaction, user, act, by).await?;
        Ok(())
    }

    /// Deletes at most `limit` sessions that had expired before a time; answers how many. They signed nobody in any more.
    pub async fn forget_sessions(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let sql = "DELETE FROM sessions WHERE hash IN (\
               SELECT hash FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)";
        Ok(delete_oldest(transaction, sql, before, limit).await?)
    }
}

/// Deletes a person's sessions, but for one if it is kept; returns how many.
pub(crate) async fn delete_others(
    transaction: &mut Transaction,
    user: UserId,
    keep: Option<SecretHash>,
) -> Result<u64> {
    let deleted = execute!(
        transaction,
        "DELETE FROM sessions WHERE user_id = $1 AND ($2 IS NULL OR hash <> $2)",
        user,
        keep,
    )?;
    Ok(deleted)
}
