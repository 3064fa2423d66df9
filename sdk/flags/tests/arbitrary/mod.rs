//! Rulesets, changes and contexts of every shape: mostly good, over few names, so that references meet.

use peekaboo_flags::Context;
use peekaboo_flags::model::Operator;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

/// Keys of flags and segments alike.
pub(crate) fn key() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned)
}

fn variation() -> impl Strategy<Value = &'static str> {
    // The last is one that flags lack.
    prop_oneof![8 => Just("on"), 8 => Just("off"), 1 => Just("blue")]
}

fn attribute() -> impl Strategy<Value = &'static str> {
    select(vec![
        "targetingKey",
        "x",
        "y",
        "/o/p",
        "/o/0",
        "/targetingKey",
        "missing",
        "/~",
    ])
}

/// Values that some operator can read, and some that none can.
pub(crate) fn operand() -> impl Strategy<Value = Value> {
    let texts = [
        "",
        "a",
        "A",
        "ab",
        "user-1",
        "1.2.3",
        "1.2",
        "1.0.0-rc.1",
        "v1",
        "10.0.0.1",
        "10.0.0.0/8",
        "::ffff:10.0.0.1",
        "2024-01-01T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "^a.*b$",
        "(",
        r"\d+",
        "é",
        "🙂",
    ];
    let numbers = [
        json!(0),
        json!(-0.0),
        json!(1),
        json!(2.5),
        json!(-7),
        json!(1e300),
        json!(u64::MAX),
    ];
    prop_oneof![
        6 => select(texts.to_vec()).prop_map(Value::from),
        3 => select(numbers.to_vec()),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<String>().prop_map(Value::from),
    ]
}

fn attribute_value() -> impl Strategy<Value = Value> {
    let list = vec(operand(), 0..4).prop_map(Value::from);
    prop_oneof![6 => operand(), 2 => list, 1 => Just(json!({"p": "a", "0": 1}))]
}

/// A context over the names that conditions use.
pub(crate) fn context() -> impl Strategy<Value = Context> {
    let attributes = btree_map(select(vec!["x", "y", "o", "z"]), attribute_value(), 0..4);
    let key = proptest::option::of(prop_oneof![Just("user-1".to_owned()), any::<String>()]);
    (key, attributes).prop_map(|(targeting_key, attributes)| {
        let attributes = attributes
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value));
        Context {
            targeting_key,
            attributes: attributes.collect(),
        }
    })
}

fn clause() -> impl Strategy<Value = Value> {
    let op = select(Operator::ALL.to_vec());
    (attribute(), op, vec(operand(), 0..4), any::<bool>(), any::<bool>()).prop_map(
        |(attribute, op, values, negate, ignore_case)| {
            json!({"attribute": attribute, "op": op, "values": values, "negate": negate, "ignoreCase": ignore_case})
        },
    )
}

fn condition() -> impl Strategy<Value = Value> {
    let bucket = (attribute(), proptest::option::of("[ab]"), 0_u32..=100_000, 0_u32..=100_000)
        .prop_map(|(by, seed, from, below)| json!({"bucket": {"by": by, "seed": seed, "from": from, "below": below}}));
    let leaf = prop_oneof![
        6 => clause(),
        1 => bucket,
        2 => key().prop_map(|key| json!({"segment": key})),
        1 => (key(), vec(variation(), 0..3)).prop_map(|(key, names)| json!({"flag": key, "variations": names})),
    ];
    leaf.prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|conditions| json!({"all": conditions})),
            vec(inner.clone(), 0..4).prop_map(|conditions| json!({"any": conditions})),
            inner.prop_map(|condition| json!({"not": condition})),
        ]
    })
}

fn serve() -> impl Strategy<Value = Value> {
    let split = (
        attribute(),
        proptest::option::of("[ab]"),
        0_u32..=100_000,
        prop_oneof![9 => Just(0), 1 => Just(1)],
    )
        .prop_map(|(by, seed, first, excess)| {
            let weights = json!([["on", first], ["off", 100_000 - first + excess]]);
            json!({"split": {"by": by, "seed": seed, "weights": weights}})
        });
    prop_oneof![2 => variation().prop_map(|name| json!({"variation": name})), 1 => split]
}

