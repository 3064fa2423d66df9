//! Requests that may be sent twice: the second one gets the answer of the first.
//!
//! The claim, the effect and the answer commit in one transaction, so a crash leaves all of them or none. Claiming comes
//! first: a duplicate waits until the first request commits, and then reads its answer, or fails, and then takes its
//! place.

use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::database::{Transaction, execute, fetch_optional};
use crate::error::{BoxError, Error, Result};
use crate::stamp::Stamp;

/// How long an answer is given again.
pub const IDEMPOTENCY_LIFETIME: Duration = Duration::hours(24);

/// What a client calls a request that it may repeat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Whose request it is: the identifier of a person or a token. Keys of different scopes never meet.
    pub scope: Uuid,
    /// As the client sent it.
    pub key: String,
    /// A SHA-256 of what makes the request: method, path and body.
    pub fingerprint: [u8; 32],
}

/// The answer to a request, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The response's body. It is readable in the database: seal what holds secrets.
    pub body: Vec<u8>,
}

/// Makes the answer to an effect of type `T`.
type MakeAnswer<T> = Box<dyn FnOnce(&T) -> Result<Answer, BoxError> + Send>;

/// A request that has an effect of type `T` once, however often it is sent.
pub struct IdempotentRequest<T> {
    pub(crate) key: IdempotencyKey,
    answer: MakeAnswer<T>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answered<T> {
    /// It was carried out now.
    First(T, Answer),
    /// It was carried out before, and answered like this.
    Again(Answer),
}

impl IdempotencyKey {
    /// Claims the request before anything else of its transaction, or finds the answer that it got.
    pub(crate) async fn claim(
        &self,
        transaction: &mut Transaction,
        at: OffsetDateTime,
    ) -> Result<Option<Answer>> {
        #[derive(FromRow)]
        struct Row {
            fingerprint: Vec<u8>,
            status: Option<i64>,
            body: Option<Vec<u8>>,
        }
        // Waits for another transaction that inserted the row. A claim without an answer is one that a version before
        // this left behind when it crashed.
        let claimed = execute!(
            transaction,
            "INSERT INTO idempotency_keys (scope, key, fingerprint, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (scope, key) DO UPDATE \
             SET fingerprint = excluded.fingerprint, created_at = excluded.created_at, status = NULL, body = NULL \
             WHERE idempotency_keys.created_at <= $5 OR idempotency_keys.status IS NULL",
            self.scope,
            &self.key,
            &self.fingerprint[..],
            Stamp(at),
            Stamp(at - IDEMPOTENCY_LIFETIME),
        )?;
        if claimed == 1 {
            return Ok(None);
        }
        let row = fetch_optional!(
            transaction,
            Row,
            "SELECT fingerprint, status, body FROM idempotency_keys WHERE scope = $1 AND key = $2",
            self.scope,
            &self.key,
        )?;
        let Some(row) = row else {
            // Cleared away between the two statements, a day after it was answered.
            return Err(Error::Unavailable("the request has just expired".into()));
        };
        if row.fingerprint != self.fingerprint {
            return Err(Error::IdempotencyKeyReused);
        }
        let status = row.status.and_then(|status| u16::try_from(status).ok());
        match (status, row.body) {
            (Some(status), Some(body)) => Ok(Some(Answer { status, body })),
            _ => Err(Error::Corrupt("an answered request has no answer".into())),
        }
    }
}

impl<T> IdempotentRequest<T> {
    /// A request, with the function that makes its answer. That is called within the transaction; if it fails, nothing
    /// is committed.
    pub fn new(
        key: IdempotencyKey,
        answer: impl FnOnce(&T) -> Result<Answer, BoxError> + Send + 'static,
    ) -> Self {
        IdempotentRequest {
            key,
            answer: Box::new(answer),
        }
    }

    /// Keeps the answer to what the transaction has done, which is then to be committed.
    pub(crate) async fn keep(self, transaction: &mut Transaction, effect: &T) -> Result<Answer> {
        let answer = (self.answer)(effect).map_err(Error::Unanswerable)?;
        execute!(
            transaction,
            "UPDATE idempotency_keys SET status = $3, body = $4 WHERE scope = $1 AND key = $2",
            self.key.scope,
            &self.key.key,
            i64::from(answer.status),
            &answer.body,
        )?;
        Ok(answer)
    }
}
