//! Semantic versions (2.0.0), with `minor` and `patch` optional.
//!
//! Numbers are compared as decimal text, so they have no upper bound and need no big integers anywhere.

use std::cmp::Ordering;

/// A version read from text. A missing minor or patch is 0; build metadata is checked, then dropped.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Version<'t> {
    core: [&'t str; 3],
    /// Empty if there is none.
    prerelease: &'t str,
}

impl<'t> Version<'t> {
    /// Reads `1`, `1.2`, `1.2.3`, each with `-prerelease` and `+build`; none where the text is anything else.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let (text, build) = split(text, '+');
        let (core, prerelease) = split(text, '-');
        if !build.is_none_or(|build| build.split('.').all(is_identifier)) {
            return None;
        }
        if !prerelease.is_none_or(|prerelease| prerelease.split('.').all(is_prerelease_identifier))
        {
            return None;
        }
        let mut numbers = core.split('.');
        let major = numbers.next()?;
        let minor = numbers.next().unwrap_or("0");
        let patch = numbers.next().unwrap_or("0");
        let core = [major, minor, patch];
        let complete = numbers.next().is_none() && core.into_iter().all(is_number);
        complete.then_some(Version {
            core,
            prerelease: prerelease.unwrap_or_default(),
        })
    }

    /// Precedence (semver.org, 11).
    pub(crate) fn precedence(&self, other: &Version<'_>) -> Ordering {
        let core = self
            .core
            .iter()
            .zip(&other.core)
            .map(|(own, other)| compare_numbers(own, other));
        core.into_iter()
            .find(|order| order.is_ne())
            .unwrap_or_else(|| match (self.prerelease, other.prerelease) {
                ("", "") => Ordering::Equal,
                ("", _) => Ordering::Greater,
                (_, "") => Ordering::Less,
                (own, other) => compare_prereleases(own, other),
            })
    }
}

/// A version that owns its text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OwnedVersion {
    core: [Box<str>; 3],
    prerelease: Box<str>,
}

impl OwnedVersion {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Version { core, prerelease } = Version::parse(text)?;
        Some(OwnedVersion {
            core: core.map(Into::into),
            prerelease: prerelease.into(),
        })
    }

    pub(crate) fn view(&self) -> Version<'_> {
        Version {
            core: self.core.each_ref().map(|number| &**number),
            prerelease: &self.prerelease,
        }
    }
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

fn is_number(text: &str) -> bool {
    let canonical = text == "0" || !text.starts_with('0');
    canonical && is_digits(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_prerelease_identifier(text: &str) -> bool {
    is_identifier(text) && (!is_digits(text) || is_number(text))
}

/// Of decimal numbers without leading zeros, the longer is the greater.
fn compare_numbers(own: &str, other: &str) -> Ordering {
    own.len().cmp(&other.len()).then_with(|| own.cmp(other))
}

fn compare_prereleases(own: &str, other: &str) -> Ordering {
    let (mut own, mut other) = (own.split('.'), other.split('.'));
    loop {
        let order = match (own.next(), other.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(own), Some(other)) => match (is_digits(own), is_digits(other)) {
                (true, true) => compare_numbers(own, other),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => own.cmp(other),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precedence_is_that_of_the_specification() {
        let ascending = [
            "0",
            "0.0.1",
            "0.1",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1-alpha.beta",
            "1.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1",
            "1.0.9",
            "1.0.10",
            "2.0.0--",
            "2.0.0-0a",
            "2.0.0-A",
            "2.0.0-a",
            "2",
            "18446744073709551616.0.0",
            "18446744073709551617.0.0",
        ];
        for (index, lower) in ascending.iter().enumerate() {
            for (other, higher) in ascending.iter().enumerate() {
                let order = Version::parse(lower)
                    .unwrap()
                    .precedence(&Version::parse(higher).unwrap());
                assert_eq!(order, index.cmp(&other), "{lower} {higher}");
            }
        }
    }

    #[test]
    fn missing_parts_are_zero_and_builds_are_ignored() {
        for (own, other) in [
            ("1", "1.0.0"),
            ("1.2", "1.2.0+build.7"),
            ("1+a-b", "1.0"),
            ("1-rc+001", "1.0.0-rc"),
        ] {
            let order = Version::parse(own)
                .unwrap()
                .precedence(&OwnedVersion::parse(other).unwrap().view());
            assert_eq!(order, Ordering::Equal, "{own} {other}");
        }
    }

    #[test]
    fn anything_else_is_malformed() {
        let cases = [
            "", "v1", "1.", ".1", "1..2", "1.2.3.4", "01", "1.02", "1.2.03", "1-", "1-a..b",
            "1-01", "1-a_b", "1+", "1+a+b", "1.2.3-é", " 1", "1 ", "-1", "1.x", "１",
        ];
        for text in cases {
            assert!(Version::parse(text).is_none(), "{text}");
        }
    }
}
