//! Requests that may be sent twice: `Idempotency-Key`.

use std::fmt::Debug;

use axum::body::{Body as HttpBody, to_bytes};
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::BoxFuture;
use peekaboo_storage::Idempotency;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::sealed::Seal;
use super::{Body, IdempotencyKey};
use crate::ApiState;
use crate::auth::Principal;
use crate::problem::Problem;

/// A request that is carried out once, however often it is sent under its key.
pub(crate) struct Once<'a> {
    state: &'a ApiState,
    claim: Option<Claim>,
}

struct Claim {
    request: peekaboo_storage::IdempotencyKey,
    seal: Seal,
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    etag: Option<String>,
    body: String,
}

impl<'a> Once<'a> {
    /// `what` is the operation and what its path names: the same key with another of either is another request.
    pub(crate) fn new<T>(
        state: &'a ApiState,
        principal: &Principal,
        IdempotencyKey { key }: IdempotencyKey,
        what: impl Debug,
        body: &Body<T>,
    ) -> Self {
        let claim = key.map(|key| {
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
            Claim { request, seal }
        });
        Self { state, claim }
    }

    /// Does the work, or answers what it answered before. Only success is kept: what was refused may be tried again.
    ///
    /// Work on the database makes large futures, so it comes boxed.
    pub(crate) async fn carry_out<R: IntoResponse>(
        self,
        work: BoxFuture<'_, Result<R, Problem>>,
    ) -> Result<Response, Problem> {
        let Some(claim) = self.claim else {
            return work.await.map(IntoResponse::into_response);
        };
        let storage = self.state.storage();
        match storage
            .begin_request(&claim.request, self.state.now())
            .await?
        {
            Idempotency::New => {}
            Idempotency::InProgress => {
                return Err(Problem::conflict(
                    "in_progress",
                    "a request with this Idempotency-Key is being carried out; ask again in a moment",
                ));
            }
            Idempotency::Answered { status, body } => return replay(&claim, status, &body),
        }
        match work.await {
            Ok(answer) => Ok(keep(self.state, &claim, answer.into_response()).await),
            Err(problem) => {
                if let Err(error) = storage.forget_request(&claim.request).await {
                    tracing::debug!(%error, "a refused request stays claimed for a minute");
                }
                Err(problem)
            }
        }
    }
}

/// Keeps an answer. The work is done and committed by now, so a failure here costs the replay and not the answer.
async fn keep(state: &ApiState, claim: &Claim, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::internal().into_response();
    };
    let etag = parts.headers.get(ETAG).and_then(|tag| tag.to_str().ok());
    let kept = Kept {
        etag: etag.map(str::to_owned),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    };
    let sealed = serde_json::to_vec(&kept)
        .ok()
        .and_then(|text| claim.seal.close(&text));
    if let Some(sealed) = sealed {
        let status = parts.status.as_u16();
        if let Err(error) = state
            .storage()
            .finish_request(&claim.request, status, &sealed)
            .await
        {
            tracing::warn!(%error, "an answer could not be kept for a repeated request");
        }
    }
    Response::from_parts(parts, HttpBody::from(bytes))
}

fn replay(claim: &Claim, status: u16, sealed: &[u8]) -> Result<Response, Problem> {
    let kept: Option<Kept> = claim
        .seal
        .open(sealed)
        .and_then(|text| serde_json::from_slice(&text).ok());
    let (Some(kept), Ok(status)) = (kept, StatusCode::from_u16(status)) else {
        return Err(Problem::conflict(
            "answered_before",
            "this was done before, under another sign-in, and may hold a secret that is shown only once; look for what it made",
        ));
    };
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
    if let Some(etag) = kept.etag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
        headers.insert(ETAG, etag);
    }
    Ok((status, headers, kept.body).into_response())
}
