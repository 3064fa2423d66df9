//! Entity tags: whether what was asked for is what the asker holds.

use http::{HeaderMap, header};

/// Whether one of the tags that the request names is this one. Weakly: in other bytes it is the same.
pub(crate) fn is_held(headers: &HeaderMap, etag: &str) -> bool {
    let opaque = |tag| str::strip_prefix(tag, "W/").unwrap_or(tag);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|held| held == "*" || opaque(held) == opaque(etag))
}
