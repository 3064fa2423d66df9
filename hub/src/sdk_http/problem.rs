//! Problem documents (RFC 9457): the errors of the events and ruleset endpoints.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use super::refusal::{Refusal, advise};

/// An error that says how to fix it.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    pointer: Option<String>,
    retry_after: Option<u64>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            pointer: None,
            retry_after: None,
        }
    }

    /// The same, for one field of the body.
    pub(super) fn at(self, pointer: String) -> Self {
        Self {
            pointer: Some(pointer),
            ..self
        }
    }

    /// The same with another detail.
    pub(super) fn saying(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self {
            retry_after: refusal.retry_after(),
            ..Self::new(refusal.status(), refusal.advice())
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut document = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason(),
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        if let Some(pointer) = self.pointer {
            document["errors"] = json!([{ "pointer": pointer, "detail": self.detail }]);
        }
        let media = [(header::CONTENT_TYPE, "application/problem+json")];
        let response = (self.status, media, document.to_string()).into_response();
        advise(response, self.retry_after)
    }
}
