//! The path under which a proxy serves a listener, such as `/flags` in `https://example.com/flags`.
//!
//! Some proxies remove it from requests and some do not, so requests with and without it are both served.

use axum::{Router, extract::Request, middleware};
use http::Uri;

/// Starts with a slash and ends without one; empty if there is no path.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicPath(pub(crate) String);

impl PublicPath {
    /// Removes the path from a request's URI, if present.
    pub(crate) fn strip(&self, uri: &mut Uri) {
        let Some(rest) = uri
            .path_and_query()
            .and_then(|whole| whole.as_str().strip_prefix(&self.0))
            .filter(|_| !self.0.is_empty())
        else {
            return;
        };
        let stripped = match rest.as_bytes().first() {
            Some(b'/') => rest.parse(),
            None | Some(b'?') => format!("/{rest}").parse(),
            // Another path with the same beginning.
            Some(_) => return,
        };
        let mut parts = std::mem::take(uri).into_parts();
        parts.path_and_query = stripped.ok().or(parts.path_and_query);
        *uri = Uri::from_parts(parts).unwrap_or_default();
    }
}

/// Removes the path from requests before they reach the router.
pub(crate) fn under(path: &PublicPath, router: Router) -> Router {
    if path.0.is_empty() {
        return router;
    }
    let path = path.clone();
    // A layer of the router itself would run only after a route is chosen.
    Router::new()
        .fallback_service(router)
        .layer(middleware::map_request(move |mut request: Request| {
            path.strip(request.uri_mut());
            std::future::ready(request)
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_removed_where_a_proxy_leaves_it() {
        let path = PublicPath("/flags".to_owned());
        for (asked, seen) in [
            ("/flags/sdk/v1/stream?key=1", "/sdk/v1/stream?key=1"),
            ("/flags/", "/"),
            ("/flags", "/"),
            ("/flags?a=b", "/?a=b"),
            ("/flags/flags/x", "/flags/x"),
            ("/flagship", "/flagship"),
            ("/sdk/v1/stream", "/sdk/v1/stream"),
        ] {
            let mut uri: Uri = asked.parse().expect("an address");
            path.strip(&mut uri);
            assert_eq!(uri.to_string(), seen, "{asked}");
        }
        let mut uri: Uri = "/flags".parse().expect("an address");
        PublicPath::default().strip(&mut uri);
        assert_eq!(uri, "/flags");
    }
}
