//! What may be written about a key, its origins above all.

use crate::check::Checks;
use crate::error::Result;
use crate::model::SdkKeyKind;

/// Refuses a name or origins that a key of this kind cannot have.
pub(crate) fn check(
    name: &str,
    kind: SdkKeyKind,
    origins: &[String],
    max_origins: usize,
) -> Result<()> {
    let mut checks = Checks::default();
    checks.name(name);
    if kind == SdkKeyKind::Server && !origins.is_empty() {
        checks.problem("/origins", "not_allowed", "only client keys have origins");
    }
    if origins.len() > max_origins {
        let detail = format!("at most {max_origins} origins");
        checks.problem("/origins", "limit_exceeded", detail);
    }
    for (index, origin) in origins.iter().enumerate() {
        if !is_origin(origin) {
            let detail = "write an origin as browsers send it: https://example.com, with a port where it has one";
            checks.problem(&format!("/origins/{index}"), "malformed", detail);
        }
    }
    checks.done()
}

/// Whether it is of the form that a browser sends: scheme and host in lower case, no path.
fn is_origin(origin: &str) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else {
        return false;
    };
    let lower =
        |text: &str| !text.is_empty() && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"/?#@\\\"'<>".contains(&byte);
    lower(scheme)
        && lower(host)
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && host.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_those_that_browsers_send() {
        for good in [
            "https://example.com",
            "http://localhost:5173",
            "http://[::1]:80",
            "capacitor://localhost",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "example.com",
            "https://",
            "https://example.com/",
            "https://Example.com",
            "https://a b",
            "*",
            "null",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
