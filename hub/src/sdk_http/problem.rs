//! Problem documents (RFC 9457): how events and the ruleset are refused.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use serde_json::json;

use super::{
    body::{MAX_BODY, Unread},
    entrance::{COME_BACK_AFTER, Refused},
};

/// A refusal that says what to do.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    detail: String,
    pointer: Option<String>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
            pointer: None,
        }
    }

    /// The same, about one place in the body.
    pub(super) fn at(self, pointer: String) -> Self {
        Self {
            pointer: Some(pointer),
            ..self
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::new(refused.status(), refused.advice())
    }
}

impl From<Unread> for Problem {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLong => Self::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                format!("a body is at most {MAX_BODY} bytes: send smaller batches"),
            ),
            Unread::Broken => Self::new(
                StatusCode::BAD_REQUEST,
                "the body ended early: send it again",
            ),
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
        let mut response = (self.status, media, document.to_string()).into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, COME_BACK_AFTER.into());
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                http::HeaderValue::from_static("Bearer"),
            );
        }
        response
    }
}
