//! Why a request is turned away before anyone looks at what it asks for. OFREP's answers and problem documents each
//! have a form of their own for it; what they say is here.

use std::time::Duration;

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};

/// When to come back to a hub that cannot tell just now, in seconds.
const COME_BACK_AFTER: u64 = 5;

/// When to come back to where as much is open as may be: someone has to leave first.
const MADE_ROOM_AFTER: u64 = 30;

/// Why no one looks at a request.
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
    /// The key or its organization has reached the limit of connections.
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
    /// The body arrived too slowly.
    Late,
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
            Self::Late => StatusCode::REQUEST_TIMEOUT,
        }
    }

    pub(crate) fn advice(self) -> String {
        let advice = match self {
            Self::NoKey => "missing SDK key: send it as `Authorization: Bearer <key>`",
            Self::BadKey => {
                "unknown, revoked or expired SDK key: copy one from the environment's keys in the dashboard"
            }
            Self::Origin => {
                "this page's origin is not allowed for this key: add it to the key's origins in the dashboard"
            }
            Self::TooMany(_) => {
                "too many requests with this key: retry after the number of seconds in `Retry-After`, and send fewer requests"
            }
            Self::Full => {
                "this key or its organization has reached its limit of connections: close some, or ask an operator to raise the limit"
            }
            Self::Unavailable => "the hub cannot check this key at the moment: retry later",
            Self::TooLong { limit } => {
                return format!("the body is too large: send at most {limit} bytes");
            }
            Self::Broken => "the body is incomplete: send it again",
            Self::Late => "the body did not arrive in time: send it again",
        };
        advice.to_owned()
    }

    /// After how many seconds the same request may be answered.
    pub(crate) fn retry_after(self) -> Option<u64> {
        match self {
            Self::TooMany(wait) => Some(wait.as_secs() + 1),
            Self::Full => Some(MADE_ROOM_AFTER),
            Self::Unavailable => Some(COME_BACK_AFTER),
            Self::NoKey
            | Self::BadKey
            | Self::Origin
            | Self::TooLong { .. }
            | Self::Broken
            | Self::Late => None,
        }
    }
}

/// Adds what HTTP wants said next to the body: when to come back, and how to say who one is.
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
