//! Entity tags: whether a client already holds what it asks for (RFC 9110, section 13.1.2).
//!
//! We do not use the `headers` crate, because it would add older versions of base64 and sha1 for comparing text. Our tags
//! contain no commas, so a list is split at commas.

use http::{HeaderMap, header};

/// Whether `If-None-Match` names this tag. The comparison is weak: the same version in another coding counts.
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

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn holds(held: &[&'static str]) -> bool {
        let mut headers = HeaderMap::new();
        for tag in held {
            headers.append(header::IF_NONE_MATCH, HeaderValue::from_static(tag));
        }
        is_held(&headers, "W/\"7\"")
    }

    #[test]
    fn a_tag_is_held_weak_or_strong_in_a_list_or_by_a_star() {
        for held in [
            &["W/\"7\""][..],
            &["\"7\""],
            &["\"6\", \"7\""],
            &["\"6\"", "\"7\""],
            &["*"],
        ] {
            assert!(holds(held), "{held:?}");
        }
        for other in [&[][..], &["\"6\""], &["7"], &["\"77\""]] {
            assert!(!holds(other), "{other:?}");
        }
    }
}
