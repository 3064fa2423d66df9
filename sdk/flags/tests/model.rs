//! The public JSON form: what is read, what is refused, and that it survives both encodings.

use peekaboo_flags::model::{Condition, MAX_CONDITION_DEPTH, Operator, Segment, Serve};
use peekaboo_flags::{
    Changes, CompiledRuleset, Context, ErrorCode, Flag, Limits, MAX_VALUE_DEPTH, Ruleset,
    validate_flag,
};
use serde_json::{Value, json};

fn canonical() -> Value {
    json!({
        "epoch": "e1",
        "version": 42,
        "flags": {
            "new-checkout": {
                "type": "boolean",
                "enabled": true,
                "variations": {"on": true, "off": false},
                "offVariation": "off",
                "prerequisites": [{"flag": "payments-v2", "variations": ["on"]}],
                "targets": [{"variation": "on", "attribute": "targetingKey", "values": ["user-1", 7, true]}],
                "rules": [{
                    "id": "r1",
                    "when": {"all": [
                        {"any": []},
                        {"not": {"segment": "beta"}},
                        {"flag": "payments-v2", "variations": ["on"]},
                        {"bucket": {"by": "targetingKey", "seed": "s", "from": 0, "below": 25_000}},
                        {"attribute": "country", "op": "in", "values": ["SE", 1.5], "negate": false, "ignoreCase": true}
                    ]},
                    "serve": {"split": {"by": "/org/key", "weights": [["on", 10_000], ["off", 90_000]]}}
                }],
                "fallthrough": {"variation": "on"},
                "salt": "salty",
                "version": 7,
                "clientVisible": true,
                "track": false
            }
        },
        "segments": {
            "beta": {
                "attribute": "targetingKey", "included": ["user-2"], "excluded": [], "when": {"any": []}, "version": 3
            }
        }
    })
}

#[test]
fn the_canonical_form_round_trips_through_json() {
    let ruleset: Ruleset = serde_json::from_value(canonical()).unwrap();
    assert_eq!(serde_json::to_value(&ruleset).unwrap(), canonical());
}

#[test]
fn the_canonical_form_round_trips_through_message_pack() {
    let ruleset: Ruleset = serde_json::from_value(canonical()).unwrap();
    let bytes = rmp_serde::to_vec_named(&ruleset).unwrap();
    assert_eq!(rmp_serde::from_slice::<Ruleset>(&bytes).unwrap(), ruleset);
    assert_eq!(rmp_serde::from_slice::<Value>(&bytes).unwrap(), canonical());
}

#[test]
fn omitted_fields_have_defaults_and_unknown_ones_are_ignored() {
    let ruleset: Ruleset = serde_json::from_value(json!({
        "flags": {"f": {
            "type": "string", "variations": {"a": "A"}, "new": {"deep": []},
            "fallthrough": {"split": {"weights": [["a", 100_000.0]]}, "new": 1},
            "rules": [{"when": {"attribute": "x", "op": "exists", "new": [[]]}, "serve": {"variation": "a"}}],
            "targets": [{"variation": "a"}]
        }},
        "segments": {"s": {"when": null}, "t": {}},
        "new": null
    }))
    .unwrap();
    let flag = &ruleset.flags["f"];
    assert!(!flag.enabled);
    assert_eq!(flag.off_variation, None);
    assert_eq!(flag.targets[0].attribute, "targetingKey");
    let Serve::Split(split) = &flag.fallthrough else {
        panic!("a split")
    };
    assert_eq!((split.by.as_str(), &split.seed), ("targetingKey", &None));
    assert_eq!(split.weights, [("a".to_owned(), 100_000)]);
    assert_eq!(ruleset.segments["s"], Segment::default());
    assert_eq!(ruleset.segments["t"], Segment::default());
}

#[test]
fn a_condition_with_no_or_several_forms_is_refused_by_name() {
    let cases = [
        (json!({}), "exactly one of"),
        (json!({"all": [], "any": []}), "exactly one of"),
        (
            json!({"segment": "s", "attribute": "a", "op": "exists"}),
            "exactly one of",
        ),
        (json!({"flag": "f"}), "missing field `variations`"),
        (json!({"attribute": "a"}), "missing field `op`"),
        (
            json!({"attribute": "a", "op": "like"}),
            "unknown variant `like`",
        ),
        (json!({"bucket": {"from": 0}}), "missing field `below`"),
        (json!({"bucket": {"below": -1}}), "a whole number"),
        (json!({"bucket": {"below": 0.5}}), "a whole number"),
        (json!({"not": null}), "expected a condition"),
        (json!([]), "expected a condition"),
        (json!({"all": {}}), "expected a list of conditions"),
    ];
    for (condition, expected) in cases {
        let refusal = serde_json::from_value::<Condition>(condition.clone())
            .unwrap_err()
            .to_string();
        assert!(refusal.contains(expected), "{condition}: {refusal}");
    }
}

