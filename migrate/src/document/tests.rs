use serde_json::{Value, json};

use super::*;

fn read(json: &Value) -> Result<Document, ReadError> {
    Document::read(json.to_string().as_bytes())
}

fn checkout() -> Value {
    json!({
        "type": "boolean", "variations": {"on": true, "off": false}, "enabled": true, "offVariation": "off",
        "rules": [{
            "id": "r1", "when": {"all": [{"attribute": "country", "op": "in", "values": ["SE"]}]},
            "serve": {"variation": "on"}
        }],
        "fallthrough": {"split": {"weights": [["on", 10_000], ["off", 90_000]]}}
    })
}

#[test]
fn a_ruleset_is_a_document_and_a_document_a_ruleset() {
    let ruleset =
        json!({"epoch": "e", "version": 42, "flags": {"checkout": checkout()}, "segments": {}});
    let document = read(&ruleset).expect("a document");
    let text = document.to_text();
    let back: Ruleset = serde_json::from_str(&text).expect("a ruleset");
    assert_eq!(back, document.ruleset());
    assert_eq!(back.flags["checkout"].rules[0].id, "r1");
}

#[test]
fn a_written_document_is_read_back_in_the_same_order() {
    let text = r##"{"flags": {"theme": {
        "name": "Theme", "description": "Colors", "tags": ["ui"], "type": "string",
        "variations": {"light": "#fff", "dark": "#000", "auto": ""},
        "variationDetails": {"dark": {"name": "Dark", "description": "For the night"}},
        "clientVisible": true, "track": true, "salt": "s", "fallthrough": {"variation": "light"}
    }}, "segments": {"beta": {"name": "Beta", "included": ["u1", 7]}}}"##;
    let document = Document::read(text.as_bytes()).expect("a document");
    let keys: Vec<_> = document.flags["theme"]
        .variations
        .iter()
        .map(|variation| variation.key.as_str())
        .collect();
    assert_eq!(keys, ["light", "dark", "auto"]);
    assert_eq!(
        Document::read(document.to_text().as_bytes()).expect("a document"),
        document
    );
    assert_eq!(
        document.flags["theme"].variations[1].name.as_deref(),
        Some("Dark")
    );
}

#[test]
fn archived_flags_are_in_no_ruleset() {
    let document = read(&json!({"archived": {"checkout": checkout()}})).expect("a document");
    assert!(document.ruleset().flags.is_empty());
    assert!(document.flag("checkout").is_some());
    let twice = json!({"flags": {"checkout": checkout()}, "archived": {"checkout": checkout()}});
    assert!(matches!(read(&twice), Err(ReadError::Twice(key)) if key == "checkout"));
}

#[test]
fn an_unknown_member_is_named_by_its_pointer() {
    for (pointer, member) in [
        ("", "flag"),
        ("/flags/checkout", "clientvisible"),
        ("/flags/checkout/rules/0", "version"),
        ("/flags/checkout/rules/0/when/all/0", "ignorecase"),
        ("/flags/checkout/fallthrough/split", "sed"),
    ] {
        let mut json = json!({"flags": {"checkout": checkout()}});
        let place = json.pointer_mut(pointer).and_then(Value::as_object_mut);
        place
            .expect("an object")
            .insert(member.to_owned(), json!(true));
        let error = read(&json).expect_err("it is not known").to_string();
        assert_eq!(
            error,
            format!("unknown field {pointer}/{member}; correct its name, or remove it")
        );
    }
}

#[test]
fn a_mistake_of_shape_is_pointed_at() {
    let mut json = json!({"flags": {"checkout": checkout()}});
    json["flags"]["checkout"]["enabled"] = json!("yes");
    let error = read(&json).expect_err("it is not a boolean").to_string();
    assert!(
        error.starts_with("/flags/checkout/enabled: expected "),
        "{error}"
    );
    let error = Document::read(b"{\"flags\": {")
        .expect_err("it ends early")
        .to_string();
    assert!(
        error.starts_with("not JSON: the text ends too early"),
        "{error}"
    );
    let error = Document::read(b"{} {}")
        .expect_err("there is more")
        .to_string();
    assert!(
        error.starts_with("not JSON: unexpected text after the end"),
        "{error}"
    );
}

#[test]
fn details_of_a_variation_that_is_not_there_are_a_mistake() {
    let mut json = json!({"flags": {"checkout": checkout()}});
    json["flags"]["checkout"]["variationDetails"] = json!({"onn": {"name": "On"}});
    let error = read(&json)
        .expect_err("there is no such variation")
        .to_string();
    assert!(
        error.contains("names the unknown variation \"onn\""),
        "{error}"
    );
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let mut json = json!({"flags": {"Check Out": checkout(), "pay": checkout()}, "segments": {}});
    json["flags"]["pay"]["fallthrough"] = json!({"variation": "maybe"});
    json["flags"]["pay"]["rules"][0]["when"] =
        json!({"attribute": "email", "op": "matches", "values": ["("]});
    let Invalid(faults) = read(&json)
        .expect("a document")
        .validate()
        .expect_err("it is not valid");
    let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/flags/Check Out",
            "/flags/pay/rules/0/when/values/0",
            "/flags/pay/fallthrough/variation"
        ]
    );
}

#[test]
fn the_file_that_is_documented_is_one() {
    let page = include_str!("../../../docs/git-flags.md");
    let example = page
        .split("```json\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next());
    let document = Document::read(example.expect("an example").as_bytes()).expect("a document");
    document.validate().expect("what a hub takes");
    assert_eq!(
        document.flags["new-checkout"].variations[0].name.as_deref(),
        Some("Express checkout")
    );
    assert!(document.segments.contains_key("beta"));
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    let document = Document::read(b"\xEF\xBB\xBF{\"flags\": {}}").expect("a document");
    assert_eq!(document, Document::default());
}

#[test]
fn a_file_without_flags_and_segments_is_refused() {
    for text in ["{}", "[]", "{\"version\": 3}"] {
        let error = Document::read(text.as_bytes()).expect_err("something else");
        assert!(matches!(error, ReadError::Nothing), "{text}: {error}");
    }
}
