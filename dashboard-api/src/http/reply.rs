//! An answer as bytes: what is sent the first time, kept, and sent again.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, ETAG, HeaderValue};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::Tagged;
use crate::problem::Problem;

/// A JSON answer, already written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reply {
    /// 200 or 201.
    pub status: StatusCode,
    /// The entity tag, with its quotes.
    pub etag: Option<String>,
    /// JSON.
    pub body: Vec<u8>,
}

impl Reply {
    /// The answer to a request that created something without a version.
    pub(crate) fn created(body: &impl Serialize) -> Result<Self, Problem> {
        Self::new(StatusCode::CREATED, None, body)
    }

    /// The answer that holds a resource with its version.
    pub(crate) fn tagged<T: Serialize>(tagged: &Tagged<T>) -> Result<Self, Problem> {
        let etag = format!("\"{}\"", tagged.version);
        Self::new(tagged.status, Some(etag), &tagged.body)
    }

    fn new(
        status: StatusCode,
        etag: Option<String>,
        body: &impl Serialize,
    ) -> Result<Self, Problem> {
        let body = serde_json::to_vec(body).map_err(|error| {
            tracing::error!(%error, "cannot write a response as JSON");
            Problem::internal()
        })?;
        Ok(Self { status, etag, body })
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(etag) = self.etag.and_then(|etag| HeaderValue::try_from(etag).ok()) {
            headers.insert(ETAG, etag);
        }
        response
    }
}
