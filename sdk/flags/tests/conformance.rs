//! Runs every case of `sdk/conformance/evaluation`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use peekaboo_flags::{Changes, CompiledRuleset, Context, Flag};
use serde::Deserialize;
use serde_json::{Value, json};

/// Fewer mean that files went missing.
const FEWEST_CASES: usize = 1_200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "description")]
    _description: String,
    #[serde(default = "empty_object")]
    ruleset: Value,
    #[serde(default)]
    cases: Vec<Case>,
    #[serde(default)]
    conditions: Vec<ConditionCase>,
    #[serde(default)]
    buckets: Vec<BucketCase>,
}

fn empty_object() -> Value {
    json!({})
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    flag: String,
    context: Context,
    expect: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionCase {
    name: String,
    condition: Value,
    context: Context,
    matches: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BucketCase {
    name: String,
    seed: String,
    value: Value,
    bucket: Option<u32>,
}

impl From<BucketCase> for ConditionCase {
    fn from(case: BucketCase) -> Self {
        let (from, below) = case
            .bucket
            .map_or((0, 100_000), |bucket| (bucket, bucket + 1));
        ConditionCase {
            name: case.name,
            condition: json!({"bucket": {"by": "value", "seed": case.seed, "from": from, "below": below}}),
            context: Context::default().with("value", case.value),
            matches: case.bucket.is_some(),
        }
    }
}

impl ConditionCase {
    /// Evaluates the condition next to the file's own flags and segments.
    fn failure(&self, ruleset: &CompiledRuleset) -> Option<String> {
        let flag = json!({
            "type": "boolean", "enabled": true, "variations": {"true": true, "false": false}, "salt": "salt",
            "version": 1,
            "rules": [{"id": "condition", "when": self.condition, "serve": {"variation": "true"}}],
            "fallthrough": {"variation": "false"}
        });
        let flag = Flag::deserialize(flag).expect("a condition that can be read");
        let put_flags = BTreeMap::from([("condition".to_owned(), flag)]);
        let ruleset = ruleset.with(&Changes {
            put_flags,
            ..Changes::default()
        });
        let expect = if self.matches {
            json!({"value": true, "variation": "true", "reason": "TARGETING_MATCH", "ruleId": "condition",
                "ruleIndex": 0, "flagVersion": 1})
        } else {
            json!({"value": false, "variation": "false", "reason": "DEFAULT", "flagVersion": 1})
        };
        failure(&ruleset, "condition", &self.context, &expect)
    }
}

/// What differs from what is expected, with the trace to see why.
fn failure(
    ruleset: &CompiledRuleset,
    flag: &str,
    context: &Context,
    expect: &Value,
) -> Option<String> {
    let plain = ruleset.evaluate(flag, context);
    let (traced, trace) = ruleset.evaluate_traced(flag, context);
    if plain != traced {
        return Some(format!(
            "with a trace: {traced:?}\n  without:      {plain:?}"
        ));
    }
    let mut detail = plain.to_json();
    detail
        .as_object_mut()
        .expect("an object")
        .remove("errorDetails");
    if same(&detail, expect) {
        return None;
    }
    let trace = serde_json::to_string_pretty(&trace).expect("JSON");
    Some(format!(
        "expected {expect}\n  is       {detail}\n  {:?}\n{trace}",
        plain.error_details
    ))
}

/// Equality with numbers as doubles.
fn same(own: &Value, other: &Value) -> bool {
    match (own, other) {
        (Value::Number(own), Value::Number(other)) => own.as_f64() == other.as_f64(),
        (Value::Array(own), Value::Array(other)) => {
            own.len() == other.len() && own.iter().zip(other).all(|(own, other)| same(own, other))
        }
        (Value::Object(own), Value::Object(other)) => {
            let equal = |(name, value)| other.get(name).is_some_and(|other| same(value, other));
            own.len() == other.len() && own.iter().all(equal)
        }
        _ => own == other,
    }
}

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/evaluation");
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files
}

#[test]
#[expect(clippy::print_stdout, reason = "the count is the report")]
fn every_conformance_case_holds() {
    let mut count = 0;
    let mut failures = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("a readable file");
        let file: File = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let ruleset = CompiledRuleset::load(&file.ruleset).expect("a ruleset");
        let mut names = BTreeSet::new();
        let mut report = |name: &str, failure: Option<String>| {
            count += 1;
            let place = format!("{}: {name}", path.file_name().unwrap_or_default().display());
            assert!(names.insert(name.to_owned()), "{place}: the name is taken");
            failures.extend(failure.map(|failure| format!("{place}\n  {failure}")));
        };
        for case in &file.cases {
            report(
                &case.name,
                failure(&ruleset, &case.flag, &case.context, &case.expect),
            );
        }
        for case in file
            .conditions
            .into_iter()
            .chain(file.buckets.into_iter().map(ConditionCase::from))
        {
            report(&case.name, case.failure(&ruleset));
        }
    }
    println!("{count} conformance cases");
    assert!(
        failures.is_empty(),
        "{} of {count} cases fail:\n{}",
        failures.len(),
        failures.join("\n")
    );
    assert!(
        count >= FEWEST_CASES,
        "{count} cases are fewer than there were"
    );
}
