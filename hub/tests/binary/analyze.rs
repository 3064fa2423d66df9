//! `peekaboo analyze` needs a file and nothing else.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::run;

fn write(directory: &Path, text: &str) -> String {
    let path = directory.join("question.json");
    fs::write(&path, text).expect("a file");
    path.to_str().expect("text").to_owned()
}

fn question() -> Value {
    json!({"metric": "proportion", "difference": "absolute", "method": "sequential", "plannedUnits": 10_000, "arms": [
        {"name": "control", "units": 4000, "sum": 400},
        {"name": "new", "units": 4000, "sum": 480}
    ]})
}

#[tokio::test]
async fn a_question_is_answered_as_json() {
    let directory = TempDir::new().expect("a directory");
    let file = write(directory.path(), &question().to_string());
    let (code, printed, message) = run(&["analyze", &file]).await;
    assert_eq!((code, message.as_str()), (Some(0), ""));
    let answer: Value = serde_json::from_str(&printed).expect("JSON");
    let arm = &answer["arms"][0];
    assert_eq!(arm["name"], "new");
    assert!((arm["estimate"].as_f64().expect("a number") - 0.02).abs() < 1e-12);
    let p_value = arm["pValue"].as_f64().expect("a number");
    assert!(p_value > 0.05 && p_value < 0.1, "{p_value}");
    assert_eq!(answer["warnings"], json!([]));
}

#[tokio::test]
async fn a_list_of_questions_is_answered_by_a_list() {
    let directory = TempDir::new().expect("a directory");
    let ratio = json!({"test": "sampleRatio", "observed": [4000, 4000], "expected": [0.5, 0.5]});
    let file = write(directory.path(), &json!([question(), ratio]).to_string());
    let (code, printed, _) = run(&["analyze", &file]).await;
    assert_eq!(code, Some(0));
    let answers: Value = serde_json::from_str(&printed).expect("JSON");
    assert_eq!(answers[0]["arms"][0]["name"], "new");
    assert_eq!(answers[1], json!({"pValue": 1.0}));
}

#[tokio::test]
async fn a_malformed_question_ends_with_code_64_and_the_field() {
    let directory = TempDir::new().expect("a directory");
    let mut question = question();
    question["arms"][1]["units"] = json!("many");
    for (text, expected) in [
        (
            question.to_string(),
            "arms[1].units: must be a whole number from 0 on, not \"many\"",
        ),
        ("{".to_owned(), "is not JSON: the text ends too early"),
    ] {
        let file = write(directory.path(), &text);
        let (code, printed, message) = run(&["analyze", &file]).await;
        assert_eq!((code, printed.as_str()), (Some(64), ""));
        assert!(
            message.starts_with(&format!("peekaboo: {file}")),
            "{message}"
        );
        assert!(message.contains(expected), "{message}");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_ends_with_code_64_and_its_name() {
    let (code, _, message) = run(&["analyze", "/nowhere.json"]).await;
    assert_eq!(code, Some(64));
    assert!(
        message.starts_with("peekaboo: /nowhere.json: No such file"),
        "{message}"
    );
}
