//! What an evaluation costs, key lookup included, in a ruleset of a thousand flags.
//!
//! `cargo bench -p peekaboo-bench --bench evaluate`. Goals: a plain flag below 25 ns, three rules of two clauses with a
//! split below 150 ns.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use peekaboo_flags::{Changes, CompiledRuleset, Context, Flag, Reason};
use serde::Deserialize;
use serde_json::{Map, Value, json};

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

/// The first two rules fail at their second clause, the third matches and splits.
fn three_rules() -> Value {
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

fn ruleset() -> CompiledRuleset {
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

fn context() -> Context {
    let attributes = json!({
        "targetingKey": "user-999", "country": "SE", "plan": "pro", "age": 34, "email": "Ann@Example.com", "beta": true,
        "device": "ios-17", "version": "2.11.3"
    });
    Context::deserialize(attributes).expect("a context")
}

fn evaluation(criterion: &mut Criterion) {
    let ruleset = ruleset();
    let context = context();
    let mut group = criterion.benchmark_group("evaluate");
    let cases = [
        ("plain flag", "flag-500", Reason::Static),
        (
            "three rules of two clauses with a split",
            "three-rules",
            Reason::Split,
        ),
        ("segment of 1,000 keys", "segment", Reason::TargetingMatch),
        ("one of 100,000 values", "long-list", Reason::TargetingMatch),
        ("regular expression", "pattern", Reason::Default),
        ("semantic version", "version", Reason::TargetingMatch),
        ("ignoring case", "ignore-case", Reason::TargetingMatch),
        ("prerequisite", "prerequisite", Reason::Default),
        ("unknown flag", "none", Reason::Error),
    ];
    for (name, key, reason) in cases {
        assert_eq!(ruleset.evaluate(key, &context).reason, reason, "{name}");
        group.bench_function(name, |bencher| {
            bencher.iter(|| ruleset.evaluate(black_box(key), black_box(&context)));
        });
    }
    group.bench_function(
        "three rules of two clauses with a split, traced",
        |bencher| {
            bencher.iter(|| ruleset.evaluate_traced(black_box("three-rules"), black_box(&context)));
        },
    );
    group.finish();
}

fn change(criterion: &mut Criterion) {
    let ruleset = ruleset();
    let flag = Flag::deserialize(three_rules()).expect("a flag");
    let changes = Changes {
        put_flags: [("flag-7".to_owned(), flag)].into(),
        ..Changes::default()
    };
    let mut group = criterion.benchmark_group("change");
    group.bench_function("one of 1,000 flags", |bencher| {
        bencher.iter(|| ruleset.with(black_box(&changes)));
    });
    group.bench_function("flags affected", |bencher| {
        bencher.iter(|| ruleset.affected_by(black_box(&changes)));
    });
    group.finish();
}

criterion_group!(benches, evaluation, change);
criterion_main!(benches);
