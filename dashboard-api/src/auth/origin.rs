//! Whether a request that changes something came from the dashboard, or from another site in a browser that holds the
//! dashboard's cookie.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, or at least `Origin`. A bearer token is exempt, for no
//! site can make a browser send one. Beside this stands the cookie's `SameSite=Lax`.

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, HOST, ORIGIN};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::ApiState;
use crate::problem::Problem;

/// Refuses requests of other sites, before anything is read of them.
pub(crate) async fn refuse_other_sites(
    State(state): State<ApiState>,
    request: Request,
    next: Next,
) -> Response {
    match check(
        request.method(),
        request.headers(),
        state.config().public_url.as_deref(),
    ) {
        Ok(()) => next.run(request).await,
        Err(detail) => Problem::forbidden(detail).into_response(),
    }
}

fn check(
    method: &Method,
    headers: &HeaderMap,
    public_url: Option<&str>,
) -> Result<(), &'static str> {
    if method.is_safe() || headers.contains_key(AUTHORIZATION) {
        return Ok(());
    }
    if let Some(site) = headers.get("sec-fetch-site") {
        return match site.as_bytes() {
            b"same-origin" | b"none" => Ok(()),
            _ => Err(
                "the request came from another site; only the dashboard's own pages can make changes",
            ),
        };
    }
    if let Some(origin) = headers.get(ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        let host = headers.get(HOST).and_then(|host| host.to_str().ok());
        return if is_own(origin, host, public_url) {
            Ok(())
        } else {
            Err(
                "the request's Origin is not the dashboard's URL; if the URL changed, set dashboard.public_url",
            )
        };
    }
    // No browser leaves out both. A program that holds no cookie signs in this way; one that holds a cookie says where
    // it stands.
    if headers.contains_key(COOKIE) {
        return Err("a request with a session cookie needs Sec-Fetch-Site or Origin");
    }
    Ok(())
}

fn is_own(origin: &str, host: Option<&str>, public_url: Option<&str>) -> bool {
    if let Some(url) = public_url {
        return origin.eq_ignore_ascii_case(origin_of(url));
    }
    let Some(host) = host else { return false };
    ["http://", "https://"].iter().any(|scheme| {
        origin
            .strip_prefix(scheme)
            .is_some_and(|authority| authority.eq_ignore_ascii_case(host))
    })
}

/// `https://flags.example.com/somewhere` → `https://flags.example.com`
fn origin_of(url: &str) -> &str {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let end = url[authority..]
        .find('/')
        .map_or(url.len(), |at| authority + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn try_post(headers: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        check(&Method::POST, &headers, public_url).is_ok()
    }

    const COOKIE: (&str, &str) = ("cookie", "peekaboo_session=x");

    #[test]
    fn the_dashboards_own_pages_may_write() {
        assert!(try_post(&[COOKIE, ("sec-fetch-site", "same-origin")], None));
        assert!(try_post(&[COOKIE, ("sec-fetch-site", "none")], None));
        let old_browser = [
            COOKIE,
            ("origin", "http://flags:3000"),
            ("host", "flags:3000"),
        ];
        assert!(try_post(&old_browser, None));
    }

    #[test]
    fn other_sites_may_not() {
        assert!(!try_post(&[COOKIE, ("sec-fetch-site", "cross-site")], None));
        assert!(!try_post(&[COOKIE, ("sec-fetch-site", "same-site")], None));
        let host = ("host", "flags:3000");
        assert!(!try_post(&[COOKIE, ("origin", "http://evil"), host], None));
        assert!(!try_post(&[COOKIE, ("origin", "null"), host], None));
        assert!(!try_post(&[COOKIE, host], None));
    }

    #[test]
    fn a_site_that_says_it_is_the_dashboard_in_one_header_is_still_told_by_the_other() {
        let headers = [
            COOKIE,
            ("sec-fetch-site", "cross-site"),
            ("origin", "http://flags:3000"),
            ("host", "flags:3000"),
        ];
        assert!(!try_post(&headers, None));
    }

    #[test]
    fn signing_in_from_another_site_is_refused_too() {
        assert!(!try_post(&[("sec-fetch-site", "cross-site")], None));
    }

    #[test]
    fn a_program_without_a_cookie_may_sign_in() {
        assert!(try_post(&[("host", "flags:3000")], None));
    }

    #[test]
    fn a_configured_url_is_the_only_origin() {
        let url = Some("https://flags.example.com/dashboard");
        assert!(try_post(
            &[COOKIE, ("origin", "https://flags.example.com")],
            url
        ));
        assert!(!try_post(
            &[COOKIE, ("origin", "http://flags.example.com")],
            url
        ));
        let internal = [COOKIE, ("origin", "http://hub:3000"), ("host", "hub:3000")];
        assert!(!try_post(&internal, url));
    }

    #[test]
    fn reading_is_not_looked_at() {
        let headers = HeaderMap::from_iter([(
            "sec-fetch-site".parse().unwrap(),
            "cross-site".parse().unwrap(),
        )]);
        assert!(check(&Method::GET, &headers, None).is_ok());
    }
}
