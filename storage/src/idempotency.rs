//! Requests that may be sent twice: what was answered the first time is answered again.

use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::database::{execute, fetch_optional};
use crate::error::{Error, Result};
use crate::stamp::Stamp;
use crate::storage::Storage;

/// How long an answer is kept.
pub const IDEMPOTENCY_LIFETIME: Duration = Duration::hours(24);

/// A key that claims a request, and for how long nobody else may when its answer never comes: the node may be gone.
pub(crate) const CLAIM: Duration = Duration::minutes(1);

/// What a client calls a request that it may repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose request it is: an organisation's or a user's identifier. Keys of different scopes never meet.
    pub scope: Uuid,
    /// As the client sent it.
    pub key: String,
    /// A SHA-256 of what makes the request: method, path and body.
    pub fingerprint: [u8; 32],
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// Nothing: it is the caller's to carry out, and then to [`Storage::finish_request`] or [`Storage::forget_request`].
    New,
    /// It is under way elsewhere.
    InProgress,
    /// It was answered.
    Answered {
        /// The HTTP status.
        status: u16,
        /// The response's body.
        body: Vec<u8>,
    },
}

#[derive(FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    status: Option<i64>,
    body: Option<Vec<u8>>,
}

impl Storage {
    /// Claims a request, or answers what became of it. A key used for another request is an error.
    ///
    /// Clears away what is older than [`IDEMPOTENCY_LIFETIME`], and claims that were never answered.
    pub async fn begin_request(
        &self,
        request: &IdempotencyKey,
        at: OffsetDateTime,
    ) -> Result<Idempotency> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "DELETE FROM idempotency_keys WHERE created_at <= $1 OR (status IS NULL AND created_at <= $2)",
            Stamp(at - IDEMPOTENCY_LIFETIME),
            Stamp(at - CLAIM),
        )?;
        let claimed = execute!(
            &mut transaction,
            "INSERT INTO idempotency_keys (scope, key, fingerprint, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
            request.scope,
            &request.key,
            &request.fingerprint[..],
            Stamp(at),
        )?;
        if claimed == 1 {
            transaction.commit().await?;
            return Ok(Idempotency::New);
        }
        let row = fetch_optional!(
            &mut transaction,
            Row,
            "SELECT fingerprint, status, body FROM idempotency_keys WHERE scope = $1 AND key = $2",
            request.scope,
            &request.key,
        )?;
        transaction.commit().await?;
        let Some(row) = row else {
            // It was forgotten between the two statements.
            return Ok(Idempotency::InProgress);
        };
        if row.fingerprint != request.fingerprint {
            return Err(Error::IdempotencyKeyReused);
        }
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        Ok(match (status, row.body) {
            (Some(status), Some(body)) => Idempotency::Answered { status, body },
            _ => Idempotency::InProgress,
        })
    }

    /// Keeps the answer to a claimed request. What is kept is readable in the database: leave secrets out of it.
    pub async fn finish_request(
        &self,
        request: &IdempotencyKey,
        status: u16,
        body: &[u8],
    ) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "UPDATE idempotency_keys SET status = $4, body = $5 WHERE scope = $1 AND key = $2 AND fingerprint = $3",
            request.scope,
            &request.key,
            &request.fingerprint[..],
            i64::from(status),
            body,
        )?;
        Ok(transaction.commit().await?)
    }

    /// Gives up a claim, so that the request can be sent again: after an answer that was not the request's fault.
    pub async fn forget_request(&self, request: &IdempotencyKey) -> Result<()> {
        let mut transaction = self.write().await?;
        execute!(
            &mut transaction,
            "DELETE FROM idempotency_keys WHERE scope = $1 AND key = $2 AND fingerprint = $3 AND status IS NULL",
            request.scope,
            &request.key,
            &request.fingerprint[..],
        )?;
        Ok(transaction.commit().await?)
    }
}
