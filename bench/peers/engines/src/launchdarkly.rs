//! LaunchDarkly's engine.
//!
//! It is given a flag, not a key, and leaves open where flags are kept. A store, by its interface, gives copies of flags;
//! here a map lends them, to the engine's advantage. What an SDK records of an evaluation is left out, as with ours.

use std::collections::{BTreeMap, HashMap};
use std::hint::black_box;

use anyhow::{Context as _, ensure};
use launchdarkly_server_sdk_evaluation::{
    Context, Detail, Flag, FlagValue, Reason, Segment, Store, evaluate,
};
use serde_json::{Value, json};

use crate::samples::median;
use crate::{PLAIN, THREE_RULES, plain_keys};

pub(crate) const PACKAGE: &str = "launchdarkly-server-sdk-evaluation";

/// Nanoseconds by flag.
pub(crate) fn measure() -> anyhow::Result<BTreeMap<&'static str, f64>> {
    let (flags, context) = (Flags::new()?, context()?);
    let plain = flags.evaluate(PLAIN, &context).context("no plain flag")?;
    ensure!(
        plain.value == Some(&FlagValue::Bool(true))
            && matches!(plain.reason, Reason::Fallthrough { .. }),
        "the plain flag is served as {plain:?}"
    );
    let split = flags.evaluate(THREE_RULES, &context);
    let split = split.context("no flag of three rules")?;
    ensure!(
        matches!(split.reason, Reason::RuleMatch { rule_index: 2, .. }) && split.value.is_some(),
        "the flag of three rules is served as {split:?}"
    );
    let one = |key| {
        median(|| {
            black_box(flags.evaluate(black_box(key), black_box(&context)));
        })
    };
    Ok([PLAIN, THREE_RULES]
        .map(|key| (key, one(key)))
        .into_iter()
        .collect())
}

struct Flags(HashMap<String, Flag>);

impl Flags {
    fn new() -> anyhow::Result<Self> {
        let plain = plain_keys().map(|key| flag(&key, &json!([])));
        let flags = plain.chain([flag(THREE_RULES, &three_rules())]);
        let by_key = flags.map(|flag| flag.map(|flag| (flag.key.clone(), flag)));
        Ok(Self(by_key.collect::<Result<_, _>>()?))
    }

    fn evaluate<'a>(&'a self, key: &str, context: &'a Context) -> Option<Detail<&'a FlagValue>> {
        let flag = self.0.get(key)?;
        Some(evaluate(self, flag, context, None))
    }
}

/// Where prerequisites and segments are looked up, which none of these flags has.
impl Store for Flags {
    fn flag(&self, key: &str) -> Option<Flag> {
        self.0.get(key).cloned()
    }

    fn segment(&self, _key: &str) -> Option<Segment> {
        None
    }
}

fn flag(key: &str, rules: &Value) -> serde_json::Result<Flag> {
    serde_json::from_value(json!({
        "key": key, "version": 1, "on": true, "variations": [true, false], "offVariation": 1,
        "fallthrough": {"variation": 0}, "targets": [], "prerequisites": [], "rules": rules, "salt": "salt"
    }))
}

/// The first two rules fail at their second clause; the third matches and splits.
fn three_rules() -> Value {
    let clause = |attribute: &str, op: &str, values: Value| {
        json!({
            "contextKind": "user", "attribute": attribute, "op": op, "values": values, "negate": false
        })
    };
    json!([
        {
            "id": "r1", "trackEvents": false, "variation": 1,
            "clauses": [
                clause("country", "in", json!(["SE", "NO", "DK"])),
                clause("plan", "in", json!(["enterprise", "trial"]))
            ]
        },
        {
            "id": "r2", "trackEvents": false, "variation": 1,
            "clauses": [
                clause("age", "greaterThanOrEqual", json!([18])),
                clause("email", "endsWith", json!(["@example.org", "@example.net"]))
            ]
        },
        {
            "id": "r3", "trackEvents": false,
            "rollout": {
                "contextKind": "user",
                "variations": [{"variation": 0, "weight": 50_000}, {"variation": 1, "weight": 50_000}]
            },
            "clauses": [
                clause("beta", "in", json!([true])),
                clause("device", "startsWith", json!(["ios", "android"]))
            ]
        }
    ])
}

fn context() -> serde_json::Result<Context> {
    serde_json::from_value(json!({
        "kind": "user", "key": "user-999", "country": "SE", "plan": "pro", "age": 34, "email": "Ann@Example.com",
        "beta": true, "device": "ios-17", "version": "2.11.3"
    }))
}
