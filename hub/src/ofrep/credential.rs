//! How OFREP's clients send their key.

use http::HeaderMap;

use crate::sdk_http::entrance::bearer;

/// The key of a request, in either of the protocol's headers.
pub(super) fn key_of(headers: &HeaderMap) -> Option<&str> {
    bearer(headers).or_else(|| headers.get("x-api-key")?.to_str().ok())
}
