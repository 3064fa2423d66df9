//! What a trace tells, above all where nothing could be served.

use peekaboo_flags::{CompiledRuleset, Context, StepKind, Trace};
use serde_json::{Value, json};

/// The trace of the flag `f` with these fields, for an empty context.
fn trace(fields: &Value) -> Trace {
    let mut flag = json!({
        "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "offVariation": "off",
        "fallthrough": {"variation": "on"}, "salt": "s"
    });
    for (name, value) in fields.as_object().expect("fields") {
        flag[name] = value.clone();
    }
    let ruleset = CompiledRuleset::load(&json!({"flags": {"f": flag}})).expect("a ruleset");
    ruleset.evaluate_traced("f", &Context::default()).1
}

/// The last step, which decided.
fn last(trace: &Trace) -> (StepKind, &str, bool, &str) {
    let step = trace.steps.last().expect("a step");
    (step.kind, &step.pointer, step.matched, &step.because)
}

#[test]
fn where_the_attribute_of_a_split_is_missing_the_fallthrough_says_so() {
    let trace =
        trace(&json!({"fallthrough": {"split": {"by": "org", "weights": [["on", 100_000]]}}}));
    let (kind, pointer, matched, because) = last(&trace);
    assert_eq!(
        (kind, pointer, matched),
        (StepKind::Fallthrough, "/fallthrough", false)
    );
    assert!(because.contains("org, which is missing"), "{because}");
}

#[test]
fn a_variation_that_the_flag_lacks_is_named() {
    let trace = trace(&json!({"fallthrough": {"variation": "blue"}}));
    let (kind, pointer, matched, because) = last(&trace);
    assert_eq!(
        (kind, pointer, matched),
        (StepKind::Variations, "/variations", false)
    );
    assert!(because.contains("\"blue\""), "{because}");
}

#[test]
fn an_off_variation_that_the_flag_lacks_is_named() {
    let trace = trace(&json!({"enabled": false, "offVariation": "blue"}));
    let (kind, pointer, matched, because) = last(&trace);
    assert_eq!((kind, pointer, matched), (StepKind::Off, "/enabled", false));
    assert!(because.contains("\"blue\""), "{because}");
}

#[test]
fn a_rule_tells_each_condition_that_it_looked_at() {
    let trace = trace(&json!({"rules": [{
        "id": "r1", "serve": {"variation": "off"},
        "when": {"all": [{"attribute": "a", "op": "exists", "negate": true}, {"attribute": "b", "op": "in", "values": [1]}]}
    }]}));
    let rule = &trace.steps[0];
    assert_eq!(
        (rule.kind, rule.pointer.as_str(), rule.matched),
        (StepKind::Rule, "/rules/0", false)
    );
    let all = &rule.steps[0];
    let looked_at: Vec<_> = all
        .steps
        .iter()
        .map(|step| (step.pointer.as_str(), step.matched))
        .collect();
    assert_eq!(
        looked_at,
        [
            ("/rules/0/when/all/0", true),
            ("/rules/0/when/all/1", false)
        ]
    );
    assert!(
        all.steps[1].because.contains("b is missing"),
        "{}",
        all.steps[1].because
    );
    assert_eq!(last(&trace).0, StepKind::Fallthrough);
}
