//! Describes JSON errors in plain words. Serde's own messages name Rust's types.

use std::fmt::Display;

/// Phrases of Rust's JSON readers that no message for people may contain. Tests of the API and of the command line look for
/// them.
pub const RUST_PHRASES: &[&str] = &[
    "expected struct",
    "expected enum",
    "expected tuple",
    "expected map",
    "expected a map",
    "expected sequence",
    "expected a sequence",
    "expected unit",
    "expected ident",
    "expected u8",
    "expected u16",
    "expected u32",
    "expected u64",
    "expected usize",
    "expected i64",
    "expected f64",
    "expected variant",
    "variant identifier",
    "field identifier",
    "invalid type: ",
    "invalid value: ",
    "invalid length ",
    "missing field `",
    "unknown variant `",
    "did not match any variant",
    "internally tagged",
    "untagged enum",
    "EOF while",
    "trailing characters",
    "recursion limit",
    "Option<",
    "Some(",
    "Error {",
];

/// What serde calls the types that it expects, and what we call them.
const EXPECTED: [(&str, &str); 18] = [
    ("a string", "text"),
    ("string", "text"),
    ("a character", "one character"),
    ("a sequence", "a list"),
    ("sequence", "a list"),
    ("a map", "an object"),
    ("map", "an object"),
    ("map with a single key", "an object with one member"),
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number of 0 or more"),
    ("u64", "a whole number of 0 or more"),
    ("usize", "a whole number of 0 or more"),
    ("i32", "a whole number"),
    ("i64", "a whole number"),
    ("f64", "a number"),
    ("unit", "null"),
    ("any valid JSON value", "a JSON value"),
];

/// Describes the error of a JSON reader: `invalid type: sequence, expected struct Flag` becomes `expected an object, found a
/// list`. Messages that are already plain stay as they are, and so does the position, ` at line 1 column 5`.
pub fn describe_json_error(error: &impl Display) -> String {
    let message = error.to_string();
    let at = message.rfind(" at line ").unwrap_or(message.len());
    let (reason, place) = message.split_at(at);
    format!("{}{place}", described(reason))
}

fn described(reason: &str) -> String {
    for kind in ["invalid type: ", "invalid value: "] {
        if let Some((found, wanted)) = reason
            .strip_prefix(kind)
            .and_then(|rest| rest.rsplit_once(", expected "))
        {
            return format!(
                "expected {}, found {}",
                expected(wanted),
                found_words(found)
            );
        }
    }
    if let Some((length, wanted)) = reason
        .strip_prefix("invalid length ")
        .and_then(|rest| rest.split_once(", expected "))
    {
        let found = match length {
            "0" => "an empty list".to_owned(),
            _ => format!("a list of {length}"),
        };
        return format!("expected {}, found {found}", expected(wanted));
    }
    if let Some(name) = reason.strip_prefix("missing field ") {
        return format!("the field {name} is missing");
    }
    if let Some(rest) = reason.strip_prefix("unknown variant ") {
        return format!("unknown value {rest}");
    }
    if reason.starts_with("data did not match any variant") {
        return "the value does not have any of the allowed forms".to_owned();
    }
    if reason.starts_with("EOF while parsing") {
        return "the text ends too early".to_owned();
    }
    if reason == "expected ident" {
        return "unknown word; put text in double quotes".to_owned();
    }
    if reason == "trailing characters" {
        return "unexpected text after the end".to_owned();
    }
    if reason == "recursion limit exceeded" {
        return "the value is nested too deeply".to_owned();
    }
    if let Some(length) = reason.strip_prefix("array had incorrect length, expected ") {
        return format!("expected a list of {length}");
    }
    reason.to_owned()
}

fn expected(wanted: &str) -> String {
    let known = EXPECTED.iter().find(|(rust, _)| *rust == wanted);
    if let Some((_, words)) = known {
        return (*words).to_owned();
    }
    let of_rust = [
        "struct ",
        "enum ",
        "variant of enum ",
        "internally tagged enum ",
    ];
    if of_rust.iter().any(|begin| wanted.starts_with(begin)) {
        return "an object".to_owned();
    }
    if let Some(length) = wanted
        .strip_prefix("tuple struct ")
        .and_then(|rest| rest.split(" with ").nth(1))
    {
        return format!("a list of {length}");
    }
    if let Some(length) = wanted
        .strip_prefix("a tuple of size ")
        .or_else(|| wanted.strip_prefix("an array of length "))
    {
        return format!("a list of {length}");
    }
    wanted.to_owned()
}

fn found_words(found: &str) -> String {
    match found {
        "sequence" => return "a list".to_owned(),
        "map" => return "an object".to_owned(),
        "null" | "unit value" | "Option value" => return "null".to_owned(),
        _ => {}
    }
    for (kind, words) in [
        ("boolean ", ""),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("string ", "the text "),
        ("character ", "the text "),
    ] {
        if let Some(value) = found.strip_prefix(kind) {
            return format!("{words}{}", value.trim_matches('`'));
        }
    }
    found.to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value, json};

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only how it is read matters")]
    struct Point {
        x: u32,
        label: String,
        more: Vec<bool>,
        pair: (f64, f64),
    }

    fn refusal(json: Value) -> String {
        describe_json_error(&serde_json::from_value::<Point>(json).expect_err("it is refused"))
    }

    #[test]
    fn type_errors_are_described_in_plain_words() {
        let with = |name: &str, value: Value| {
            let mut point = json!({"x": 1, "label": "a", "more": [], "pair": [0, 1]});
            point[name] = value;
            point
        };
        for (json, words) in [
            (json!(7), "expected an object, found the number 7"),
            (
                json!("a, expected b"),
                "expected an object, found the text \"a, expected b\"",
            ),
            (json!({}), "the field `x` is missing"),
            (
                with("x", json!(-1)),
                "expected a whole number of 0 or more, found the number -1",
            ),
            (
                with("x", json!([])),
                "expected a whole number of 0 or more, found a list",
            ),
            (with("label", json!({})), "expected text, found an object"),
            (with("label", Value::Null), "expected text, found null"),
            (with("more", json!(true)), "expected a list, found true"),
            (
                with("pair", json!([])),
                "expected a list of 2, found an empty list",
            ),
            (
                with("pair", json!([1.5])),
                "expected a list of 2, found a list of 1",
            ),
        ] {
            assert_eq!(refusal(json.clone()), words, "{json}");
            assert!(!RUST_PHRASES.iter().any(|phrase| words.contains(phrase)));
        }
    }

    #[test]
    fn syntax_errors_are_described_with_their_position() {
        let refusal = |text: &str| {
            describe_json_error(&serde_json::from_str::<Value>(text).expect_err("it is refused"))
        };
        assert_eq!(refusal("{"), "the text ends too early at line 1 column 1");
        assert_eq!(
            refusal("\nnonsense"),
            "unknown word; put text in double quotes at line 2 column 2"
        );
        assert_eq!(
            refusal("{} {}"),
            "unexpected text after the end at line 1 column 4"
        );
        let deep = "[".repeat(200);
        assert!(refusal(&deep).starts_with("the value is nested too deeply at line 1"));
    }
}
