//! `peekaboo evaluate` needs a file and nothing else.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::run;

fn write(directory: &Path, name: &str, text: &str) -> String {
    let path = directory.join(name);
    fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

fn ruleset(directory: &Path) -> String {
    let ruleset = json!({"flags": {"greeting": {
        "type": "string", "enabled": true, "variations": {"en": "hello", "sv": "hej"}, "version": 2,
        "rules": [{"id": "swedes", "when": {"attribute": "country", "op": "in", "values": ["SE"]},
            "serve": {"variation": "sv"}}],
        "fallthrough": {"variation": "en"}
    }}});
    write(directory, "ruleset.json", &ruleset.to_string())
}

#[tokio::test]
async fn a_flag_is_evaluated_for_a_context_with_its_trace() {
    let directory = TempDir::new().expect("a directory");
    let ruleset = ruleset(directory.path());
    let context = r#"{"country":"SE"}"#;
    let (code, printed, message) = run(&[
        "evaluate",
        "--ruleset",
        &ruleset,
        "--context",
        context,
        "--flag",
        "greeting",
        "--trace",
    ])
    .await;
    assert_eq!((code, message.as_str()), (Some(0), ""));
    let detail: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(
        (&detail["value"], &detail["ruleId"]),
        (&json!("hej"), &json!("swedes"))
    );
    assert_eq!(
        detail["trace"]["steps"][0]["steps"][0]["because"],
        r#"country is "SE": in ["SE"] holds"#
    );
}

#[tokio::test]
async fn a_batch_continues_after_a_bad_line_and_reports_it_at_the_end() {
    let directory = TempDir::new().expect("a directory");
    let ruleset = ruleset(directory.path());
    let batch = write(
        directory.path(),
        "batch",
        "{\"flag\":\"greeting\"}\n{\n{\"flag\":\"greeting\"}\n",
    );
    let (code, printed, message) =
        run(&["evaluate", "--ruleset", &ruleset, "--batch", &batch]).await;
    assert_eq!(code, Some(1));
    assert_eq!(printed.lines().count(), 3);
    assert!(
        message.starts_with("peekaboo: 1 of 3 lines are invalid; line 2:"),
        "{message}"
    );
}

#[tokio::test]
async fn an_invalid_ruleset_file_is_named_and_ends_with_code_64() {
    let directory = TempDir::new().expect("a directory");
    let ruleset = write(directory.path(), "list.json", "[]");
    let (code, printed, message) =
        run(&["evaluate", "--ruleset", &ruleset, "--context", "{}"]).await;
    assert_eq!((code, printed.as_str()), (Some(64), ""));
    assert!(
        message.contains("list.json: a ruleset is an object with the fields"),
        "{message}"
    );
}