/// A flag that can be read, if not always one that could be written.
pub(crate) fn flag() -> impl Strategy<Value = Value> {
    let prerequisites = vec((key(), vec(variation(), 0..3)), 0..2);
    let targets = vec((variation(), attribute(), vec(operand(), 0..4)), 0..2);
    let rules = vec((condition(), serve()), 0..3);
    let off = proptest::option::of(variation());
    (prop::bool::weighted(0.9), prerequisites, targets, rules, serve(), off, any::<u32>()).prop_map(
        |(enabled, prerequisites, targets, rules, fallthrough, off, version)| {
            let prerequisites: Vec<_> = prerequisites
                .into_iter()
                .map(|(flag, variations)| json!({"flag": flag, "variations": variations}))
                .collect();
            let targets: Vec<_> = targets
                .into_iter()
                .map(|(variation, attribute, values)| {
                    json!({"variation": variation, "attribute": attribute, "values": values})
                })
                .collect();
            let rules: Vec<_> = rules
                .into_iter()
                .enumerate()
                .map(|(index, (when, serve))| json!({"id": format!("r{index}"), "when": when, "serve": serve}))
                .collect();
            json!({
                "type": "boolean", "enabled": enabled, "variations": {"on": true, "off": false}, "offVariation": off,
                "prerequisites": prerequisites, "targets": targets, "rules": rules, "fallthrough": fallthrough,
                "salt": "salt", "version": version, "clientVisible": true
            })
        },
    )
}

fn segment() -> impl Strategy<Value = Value> {
    (attribute(), vec(operand(), 0..3), vec(operand(), 0..3), condition()).prop_map(
        |(attribute, included, excluded, when)| {
            json!({"attribute": attribute, "included": included, "excluded": excluded, "when": when})
        },
    )
}

/// A ruleset that can be read.
pub(crate) fn ruleset() -> impl Strategy<Value = Value> {
    (btree_map(key(), flag(), 0..4), btree_map(key(), segment(), 0..4))
        .prop_map(|(flags, segments)| json!({"epoch": "e", "version": 1, "flags": flags, "segments": segments}))
}

/// Changes to such a ruleset.
pub(crate) fn changes() -> impl Strategy<Value = Value> {
    let put = (
        btree_map(key(), flag(), 0..2),
        btree_map(key(), segment(), 0..2),
    );
    let deleted = (vec(key(), 0..2), vec(key(), 0..2));
    (put, deleted).prop_map(
        |((put_flags, put_segments), (mut deleted_flags, mut deleted_segments))| {
            deleted_flags.retain(|key| !put_flags.contains_key(key));
            deleted_segments.retain(|key| !put_segments.contains_key(key));
            json!({
                "putFlags": put_flags, "deletedFlags": deleted_flags,
                "putSegments": put_segments, "deletedSegments": deleted_segments
            })
        },
    )
}

/// Any JSON, with the format's own names among its own.
pub(crate) fn any_json() -> impl Strategy<Value = Value> {
    let names = [
        "flags",
        "segments",
        "type",
        "variations",
        "fallthrough",
        "variation",
        "split",
        "weights",
        "rules",
        "when",
        "all",
        "not",
        "attribute",
        "op",
        "values",
        "bucket",
        "below",
        "included",
        "targetingKey",
        "boolean",
        "in",
    ];
    let name =
        prop_oneof![4 => select(names.to_vec()).prop_map(str::to_owned), 1 => any::<String>()];
    let leaf = prop_oneof![operand(), name.clone().prop_map(Value::from)];
    leaf.prop_recursive(6, 40, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(name.clone(), inner, 0..5)
                .prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// The same with one part of it replaced by anything.
pub(crate) fn spoilt(json: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (
        json,
        any_json(),
        any::<prop::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(|(mut json, junk, place, spoil)| {
            let mut parts = parts(&json);
            let place = parts.swap_remove(place.index(parts.len()));
            if let Some(part) = json.pointer_mut(&place).filter(|_| spoil) {
                *part = junk;
            }
            json
        })
}

/// Pointers to every part.
fn parts(json: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut next = 0;
    while let Some(pointer) = found.get(next).cloned() {
        next += 1;
        match json.pointer(&pointer) {
            Some(Value::Object(fields)) => {
                found.extend(fields.keys().map(|name| format!("{pointer}/{name}")));
            }
            Some(Value::Array(items)) => {
                found.extend((0..items.len()).map(|index| format!("{pointer}/{index}")));
            }
            _ => {}
        }
    }
    found
}
