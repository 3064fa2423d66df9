//! Human keys: the names by which URLs and applications call organisations, projects, environments, flags, segments.

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest key, in bytes.
pub const MAX_KEY_BYTES: usize = 100;

/// A key of the form `^[a-z0-9][a-z0-9._-]{0,99}$`; once given it never changes.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct Key(String);

/// The text is not a key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a key is 1 to {MAX_KEY_BYTES} lower-case letters, digits, dots, dashes or underscores, and begins with a letter or digit"
)]
pub struct InvalidKey;

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

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Key {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        Key::parse(text)
    }
}

impl TryFrom<String> for Key {
    type Error = InvalidKey;

    fn try_from(text: String) -> Result<Self, InvalidKey> {
        Key::parse(text)
    }
}

impl From<Key> for String {
    fn from(key: Key) -> String {
        key.0
    }
}

impl AsRef<str> for Key {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Key {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Key {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_a_url_carries_unescaped() {
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
}
