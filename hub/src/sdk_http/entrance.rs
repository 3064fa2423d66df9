//! Who asks: the key of a request, and what it opens.

use axum::response::Response;
use http::{HeaderMap, header};
use peekaboo_actors::{Access, Hub};
use peekaboo_protocol::CloseCode;
use peekaboo_storage::SdkKeyKind;

use super::{cors::ForServers, refusal::Refusal};

/// The key of a request's headers.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, key) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The page's origin, where a browser sent one.
pub(crate) fn origin(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::ORIGIN)?.to_str().ok()
}

/// What the key opens to a request with these headers.
pub(crate) async fn enter(
    hub: &Hub,
    key: Option<&str>,
    headers: &HeaderMap,
) -> Result<Access, Refusal> {
    let access = hub.access(key.ok_or(Refusal::NoKey)?, origin(headers));
    access.await.map_err(refusal_of)
}

/// What a stream would be closed for, as a request is refused for it.
fn refusal_of(code: CloseCode) -> Refusal {
    match code {
        CloseCode::InvalidKey | CloseCode::KeyRevoked => Refusal::BadKey,
        CloseCode::ForbiddenOrigin => Refusal::Origin,
        _ => Refusal::Unavailable,
    }
}

/// The answer, which a page may not read where it was made for a server.
pub(crate) fn answer(access: &Access, mut response: Response) -> Response {
    if access.kind() == SdkKeyKind::Server {
        response.extensions_mut().insert(ForServers);
    }
    response
}
