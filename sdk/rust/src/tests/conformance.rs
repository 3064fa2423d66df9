//! Runs `sdk/conformance/evaluation` by the client, from a file as an application has it.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::rig::PATIENCE;
use crate::{Client, Context, Source};

#[derive(Deserialize)]
struct File {
    #[serde(default = "empty")]
    ruleset: Value,
    #[serde(default)]
    cases: Vec<Case>,
    #[serde(default)]
    conditions: Vec<Condition>,
}

fn empty() -> Value {
    json!({})
}

#[derive(Deserialize)]
struct Case {
    name: String,
    flag: String,
    context: Context,
    expect: Value,
}

#[derive(Deserialize)]
struct Condition {
    name: String,
    #[serde(rename = "condition")]
    when: Value,
    context: Context,
    matches: bool,
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/evaluation");
    let files = fs::read_dir(folder).expect("the cases");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    paths
}

async fn client(directory: &TempDir, ruleset: &Value) -> Client {
    let path = directory.path().join("ruleset.json");
    fs::write(&path, ruleset.to_string()).expect("written");
    let client = Client::local(Source::file(path)).build().expect("a client");
    assert_eq!(client.ready(PATIENCE).await, Ok(()));
    client
}

/// Numbers are doubles; what says nothing is not there.
fn normal(mut detail: Value) -> Value {
    let fields = detail.as_object_mut().expect("an object");
    fields.remove("errorDetails");
    fields.retain(|field, value| field == "value" || !value.is_null());
    doubles(detail)
}

fn doubles(value: Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.into_iter().map(doubles).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, doubles(value)))
            .collect(),
        other => other,
    }
}

#[tokio::test]
async fn every_case_comes_to_its_detail() {
    let directory = TempDir::new().expect("a directory");
    let mut ran = 0;
    for path in files() {
        let text = fs::read(&path).expect("a file");
        let file: File = serde_json::from_slice(&text).expect("cases");
        let client = client(&directory, &file.ruleset).await;
        for Case {
            name,
            flag,
            context,
            expect,
        } in file.cases
        {
            let detail = client.detail(&flag, &context, Value::Null);
            let detail = serde_json::to_value(detail).expect("JSON");
            assert_eq!(normal(detail), normal(expect), "{}: {name}", path.display());
            ran += 1;
        }
    }
    assert!(ran > 200, "{ran} cases were found");
}

#[tokio::test]
async fn every_condition_matches_whom_it_should() {
    let directory = TempDir::new().expect("a directory");
    let mut ran = 0;
    for path in files() {
        let text = fs::read(&path).expect("a file");
        let file: File = serde_json::from_slice(&text).expect("cases");
        let mut ruleset = file.ruleset;
        for (index, Condition { when, .. }) in file.conditions.iter().enumerate() {
            ruleset["flags"][format!("condition-{index}")] = json!({
                "type": "boolean", "enabled": true, "variations": {"true": true, "false": false}, "salt": "salt",
                "version": 1, "fallthrough": {"variation": "false"},
                "rules": [{"id": "condition", "when": when, "serve": {"variation": "true"}}],
            });
        }
        let client = client(&directory, &ruleset).await;
        for (
            index,
            Condition {
                name,
                context,
                matches,
                ..
            },
        ) in file.conditions.iter().enumerate()
        {
            let served = client.bool(&format!("condition-{index}"), context, !matches);
            assert_eq!(served, *matches, "{}: {name}", path.display());
            ran += 1;
        }
    }
    assert!(ran > 200, "{ran} conditions were found");
}