#[test]
fn a_serve_is_a_variation_or_a_split() {
    for serve in [
        json!({}),
        json!({"variation": null}),
        json!({"variation": "a", "split": {"weights": []}}),
    ] {
        assert!(
            serde_json::from_value::<Serve>(serve.clone()).is_err(),
            "{serve}"
        );
    }
}

#[test]
fn a_body_nested_five_thousand_deep_is_a_clear_error() {
    let text = format!(
        "{}{}{}",
        r#"{"not":"#.repeat(5_000),
        r#"{"all":[]}"#,
        "}".repeat(5_000)
    );
    let refusal = serde_json::from_str::<Condition>(&text)
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("conditions nest at most 32 deep"),
        "{refusal}"
    );

    // As MessagePack: 5,000 maps of one entry, "not".
    let bytes: Vec<u8> = b"\x81\xa3not"
        .iter()
        .copied()
        .cycle()
        .take(25_000)
        .collect();
    let refusal = rmp_serde::from_slice::<Condition>(&bytes)
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("conditions nest at most 32 deep"),
        "{refusal}"
    );
}

#[test]
fn the_deepest_condition_allowed_parses_from_text() {
    let text = format!(
        "{}{}{}",
        r#"{"all":["#.repeat(31),
        r#"{"segment":"s"}"#,
        "]}".repeat(31)
    );
    assert!(serde_json::from_str::<Condition>(&text).is_ok());
}

#[test]
fn operators_are_named_as_in_json() {
    for op in Operator::ALL {
        assert_eq!(serde_json::to_value(op).unwrap(), op.as_str());
    }
    assert_eq!(Operator::ALL.len(), 18);
}

#[test]
fn the_deepest_flag_that_may_be_written_can_be_read_back_wherever_it_is_kept() {
    let value = (1..MAX_VALUE_DEPTH).fold(json!({}), |inner, _| json!({"in": inner}));
    let condition =
        (1..MAX_CONDITION_DEPTH).fold(json!({"segment": "beta"}), |inner, _| json!({"not": inner}));
    let mut flag = canonical()["flags"]["new-checkout"].clone();
    flag["type"] = json!("object");
    flag["variations"] = json!({"on": value, "off": {}});
    flag["rules"][0]["when"] = condition;
    let flag: Flag = serde_json::from_value(flag).unwrap();
    let limits = Limits {
        value_depth: usize::MAX,
        condition_depth: usize::MAX,
        ..Limits::default()
    };
    assert_eq!(validate_flag(&flag, &limits), Ok(()));
    let ruleset = Ruleset {
        flags: [("deep".to_owned(), flag.clone())].into(),
        ..Ruleset::default()
    };
    let changes = Changes {
        put_flags: [("deep".to_owned(), flag)].into(),
        ..Changes::default()
    };
    // As an export, in the change log, and in a file that holds the rulesets of many environments.
    let export = serde_json::to_vec(&ruleset).unwrap();
    assert_eq!(serde_json::from_slice::<Ruleset>(&export).unwrap(), ruleset);
    let entry = serde_json::to_vec(&changes).unwrap();
    assert_eq!(serde_json::from_slice::<Changes>(&entry).unwrap(), changes);
    let file = serde_json::to_vec(&json!({"rulesets": {"e": ruleset}})).unwrap();
    assert!(serde_json::from_slice::<Value>(&file).is_ok());
}

#[test]
fn a_change_of_the_wire_is_read_leniently() {
    let ruleset = CompiledRuleset::load(&canonical()).unwrap();
    let mut future = canonical()["flags"]["new-checkout"].clone();
    future["rules"][0]["when"] = json!({"attribute": "a", "op": "soundsLike", "values": ["b"]});
    let put = json!({
        "from-the-future": future,
        "plain": {"type": "boolean", "enabled": true, "variations": {"on": true}, "fallthrough": {"variation": "on"}}
    });
    let segments = json!({"beta": {"included": ["user-9"]}});
    let changed = ruleset.with_json(
        (put.as_object().unwrap(), &["new-checkout".to_owned()]),
        (segments.as_object().unwrap(), &[]),
    );
    let context = Context::default();
    let value = |key: &str| changed.evaluate(key, &context).value.cloned();
    assert_eq!(value("plain"), Some(json!(true)));
    let unknown = changed.evaluate("from-the-future", &context);
    assert_eq!(unknown.error_code, Some(ErrorCode::General));
    let gone = changed.evaluate("new-checkout", &context);
    assert_eq!(gone.error_code, Some(ErrorCode::FlagNotFound));
    assert!(
        ruleset.flag("new-checkout").is_some(),
        "the former one stays"
    );
}
