//! Signed-in sessions: the browser holds the secret, the database its hash.

use sqlx::FromRow;
use time::{Duration, OffsetDateTime};

use crate::database::{Transaction, execute, fetch_optional};
use crate::error::Result;
use crate::secret::{Secret, SecretHash};
use crate::stamp::{Stamp, truncate};
use crate::storage::Storage;
use crate::users::user_columns;
use crate::{User, UserId};

/// How often, at most, using a session writes.
const TOUCH: Duration = Duration::minutes(1);

/// A session with the person that it signs in.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Session {
    /// Who is signed in.
    #[sqlx(flatten)]
    pub user: User,
    /// When they last did something, to a minute.
    pub seen_at: OffsetDateTime,
    /// When the session ends unless it is used before.
    pub expires_at: OffsetDateTime,
}

impl Storage {
    /// Signs a person in for `lifetime` from now; answers the secret for their cookie, which is kept nowhere else.
    pub async fn create_session(
        &self,
        user: UserId,
        at: OffsetDateTime,
        lifetime: Duration,
    ) -> Result<Secret> {
        let secret = Secret::generate("", self.source());
        let at = truncate(at);
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "INSERT INTO sessions (hash, user_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)",
            secret.hash(),
            user,
            Stamp(at),
            Stamp(at + lifetime),
        )?;
        transaction.commit().await?;
        Ok(secret)
    }

    /// The session of a secret, unless it has expired. Using it puts its end off to `lifetime` from now.
    pub async fn session(
        &self,
        secret: SecretHash,
        at: OffsetDateTime,
        lifetime: Duration,
    ) -> Result<Option<Session>> {
        let session = fetch_optional!(
            &mut self.read().await?,
            Session,
            concat!(
                "SELECT sessions.seen_at, sessions.expires_at, ",
                user_columns!(),
                " FROM sessions JOIN users ON users.id = sessions.user_id \
                 WHERE sessions.hash = $1 AND sessions.expires_at > $2"
            ),
            secret,
            Stamp(at),
        )?;
        if let Some(session) = &session
            && at - session.seen_at >= TOUCH
            && let Err(error) = self.touch_session(secret, at, lifetime).await
        {
            // The person is signed in all the same, also while the database only answers reads.
            tracing::debug!(%error, "a session was not put off");
        }
        Ok(session)
    }

    async fn touch_session(
        &self,
        secret: SecretHash,
        at: OffsetDateTime,
        lifetime: Duration,
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE hash = $1 AND seen_at < $2",
            secret,
            Stamp(at),
            Stamp(at + lifetime),
        )?;
        Ok(transaction.commit().await?)
    }

    /// Signs out. Answers whether there was a session.
    pub async fn delete_session(&self, secret: SecretHash) -> Result<bool> {
        let mut transaction = self.write().await?;
        let deleted = execute!(
            &mut transaction,
            "DELETE FROM sessions WHERE hash = $1",
            secret
        )?;
        transaction.commit().await?;
        Ok(deleted > 0)
    }

    /// Signs a person out everywhere, but for one session if they keep it; answers how many ended.
    pub async fn delete_sessions(&self, user: UserId, keep: Option<SecretHash>) -> Result<u64> {
        let mut transaction = self.write().await?;
        let deleted = execute!(
            &mut transaction,
            "DELETE FROM sessions WHERE user_id = $1 AND ($2 IS NULL OR hash <> $2)",
            user,
            keep,
        )?;
        transaction.commit().await?;
        Ok(deleted)
    }

    /// Deletes at most `limit` sessions that had expired before a time; answers how many. They signed nobody in any more.
    pub async fn forget_sessions(
        &self,
        transaction: &mut Transaction,
        before: OffsetDateTime,
        limit: u32,
    ) -> Result<u64> {
        let deleted = execute!(
            transaction,
            "DELETE FROM sessions WHERE hash IN (\
               SELECT hash FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)",
            Stamp(before),
            i64::from(limit),
        )?;
        Ok(deleted)
    }
}
