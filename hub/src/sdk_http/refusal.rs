//! Why a request is turned away before anybody looks at what it asks for. OFREP's answers and problem documents each
//! have a form of their own for it; what they say is here.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// When to come back to a hub that cannot tell just now, in seconds.
const COME_BACK_AFTER: u64 = 5;

/// When to come back to where as much is open as may be: somebody has to leave first.
const MADE_ROOM_AFTER: u64 = 30;

/// Why nobody looks at a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It names no key.
    NoKey,
    /// Its key opens nothing, or nothing any more.
    BadKey,
    /// Its page may not use the key.
    Origin,
    /// Its key asks more often than one may; after so long there is room for it.
    TooMany(Duration),
    /// Its key or organization has as many connections as one may.
    Full,
    /// The hub cannot tell whose key it is, or has no room just now.
    Unavailable,
    /// Its body is longer than a body may be.
    TooLong {
        /// In bytes.
        limit: usize,
    },
    /// Its body ended early.
    Broken,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoKey | Self::BadKey => StatusCode::UNAUTHORIZED,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::TooMany(_) | Self::Full => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Broken => StatusCode::BAD_REQUEST,
        }
    }

    pub(crate) fn advice(self) -> String {
        let advice = match self {
            Self::NoKey => "send an SDK key, as `Authorization: Bearer <key>`",
            Self::BadKey => {
                "no such key, or it was revoked or has expired: take one from the environment's keys in the dashboard"
            }
            Self::Origin => {
                "this page's origin is not on the key's list: add it to the key's origins in the dashboard"
            }
            Self::TooMany(_) => {
                "this key asks more often than one may: ask again after the seconds of `Retry-After`, and less often"
            }
            Self::Full => {
                "this key or its organization has as many connections as one may: close some, or ask an operator for more"
            }
            Self::Unavailable => "the hub cannot tell just now: ask again later",
            Self::TooLong { limit } => {
                return format!("a body is at most {limit} bytes: send a smaller one");
            }
            Self::Broken => "the body ended early: send it again",
        };
        advice.to_owned()
    }

    /// After how many seconds the same request may be answered.
    pub(crate) fn retry_after(self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs() + 1),
            Self::Full => Some(MADE_ROOM_AFTER),
            Self::Unavailable => Some(COME_BACK_AFTER),
            Self::NoKey | Self::BadKey | Self::Origin | Self::TooLong { .. } | Self::Broken => None,
        }
    }
}

/// Adds what HTTP wants said beside the body: when to come back, and how to say who one is.
pub(crate) fn advise(mut response: Response, retry_after: Option<u64>) -> Response {
    let is_unauthorized = response.status() == StatusCode::UNAUTHORIZED;
    let headers = response.headers_mut();
    if let Some(seconds) = retry_after {
        headers.insert(header::RETRY_AFTER, seconds.into());
    }
    if is_unauthorized {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
