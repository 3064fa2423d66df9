//! Which compressed form of a file a client takes (RFC 9110, section 12.5.3).

use http::{HeaderMap, HeaderValue, header};

/// A form in which files are kept beside themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Its name in headers.
    pub(super) fn token(self) -> HeaderValue {
        HeaderValue::from_static(self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    /// What its files end in.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// The forms the client takes, the smallest first. Preferences among them are of no use to anyone,
/// so a weight only matters when it is zero.
pub(super) fn accepted(request: &HeaderMap) -> Vec<Encoding> {
    let given: Vec<&str> = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    [Encoding::Brotli, Encoding::Gzip]
        .into_iter()
        .filter(|encoding| takes(&given, encoding.name()))
        .collect()
}

fn takes(given: &[&str], name: &str) -> bool {
    given.iter().any(|item| {
        let (token, parameters) = item.split_once(';').unwrap_or((item, ""));
        let refused = parameters
            .trim()
            .strip_prefix("q=")
            .and_then(|weight| weight.trim().parse::<f32>().ok())
            .is_some_and(|weight| weight <= 0.0);
        token.trim().eq_ignore_ascii_case(name) && !refused
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &'static str) -> Vec<Encoding> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        accepted(&headers)
    }

    #[test]
    fn the_smallest_form_that_is_taken_comes_first() {
        assert_eq!(of("gzip, deflate, br"), [Encoding::Brotli, Encoding::Gzip]);
        assert_eq!(of("GZIP;q=0.5"), [Encoding::Gzip]);
        assert_eq!(of("identity"), []);
    }

    #[test]
    fn a_form_of_no_weight_is_refused() {
        assert_eq!(of("br;q=0, gzip"), [Encoding::Gzip]);
        assert_eq!(of("br; q=0.000"), []);
    }
}
