//! What is evaluated to say how long an evaluation takes: a ruleset of a thousand flags, a context, and a flag of each
//! kind. `peekaboo-bench evaluate` and criterion's bench of the same name measure these.

use peekaboo_flags::{CompiledRuleset, Context, Reason};
use serde::Deserialize as _;
use serde_json::{Map, Value, json};

/// A flag to evaluate.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// What it is, for people.
    pub name: &'static str,
    /// The flag's key.
    pub flag: &'static str,
    /// Why it must serve what it does, so that the right thing is measured.
    pub reason: Reason,
    /// The nanoseconds that it ought to take at most, where that is said anywhere.
    pub goal: Option<f64>,
}

const fn case(name: &'static str, flag: &'static str, reason: Reason, goal: Option<f64>) -> Case {
    Case {
        name,
        flag,
        reason,
        goal,
    }
}

/// The flags to evaluate.
pub const CASES: [Case; 9] = [
    case("plain flag", "flag-500", Reason::Static, Some(25.0)),
    case(
        "three rules of two clauses with a split",
        "three-rules",
        Reason::Split,
        Some(150.0),
    ),
    case(
        "segment of 1,000 keys",
        "segment",
        Reason::TargetingMatch,
        None,
    ),
    case(
        "one of 100,000 values",
        "long-list",
        Reason::TargetingMatch,
        None,
    ),
    case("regular expression", "pattern", Reason::Default, None),
    case("semantic version", "version", Reason::TargetingMatch, None),
    case("ignoring case", "ignore-case", Reason::TargetingMatch, None),
    case("prerequisite", "prerequisite", Reason::Default, None),
    case("unknown flag", "none", Reason::Error, None),
];

fn plain() -> Value {
    json!({
        "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "offVariation": "off",
        "fallthrough": {"variation": "on"}, "salt": "salt", "version": 1
    })
}

fn with_rule(when: &Value) -> Value {
    let mut flag = plain();
    flag["rules"] = json!([{"id": "r", "when": when, "serve": {"variation": "off"}}]);
    flag
}

fn clause(attribute: &str, op: &str, values: &Value) -> Value {
    json!({"attribute": attribute, "op": op, "values": values})
}

/// A flag whose first two rules fail at their second clause, and whose third matches and splits.
pub fn three_rules() -> Value {
    let mut flag = plain();
    flag["rules"] = json!([
        {
            "id": "r1", "serve": {"variation": "off"},
            "when": {"all": [
                clause("country", "in", &json!(["SE", "NO", "DK"])),
                clause("plan", "in", &json!(["enterprise", "trial"]))
            ]}
        },
        {
            "id": "r2", "serve": {"variation": "off"},
            "when": {"all": [
                clause("age", "gte", &json!([18])),
                clause("email", "endsWith", &json!(["@example.org", "@example.net"]))
            ]}
        },
        {
            "id": "r3", "serve": {"split": {"weights": [["on", 50_000], ["off", 50_000]]}},
            "when": {"all": [
                clause("beta", "in", &json!([true])),
                clause("device", "startsWith", &json!(["ios", "android"]))
            ]}
        }
    ]);
    flag
}

/// A thousand plain flags and the special ones.
///
/// # Panics
///
/// Never: the ruleset is fixed.
pub fn ruleset() -> CompiledRuleset {
    let mut flags: Map<String, Value> = (0..1_000)
        .map(|index| (format!("flag-{index}"), plain()))
        .collect();
    flags.insert("three-rules".into(), three_rules());
    flags.insert("segment".into(), with_rule(&json!({"segment": "thousand"})));
    let keys: Vec<_> = (0..100_000).map(|index| format!("user-{index}")).collect();
    flags.insert(
        "long-list".into(),
        with_rule(&clause("targetingKey", "in", &json!(keys))),
    );
    flags.insert(
        "pattern".into(),
        with_rule(&clause(
            "email",
            "matches",
            &json!([r"^[\w.+-]+@example\.(com|org)$"]),
        )),
    );
    flags.insert(
        "version".into(),
        with_rule(&clause("version", "semverGte", &json!(["2.10.0"]))),
    );
    flags.insert("ignore-case".into(), {
        let mut clause = clause("email", "endsWith", &json!(["@EXAMPLE.com"]));
        clause["ignoreCase"] = json!(true);
        with_rule(&clause)
    });
    let mut needy = plain();
    needy["prerequisites"] = json!([{"flag": "flag-1", "variations": ["on"]}]);
    flags.insert("prerequisite".into(), needy);
    let segments = json!({"thousand": {"included": &keys[..1_000]}});
    CompiledRuleset::load(&json!({"flags": flags, "segments": segments})).expect("a ruleset")
}

/// Who the flags are evaluated for.
///
/// # Panics
///
/// Never: the context is fixed.
pub fn context() -> Context {
    let attributes = json!({
        "targetingKey": "user-999", "country": "SE", "plan": "pro", "age": 34, "email": "Ann@Example.com", "beta": true,
        "device": "ios-17", "version": "2.11.3"
    });
    Context::deserialize(attributes).expect("a context")
}
