//! Negotiates content codings (RFC 9110, section 12.5.3).
//!
//! It chooses among bodies that are already compressed: files by the dashboard's build, the ruleset once per version.
//! tower-http, which compresses the admin API's responses, negotiates too, but only for what it compresses itself.

use http::{HeaderMap, header};

/// The weight of `identity` if the client does not name it: accepted, but after every named coding.
const UNSAID: u16 = 1;

/// The weight that the client gives a coding, in thousandths; 0 if it does not accept the coding.
///
/// Responses are not compressed for a client that names no coding.
pub(crate) fn weight(request: &HeaderMap, coding: &str) -> u16 {
    let given = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    let mut of_all_others = None;
    for item in given {
        let (token, parameters) = item.split_once(';').unwrap_or((item, ""));
        let token = token.trim();
        if token.eq_ignore_ascii_case(coding) {
            return quality(parameters);
        }
        if token == "*" {
            of_all_others = Some(quality(parameters));
        }
    }
    let unsaid = if coding == "identity" { UNSAID } else { 0 };
    of_all_others.unwrap_or(unsaid)
}

/// The parameter `q` of an item, in thousandths. A malformed one counts as the maximum.
fn quality(parameters: &str) -> u16 {
    const MOST: u16 = 1_000;
    let weight = parameters
        .trim()
        .strip_prefix(['q', 'Q'])
        .and_then(|rest| rest.trim_start().strip_prefix('='))
        .and_then(|weight| weight.trim().parse::<f32>().ok());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 1000, whatever was sent"
    )]
    let thousandths = weight.map(|weight| (weight.clamp(0.0, 1.0) * f32::from(MOST)) as u16);
    thousandths.unwrap_or(MOST)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn weights(accepted: &'static str) -> [u16; 3] {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(accepted));
        ["br", "gzip", "identity"].map(|coding| weight(&headers, coding))
    }

    #[test]
    fn a_coding_weighs_what_the_client_says() {
        assert_eq!(weights("gzip, deflate, br"), [1_000, 1_000, UNSAID]);
        assert_eq!(weights("GZIP;q=0.5, br ; Q = 0.25"), [250, 500, UNSAID]);
        assert_eq!(weights("gzip;q=nonsense"), [0, 1_000, UNSAID]);
        assert_eq!(weights("gzip;q=7, br;q=-1"), [0, 1_000, UNSAID]);
    }

    #[test]
    fn unnamed_codings_have_the_weight_of_the_wildcard() {
        assert_eq!(weights("*;q=0.5, br"), [1_000, 500, 500]);
        assert_eq!(weights("gzip, *;q=0"), [0, 1_000, 0]);
        assert_eq!(weights("identity;q=0, *"), [1_000, 1_000, 0]);
    }

    #[test]
    fn a_client_that_says_nothing_takes_things_as_they_are() {
        assert_eq!(weight(&HeaderMap::new(), "gzip"), 0);
        assert_eq!(weight(&HeaderMap::new(), "identity"), UNSAID);
        assert_eq!(weights(""), [0, 0, UNSAID]);
    }
}
