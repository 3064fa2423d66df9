//! JSON from JavaScript may hold half of a surrogate pair, as `"\ud83d"`: text that was cut in the middle of an emoji.
//! UTF-8 cannot hold it, so it is replaced by U+FFFD, as `TextEncoder` does.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// Reads JSON, with each unpaired surrogate and each byte that is not UTF-8 replaced by U+FFFD.
///
/// # Errors
/// When the bytes are not JSON, or not a `T`.
pub fn from_json<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    serde_json::from_slice(json).or_else(|error| match well_formed(json) {
        Cow::Borrowed(_) => Err(error),
        Cow::Owned(mended) => serde_json::from_slice(&mended),
    })
}

/// The same JSON with unpaired surrogates replaced. Borrowed where there are none.
fn well_formed(json: &[u8]) -> Cow<'_, [u8]> {
    let text = String::from_utf8_lossy(json);
    let mut mended = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find('\\') {
        let start = at + found;
        let Some(unit) = escaped_unit(&text, start) else {
            // Another escape: skip what it escapes, which may be a backslash or a character of several bytes.
            at = start + 1 + text[start + 1..].chars().next().map_or(0, char::len_utf8);
            continue;
        };
        at = start + ESCAPE;
        let is_paired = (0xd800..0xdc00).contains(&unit)
            && escaped_unit(&text, at).is_some_and(|low| (0xdc00..0xe000).contains(&low));
        if is_paired {
            at += ESCAPE;
        } else if (0xd800..0xe000).contains(&unit) {
            mended.push_str(&text[copied..start]);
            mended.push(char::REPLACEMENT_CHARACTER);
            copied = at;
        }
    }
    if copied > 0 {
        mended.push_str(&text[copied..]);
        return Cow::Owned(mended.into_bytes());
    }
    match text {
        Cow::Borrowed(_) => Cow::Borrowed(json),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

/// The bytes of an escape as `\ud83d`.
const ESCAPE: usize = 6;

/// The UTF-16 unit that is escaped here, if one is.
fn escaped_unit(text: &str, at: usize) -> Option<u32> {
    let digits = text.get(at..at + ESCAPE)?.strip_prefix("\\u")?;
    // `from_str_radix` would take a sign.
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_hex.then(|| u32::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn unpaired_surrogates_are_replaced() {
        let cases = [
            (r#"{"a":"\ud83d"}"#, json!({"a": "\u{fffd}"})),
            (r#"{"a":"\uDE00x"}"#, json!({"a": "\u{fffd}x"})),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, json!({"a": "\u{fffd}😀"})),
            (r#"{"a":"\ud83d\\ude00"}"#, json!({"a": "\u{fffd}\\ude00"})),
            (
                r#"{"\ud83d":["é\udfff"]}"#,
                json!({"\u{fffd}": ["é\u{fffd}"]}),
            ),
            (
                r#"{"a":"\ud83d\n","b":"\ud800"}"#,
                json!({"a": "\u{fffd}\n", "b": "\u{fffd}"}),
            ),
        ];
        for (text, expected) in cases {
            let read: Value = from_json(text.as_bytes()).expect(text);
            assert_eq!(read, expected, "{text}");
        }
        let read: Value = from_json(b"{\"a\":\"\xed\xa0\x80\"}").expect("JSON");
        assert!(
            read["a"]
                .as_str()
                .is_some_and(|text| text.starts_with('\u{fffd}'))
        );
    }

    #[test]
    fn whatever_is_well_formed_is_left_as_it_is() {
        for text in [
            r#"{"a":"\ud83d\ude00"}"#,
            r#"{"a":"\\ud83d"}"#,
            r#"{"a":"\"\\","b":"\u00e9"}"#,
            "{\"a\":\"😀\"}",
        ] {
            assert!(
                matches!(well_formed(text.as_bytes()), Cow::Borrowed(_)),
                "{text}"
            );
        }
    }

    #[test]
    fn malformed_json_remains_an_error() {
        for text in [
            "",
            "{",
            r#"{"a":"\ud83"}"#,
            r#"{"a":"\ud83d"#,
            "\\",
            "\\é",
            r"\u+123",
            r#""\ud83d" x"#,
        ] {
            assert!(from_json::<Value>(text.as_bytes()).is_err(), "{text}");
        }
    }
}
