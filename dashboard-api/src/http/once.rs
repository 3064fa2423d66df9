//! Requests that may be sent twice: `Idempotency-Key`.
//!
//! The answer is kept in the transaction that does the work, so that it is there whenever the work is done, whatever
//! crashes. Only success is kept: a request that was refused may be sent again.

use std::fmt::Debug;

use axum::http::StatusCode;
use axum::http::header::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use peekaboo_storage::{Answer, Answered, IdempotentRequest};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::reply::Reply;
use super::sealed::Seal;
use super::{Body, IdempotencyKey};
use crate::auth::Principal;
use crate::problem::Problem;

/// A request that has its effect once, however often it is sent under its key.
pub(crate) struct Once {
    request: peekaboo_storage::IdempotencyKey,
    seal: Seal,
}

/// An answer as it is kept, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    body: String,
}

impl Once {
    /// `what` is the operation and what its path names: the same key with another of either is another request. `None`
    /// for a request without a key.
    pub(crate) fn new<T>(
        principal: &Principal,
        IdempotencyKey { key }: IdempotencyKey,
        what: impl Debug,
        body: &Body<T>,
    ) -> Option<Self> {
        let key = key?;
        let fingerprint: [u8; 32] = Sha256::new()
            .chain_update(format!("{what:?}\0"))
            .chain_update(body.digest)
            .finalize()
            .into();
        let seal = Seal::new(principal.credential.secret(), &fingerprint);
        let request = peekaboo_storage::IdempotencyKey {
            scope: principal.id(),
            key,
            fingerprint,
        };
        Some(Self { request, seal })
    }

    /// What storage needs to know of it: the key, and how to make the answer of what was done.
    pub(crate) fn request<T: Clone + 'static>(
        &self,
        reply: impl FnOnce(T) -> Result<Reply, Problem> + Send + 'static,
    ) -> IdempotentRequest<T> {
        let seal = self.seal.clone();
        IdempotentRequest::new(self.request.clone(), move |done: &T| {
            let reply = reply(done.clone()).map_err(|problem| format!("{problem:?}"))?;
            let kept = Kept {
                etag: reply.etag,
                body: String::from_utf8(reply.body)?,
            };
            let body = seal
                .close(&serde_json::to_vec(&kept)?)
                .ok_or("the response cannot be encrypted")?;
            let status = reply.status.as_u16();
            Ok(Answer { status, body })
        })
    }

    /// Sends what was kept, the first time as every other time.
    pub(crate) fn respond<T>(&self, answered: Answered<T>) -> Result<Response, Problem> {
        let (answer, replayed) = match answered {
            Answered::First(_, answer) => (answer, false),
            Answered::Again(answer) => (answer, true),
        };
        let kept: Option<Kept> = self
            .seal
            .open(&answer.body)
            .and_then(|text| serde_json::from_slice(&text).ok());
        let (Some(kept), Ok(status)) = (kept, StatusCode::from_u16(answer.status)) else {
            return Err(Problem::conflict(
                "answered_before",
                "this request was already made with another credential, and its response may contain a secret that is only shown once; check whether it took effect",
            ));
        };
        let reply = Reply {
            status,
            etag: kept.etag,
            body: kept.body.into_bytes(),
        };
        let mut response = reply.into_response();
        if replayed {
            let headers = response.headers_mut();
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        Ok(response)
    }
}
