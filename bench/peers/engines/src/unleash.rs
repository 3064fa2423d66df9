//! Unleash's engine.
//!
//! A flag is on where one of its strategies is met, each of which is a rollout and constraints; a strategy cannot turn a
//! flag off. So rules are strategies here, and the split is a rollout to half of the users. The user is in that half,
//! since the engine asks for the rollout first and would not look at the constraints otherwise. The first two strategies
//! are of the kind `default`, whose rollout is to all and computes no hash. All values in a context are strings. What an
//! SDK counts of an evaluation is left out, as with ours.

use std::collections::BTreeMap;
use std::hint::black_box;

use anyhow::ensure;
use serde_json::{Value, json};
use unleash_types::client_features::{ClientFeatures, Context};
use unleash_yggdrasil::EngineState;

use crate::samples::median;
use crate::{PLAIN, THREE_RULES, plain_keys};

pub(crate) const PACKAGE: &str = "unleash-yggdrasil";

/// Nanoseconds by flag.
pub(crate) fn measure() -> anyhow::Result<BTreeMap<&'static str, f64>> {
    let (engine, context) = (engine()?, context("ios-17")?);
    for key in [PLAIN, THREE_RULES] {
        ensure!(engine.is_enabled(key, &context, &None), "{key} is off");
    }
    // It does not tell which strategy was met, so a user whom only the third turns away must be served nothing.
    ensure!(
        !engine.is_enabled(THREE_RULES, &self::context("web")?, &None),
        "the flag of three rules is on by another than the third"
    );
    let one = |key| {
        median(|| {
            black_box(engine.is_enabled(black_box(key), black_box(&context), &None));
        })
    };
    Ok([PLAIN, THREE_RULES]
        .map(|key| (key, one(key)))
        .into_iter()
        .collect())
}

fn engine() -> anyhow::Result<EngineState> {
    let plain = json!([{"name": "default", "constraints": [], "parameters": {}}]);
    let plain = plain_keys().map(|key| flag(&key, &plain));
    let flags: Vec<_> = plain.chain([flag(THREE_RULES, &three_rules())]).collect();
    let features: ClientFeatures =
        serde_json::from_value(json!({"version": 2, "features": flags}))?;
    let engine = EngineState::default();
    let warnings = engine.apply_client_features(features);
    ensure!(warnings.is_none(), "flags do not compile: {warnings:?}");
    Ok(engine)
}

fn flag(key: &str, strategies: &Value) -> Value {
    json!({"name": key, "enabled": true, "strategies": strategies})
}

/// The first two strategies fail at their second constraint; the third is met.
fn three_rules() -> Value {
    let one_of = |attribute: &str, operator: &str, values: Value| json!({"contextName": attribute, "operator": operator, "values": values});
    json!([
        {
            "name": "default", "parameters": {},
            "constraints": [
                one_of("country", "IN", json!(["SE", "NO", "DK"])),
                one_of("plan", "IN", json!(["enterprise", "trial"]))
            ]
        },
        {
            "name": "default", "parameters": {},
            "constraints": [
                {"contextName": "age", "operator": "NUM_GTE", "value": "18"},
                one_of("email", "STR_ENDS_WITH", json!(["@example.org", "@example.net"]))
            ]
        },
        {
            "name": "flexibleRollout",
            "parameters": {"rollout": "50", "stickiness": "userId", "groupId": "salt"},
            "constraints": [
                one_of("beta", "IN", json!(["true"])),
                one_of("device", "STR_STARTS_WITH", json!(["ios", "android"]))
            ]
        }
    ])
}

fn context(device: &str) -> serde_json::Result<Context> {
    serde_json::from_value(json!({
        "userId": "user-999",
        "properties": {
            "country": "SE", "plan": "pro", "age": "34", "email": "Ann@Example.com", "beta": "true", "device": device,
            "version": "2.11.3"
        }
    }))
}
