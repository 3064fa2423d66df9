//! Checks which pages may use a client key.

/// Whether a key with these allowed origins accepts a request with this `Origin` header.
///
/// An empty list allows everything: a client key is public, and the list only restricts honest browsers. A list with
/// entries refuses requests without an origin. In an entry, `*` stands for one label of the host or for the port, and
/// the entry `*` for any origin.
pub(crate) fn allowed(allowed: &[String], origin: Option<&str>) -> bool {
    if allowed.is_empty() {
        return true;
    }
    let Some(origin) = origin.map(str::to_ascii_lowercase) else {
        return false;
    };
    allowed
        .iter()
        .any(|pattern| matches(&pattern.to_ascii_lowercase(), &origin))
}

fn matches(pattern: &str, origin: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    let (Some(pattern), Some(origin)) = (Parts::of(pattern), Parts::of(origin)) else {
        return false;
    };
    pattern.scheme == origin.scheme
        && (pattern.port == Some("*") || pattern.port_number() == origin.port_number())
        && hosts_match(pattern.host, origin.host)
}

fn hosts_match(pattern: &str, host: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('.'), host.split('.'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some("*"), Some(label)) if !label.is_empty() => {}
            (Some(wanted), Some(given)) if wanted == given => {}
            _ => return false,
        }
    }
}

struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(origin: &'a str) -> Option<Self> {
        let (scheme, authority) = origin.trim_end_matches('/').split_once("://")?;
        // The colons of an IPv6 address are inside brackets.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        Some(Self { scheme, host, port })
    }

    /// The port, explicit or default: `https://example.com` and `https://example.com:443` are the same origin.
    fn port_number(&self) -> Option<&str> {
        self.port.or(match self.scheme {
            "http" => Some("80"),
            "https" => Some("443"),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_allows_everyone() {
        assert!(allowed(&[], None));
        assert!(allowed(&[], Some("https://anywhere.example")));
    }

    #[test]
    fn patterns_match_whole_origins() {
        let cases = [
            ("https://app.example.com", "https://app.example.com", true),
            ("https://App.example.com/", "https://app.EXAMPLE.com", true),
            (
                "https://app.example.com:443",
                "https://app.example.com",
                true,
            ),
            ("https://app.example.com", "http://app.example.com", false),
            (
                "https://app.example.com",
                "https://app.example.com:8443",
                false,
            ),
            (
                "https://app.example.com",
                "https://app.example.com.evil.test",
                false,
            ),
            ("https://*.example.com", "https://a.example.com", true),
            ("https://*.example.com", "https://example.com", false),
            ("https://*.example.com", "https://a.b.example.com", false),
            ("https://*.*.example.com", "https://a.b.example.com", true),
            ("https://*.example.com", "https://evilexample.com", false),
            ("http://localhost:*", "http://localhost:5173", true),
            ("http://localhost:*", "http://localhost", true),
            ("http://localhost:*", "https://localhost:5173", false),
            ("http://[::1]:3000", "http://[::1]:3000", true),
            ("http://[::1]", "http://[::1]:80", true),
            ("*", "null", true),
            ("https://app.example.com", "null", false),
            ("nonsense", "nonsense", false),
        ];
        for (pattern, origin, expected) in cases {
            assert_eq!(
                allowed(&[pattern.to_owned()], Some(origin)),
                expected,
                "{pattern} for {origin}"
            );
        }
    }

    #[test]
    fn a_list_refuses_clients_without_an_origin() {
        assert!(!allowed(&["*".to_owned()], None));
    }
}
