//! Who asks: the key of a request, and the reasons to let nobody in.

use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use peekaboo_actors::{Access, Hub};
use peekaboo_protocol::CloseCode;
use peekaboo_storage::SdkKeyKind;

use super::cors::ForServers;

/// When to come back to a hub that cannot tell just now, in seconds.
pub(crate) const COME_BACK_AFTER: u64 = 5;

/// Why a request is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    NoKey,
    BadKey,
    Origin,
    Unavailable,
}

impl Refused {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoKey | Self::BadKey => StatusCode::UNAUTHORIZED,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::NoKey => "send an SDK key, as `Authorization: Bearer <key>`",
            Self::BadKey => {
                "no such key, or it was revoked or has expired: take one from the environment's keys in the dashboard"
            }
            Self::Origin => {
                "this page's origin is not on the key's list: add it to the key's origins in the dashboard"
            }
            Self::Unavailable => "the key cannot be looked up just now: ask again later",
        }
    }
}

/// The key of a request's headers.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// What the key opens to a request with these headers.
pub(crate) async fn enter(
    hub: &Hub,
    key: Option<&str>,
    headers: &HeaderMap,
) -> Result<Access, Refused> {
    let origin = headers
        .get(header::ORIGIN)
        .and_then(|origin| origin.to_str().ok());
    let access = hub.access(key.ok_or(Refused::NoKey)?, origin).await;
    access.map_err(|code| match code {
        CloseCode::InvalidKey | CloseCode::KeyRevoked => Refused::BadKey,
        CloseCode::ForbiddenOrigin => Refused::Origin,
        _ => Refused::Unavailable,
    })
}

/// The answer, which a page may not read where it was made for a server.
pub(crate) fn answer(access: &Access, mut response: Response) -> Response {
    if access.kind() == SdkKeyKind::Server {
        response.extensions_mut().insert(ForServers);
    }
    response
}
