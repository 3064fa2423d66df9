//! Authenticates a request: its key, and the access that the key gives.

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

/// The page's origin, if a browser sent one.
///
/// A same-origin request has no `Origin`; the browser then says so in `Sec-Fetch-Site`, and the page is in `Referer`.
pub(crate) fn origin(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name)?.to_str().ok();
    if let Some(origin) = text(header::ORIGIN) {
        return Some(origin);
    }
    let page = text(header::REFERER)?;
    let is_own = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "same-origin");
    let authority = page.find("://")? + 3;
    let end = page[authority..].find('/')? + authority;
    is_own.then_some(&page[..end])
}

/// The access of a key for a request with these headers.
pub(crate) async fn enter(
    hub: &Hub,
    key: Option<&str>,
    headers: &HeaderMap,
) -> Result<Access, Refusal> {
    let access = hub.access(key.ok_or(Refusal::NoKey)?, origin(headers));
    admit(access.await)
}

/// The same for a ticket of an event stream.
pub(crate) async fn enter_by_ticket(
    hub: &Hub,
    ticket: &str,
    headers: &HeaderMap,
) -> Result<Access, Refusal> {
    let access = hub.access_by_ticket(ticket, origin(headers));
    admit(access.await)
}

/// Counts a request against its key's rate.
fn admit(access: Result<Access, CloseCode>) -> Result<Access, Refusal> {
    let access = access?;
    access.admit().map_err(Refusal::TooMany)?;
    Ok(access)
}

impl From<CloseCode> for Refusal {
    /// Converts the close code of a stream to the refusal of a request.
    fn from(code: CloseCode) -> Self {
        match code {
            CloseCode::InvalidKey | CloseCode::KeyRevoked => Self::BadKey,
            CloseCode::ForbiddenOrigin => Self::Origin,
            CloseCode::TooManyConnections => Self::Full,
            _ => Self::Unavailable,
        }
    }
}

/// The response. Pages cannot read it if it is for a server key.
pub(crate) fn answer(access: &Access, mut response: Response) -> Response {
    if access.kind() == SdkKeyKind::Server {
        response.extensions_mut().insert(ForServers);
    }
    response
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn origin_of(given: &[(&'static str, &'static str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in given {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        origin(&headers).map(str::to_owned)
    }

    #[test]
    fn a_page_on_the_hubs_own_origin_is_known_by_what_the_browser_says() {
        let page = ("referer", "https://shop.example.com/cart?id=1");
        let own = ("sec-fetch-site", "same-origin");
        let shop = Some("https://shop.example.com".to_owned());
        assert_eq!(origin_of(&[own, page]), shop);
        assert_eq!(origin_of(&[("origin", "https://shop.example.com")]), shop);
        assert_eq!(origin_of(&[page]), None, "anybody may send that");
        assert_eq!(origin_of(&[("sec-fetch-site", "cross-site"), page]), None);
        assert_eq!(origin_of(&[own, ("referer", "nonsense")]), None);
    }
}
