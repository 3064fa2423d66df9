//! Decides which pages may read a response. The hub itself checks the key's list of origins; a page may always read that it
//! was refused, because it would otherwise retry forever.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

/// Marks a response that no page may read, because it is for a server key, which must not be in a page.
#[derive(Clone, Copy)]
pub(super) struct ForServers;

/// Handles preflights, and lets the requesting page read the response.
pub(crate) async fn share(request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else {
        return next.run(request).await;
    };
    let is_preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if is_preflight {
        preflight(request.headers())
    } else {
        next.run(request).await
    };
    let withheld = response.extensions().get::<ForServers>().is_some();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if !withheld {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("etag, retry-after"),
        );
    }
    response
}

/// The key is not known yet, so every page may send a preflight.
///
/// Tracing tools add headers of their own to a page's requests (`traceparent`, `baggage`, `sentry-trace`), so every
/// header that the browser names is allowed. `*` would not do: it leaves out `Authorization`.
fn preflight(request: &HeaderMap) -> Response {
    let mut response = Response::default();
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_MAX_AGE, "7200"),
        (header::VARY, "access-control-request-headers"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Some(asked) = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_may_send_every_header_that_its_tools_add() {
        let names = "authorization,baggage,content-type,sentry-trace,traceparent,x-of-tomorrow";
        let mut request = HeaderMap::new();
        request.insert(
            header::ACCESS_CONTROL_REQUEST_HEADERS,
            HeaderValue::from_static(names),
        );
        let allowed = preflight(&request);
        assert_eq!(
            allowed.headers()[header::ACCESS_CONTROL_ALLOW_HEADERS],
            names
        );
        let plain = preflight(&HeaderMap::new());
        assert!(
            !plain
                .headers()
                .contains_key(header::ACCESS_CONTROL_ALLOW_HEADERS)
        );
    }
}
