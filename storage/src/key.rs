//! Human keys: the names by which URLs and applications call things.
//!
//! Organizations, projects and environments have a [`Key`], which a URL carries unescaped. Flags and segments have a
//! [`SubjectKey`], which takes what other systems call theirs: with capital letters, and percent-encoded in URLs.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use peekaboo_flags::{KEY_FORM, is_key};
use serde::{Deserialize, Serialize};

/// The longest [`Key`], in bytes.
pub const MAX_KEY_BYTES: usize = 100;

/// The key of an organization, a project or an environment: `^[a-z0-9][a-z0-9._-]{0,99}$`. It never changes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Key(String);

/// The key of a flag or a segment: `^[A-Za-z0-9_][A-Za-z0-9._:|~-]{0,255}$`, case-sensitive. It never changes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct SubjectKey(String);

/// The text is not a [`Key`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key is 1 to {MAX_KEY_BYTES} lower-case letters, digits, dots, dashes or underscores, and begins with a letter or digit"
)]
pub struct InvalidKey;

/// The text is not a [`SubjectKey`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{KEY_FORM}")]
pub struct InvalidSubjectKey;

impl Key {
    /// Checks the form.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidKey> {
        let text = text.into();
        let letter_or_digit = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let [first, rest @ ..] = text.as_bytes() else {
            return Err(InvalidKey);
        };
        let well_formed = text.len() <= MAX_KEY_BYTES
            && letter_or_digit(*first)
            && rest
                .iter()
                .all(|byte| letter_or_digit(*byte) || b"._-".contains(byte));
        if well_formed {
            Ok(Key(text))
        } else {
            Err(InvalidKey)
        }
    }
}

impl SubjectKey {
    /// Checks the form.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidSubjectKey> {
        let text = text.into();
        if is_key(&text) {
            Ok(SubjectKey(text))
        } else {
            Err(InvalidSubjectKey)
        }
    }

    /// The key as lists are sorted and searched by: without regard to case. The statements say `lower(key)`, which is the
    /// same on both databases, for keys are ASCII.
    pub(crate) fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// What both kinds of key can do.
macro_rules! text_of {
    ($key:ident, $invalid:ident) => {
        impl $key {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $key {
            type Err = $invalid;

            fn from_str(text: &str) -> Result<Self, $invalid> {
                Self::parse(text)
            }
        }

        impl TryFrom<String> for $key {
            type Error = $invalid;

            fn try_from(text: String) -> Result<Self, $invalid> {
                Self::parse(text)
            }
        }

        impl From<$key> for String {
            fn from(key: $key) -> String {
                key.0
            }
        }

        impl AsRef<str> for $key {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $key {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $key {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $key {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

text_of!(Key, InvalidKey);
text_of!(SubjectKey, InvalidSubjectKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_project_is_what_a_url_carries_unescaped() {
        for good in ["a", "7", "new-checkout", "v1.2_b", &"x".repeat(100)] {
            assert_eq!(Key::parse(good).map(String::from), Ok(good.to_owned()));
        }
        for bad in [
            "",
            "-a",
            ".a",
            "_a",
            "A",
            "a b",
            "a/b",
            "å",
            &"x".repeat(101),
        ] {
            assert_eq!(Key::parse(bad), Err(InvalidKey), "{bad:?}");
        }
    }

    #[test]
    fn the_key_of_a_flag_keeps_its_case_and_is_found_without_regard_to_it() {
        let key = SubjectKey::parse("newCheckout:V2").expect("a key");
        assert_eq!(key, "newCheckout:V2");
        assert_eq!(key.folded(), "newcheckout:v2");
        assert_eq!(SubjectKey::parse("a b"), Err(InvalidSubjectKey));
    }
}
