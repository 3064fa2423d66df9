//! The keys by which applications, rules and URLs call flags and segments.

/// The longest key of a flag or a segment, in bytes.
pub const MAX_KEY_BYTES: usize = 256;

/// The form of a key, for people.
pub const KEY_FORM: &str = "a key has 1 to 256 letters, digits and characters of . _ : | ~ -, and begins with a letter, a digit or _";

/// Whether a key may name a flag or a segment: `^[A-Za-z0-9_][A-Za-z0-9._:|~-]{0,255}$`.
///
/// Keys are case-sensitive: `sample` and `Sample` are two flags.
pub fn is_key(key: &str) -> bool {
    let [first, rest @ ..] = key.as_bytes() else {
        return false;
    };
    let begins = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    key.len() <= MAX_KEY_BYTES
        && begins(*first)
        && rest
            .iter()
            .all(|byte| begins(*byte) || b".:|~-".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_the_case_and_the_separators_that_other_systems_have() {
        for key in [
            "a",
            "0",
            "_",
            "new-checkout",
            "newCheckout",
            "SAMPLE",
            "a.b_c-d",
            "team:checkout|v2~x",
            &"K".repeat(256),
        ] {
            assert!(is_key(key), "{key}");
        }
        for key in [
            "",
            "-a",
            ".a",
            ":a",
            "~a",
            "|a",
            "a b",
            "a/b",
            "a%b",
            "é",
            "a\0",
            &"k".repeat(257),
        ] {
            assert!(!is_key(key), "{key}");
        }
    }
}
