//! What may not be written: each refusal names the field and the fix.

use peekaboo_flags::{
    Flag, Limits, MAX_VALUE_DEPTH, Problem, Segment, validate_flag, validate_segment,
};
use serde_json::{Value, json};

fn valid() -> Value {
    json!({
        "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "offVariation": "off",
        "prerequisites": [{"flag": "other", "variations": ["on"]}],
        "targets": [{"variation": "on", "values": ["u1", 7]}],
        "rules": [{"id": "r1", "when": {"all": [
            {"attribute": "email", "op": "matches", "values": ["@example\\.com$"], "ignoreCase": true},
            {"attribute": "seen", "op": "exists"},
            {"segment": "beta"}
        ]}, "serve": {"variation": "on"}}],
        "fallthrough": {"split": {"weights": [["on", 1], ["off", 99_999]]}},
        "salt": "s"
    })
}

/// The problems of the valid flag with one thing changed.
fn problems_with(pointer: &str, value: Value) -> Vec<Problem> {
    let mut flag = valid();
    *flag
        .pointer_mut(pointer)
        .unwrap_or_else(|| panic!("{pointer}")) = value;
    let flag: Flag = serde_json::from_value(flag).unwrap();
    validate_flag(&flag, &Limits::default())
        .err()
        .unwrap_or_default()
}

fn first(problems: &[Problem]) -> (&str, &str) {
    let problem = problems.first().expect("a problem");
    (&problem.pointer, problem.code)
}

#[test]
fn a_valid_flag_has_no_problem() {
    assert_eq!(problems_with("/salt", json!("other")), []);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_problem_names_its_field() {
    let clause = "/rules/0/when/all/0";
    let with = |op: &str, values: Value| json!({"attribute": "a", "op": op, "values": values});
    let value_0 = "/rules/0/when/all/0/values/0";
    let cases = [
        ("/variations", json!({}), "/variations", "required"),
        (
            "/variations/on",
            json!("yes"),
            "/variations/on",
            "wrong_type",
        ),
        (
            "/offVariation",
            json!("blue"),
            "/offVariation",
            "unknown_variation",
        ),
        (
            "/prerequisites/0/variations",
            json!([]),
            "/prerequisites/0/variations",
            "required",
        ),
        (
            "/prerequisites/0/flag",
            json!("Bad Key"),
            "/prerequisites/0/flag",
            "malformed_key",
        ),
        (
            "/targets/0/variation",
            json!("blue"),
            "/targets/0/variation",
            "unknown_variation",
        ),
        (
            "/targets/0/values",
            json!(["u1", null]),
            "/targets/0/values/1",
            "malformed_value",
        ),
        ("/rules/0/id", json!(""), "/rules/0/id", "malformed_name"),
        (
            "/rules/0/serve",
            json!({"variation": "x"}),
            "/rules/0/serve/variation",
            "unknown_variation",
        ),
        (
            "/fallthrough/split/weights",
            json!([["on", 1]]),
            "/fallthrough/split/weights",
            "weights_sum",
        ),
        (
            "/fallthrough/split/weights",
            json!([["x", 100_000]]),
            "/fallthrough/split/weights/0/0",
            "unknown_variation",
        ),
        (
            clause,
            json!({"attribute": "", "op": "exists"}),
            "/rules/0/when/all/0/attribute",
            "required",
        ),
        (
            clause,
            json!({"attribute": "/a~", "op": "exists"}),
            "/rules/0/when/all/0/attribute",
            "malformed_pointer",
        ),
        (
            clause,
            with("in", json!([])),
            "/rules/0/when/all/0/values",
            "required",
        ),
        (clause, with("in", json!([[]])), value_0, "malformed_value"),
        (
            clause,
            with("startsWith", json!([1])),
            value_0,
            "malformed_value",
        ),
        (
            clause,
            with("matches", json!(["(?=a)"])),
            value_0,
            "malformed_value",
        ),
        (clause, with("lt", json!(["1"])), value_0, "malformed_value"),
        (
            clause,
            with("before", json!(["tomorrow"])),
            value_0,
            "malformed_value",
        ),
        (
            clause,
            with("semverEq", json!(["v1"])),
            value_0,
            "malformed_value",
        ),
        (
            clause,
            with("inCidr", json!(["10.0.0.0/33"])),
            value_0,
            "malformed_value",
        ),
        (
            clause,
            with("exists", json!([true])),
            value_0,
            "malformed_value",
        ),
        (
            clause,
            json!({"attribute": "a", "op": "lt", "values": [1], "ignoreCase": true}),
            "/rules/0/when/all/0/ignoreCase",
            "not_applicable",
        ),
        (
            clause,
            json!({"bucket": {"from": 2, "below": 1}}),
            "/rules/0/when/all/0/bucket/from",
            "out_of_range",
        ),
        (
            clause,
            json!({"bucket": {"below": 100_001}}),
            "/rules/0/when/all/0/bucket/below",
            "out_of_range",
        ),
        (
            clause,
            json!({"not": {"segment": "-A"}}),
            "/rules/0/when/all/0/not/segment",
            "malformed_key",
        ),
    ];
    for (changed, value, pointer, code) in cases {
        let problems = problems_with(changed, value.clone());
        assert_eq!(first(&problems), (pointer, code), "{changed} = {value}");
    }
}

#[test]
fn all_problems_are_reported_at_once() {
    let mut flag = valid();
    flag["offVariation"] = json!("x");
    flag["rules"] = json!([flag["rules"][0], flag["rules"][0]]);
    flag["prerequisites"] = json!([flag["prerequisites"][0], flag["prerequisites"][0]]);
    let flag: Flag = serde_json::from_value(flag).unwrap();
    let problems = validate_flag(&flag, &Limits::default()).unwrap_err();
    let pointers: Vec<_> = problems
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        ["/offVariation", "/prerequisites/1/flag", "/rules/1/id"]
    );
}

#[test]
fn messages_say_what_to_do() {
    let weights = problems_with(
        "/fallthrough/split/weights",
        json!([["on", 10], ["off", 20]]),
    );
    assert_eq!(
        weights[0].message,
        "the weights sum to 30; they must sum to 100000, which is 100 %"
    );
    let variation = problems_with("/offVariation", json!("blue"));
    assert_eq!(
        variation[0].message,
        r#"the flag has no variation "blue"; it has off, on"#
    );
    let pattern = problems_with("/rules/0/when/all/0/values/0", json!("a(?i)b"));
    assert!(
        pattern[0].message.contains("(at character 3)"),
        "{}",
        pattern[0].message
    );
}

#[test]
fn limits_are_named_when_they_are_met() {
    let limits = Limits {
        rules: 0,
        variations: 1,
        text_bytes: 3,
        condition_depth: 1,
        ..Limits::default()
    };
    let flag: Flag = serde_json::from_value(valid()).unwrap();
    let problems = validate_flag(&flag, &limits).unwrap_err();
    assert!(
        problems
            .iter()
            .all(|problem| problem.code == "limit_exceeded"),
        "{problems:?}"
    );
    for (pointer, limit) in [
        ("/variations", "variations"),
        ("/rules", "rules"),
        ("/rules/0/when/all/0", "conditionDepth"),
        ("/targets/0/attribute", "textBytes"),
    ] {
        assert!(
            problems
                .iter()
                .any(|problem| problem.pointer == pointer && problem.message.contains(limit)),
            "{limit}"
        );
    }
}

/// A value that nests so deep.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!("leaf"), |inner, _| json!([inner]))
}

#[test]
fn a_value_nests_no_deeper_than_every_reader_can_follow() {
    let problems = |depth: usize, limits: &Limits| {
        let flag: Flag = serde_json::from_value(json!({
            "type": "object", "enabled": true, "variations": {"v": {"in": nested(depth - 1)}},
            "fallthrough": {"variation": "v"}, "salt": "s"
        }))
        .unwrap();
        validate_flag(&flag, limits).err().unwrap_or_default()
    };
    assert_eq!(problems(32, &Limits::default()), []);
    assert_eq!(
        first(&problems(33, &Limits::default())),
        ("/variations/v", "limit_exceeded")
    );
    let unlimited = Limits {
        value_depth: usize::MAX,
        ..Limits::default()
    };
    assert_eq!(problems(MAX_VALUE_DEPTH, &unlimited), []);
    assert_eq!(
        first(&problems(MAX_VALUE_DEPTH + 1, &unlimited)),
        ("/variations/v", "limit_exceeded")
    );
}

#[test]
fn expressions_share_one_limit_on_what_they_unfold_to() {
    let problems = |patterns: Value| {
        problems_with(
            "/rules/0/when/all/0",
            json!({"attribute": "a", "op": "matches", "values": patterns}),
        )
    };
    assert_eq!(problems(json!(["[a-z]{1000}", "(?:a{50}){100}"])), []);
    assert_eq!(problems(json!([".{1000}"])), []);
    let refused = problems(json!([
        "[^a]{500}",
        "[^b]{500}",
        "[^c]",
        "(?:[^d]{50}){100}"
    ]));
    assert_eq!(refused.len(), 1, "told once: {refused:?}");
    assert_eq!(
        first(&refused),
        ("/rules/0/when/all/0/values/2", "limit_exceeded")
    );
    assert!(refused[0].message.contains("patternSize"), "{refused:?}");
}

#[test]
fn a_segment_is_checked_like_a_flag() {
    let segment: Segment = serde_json::from_value(json!({
        "attribute": "/org/~", "included": [{}], "when": {"bucket": {"below": 5}}
    }))
    .unwrap();
    let problems = validate_segment(&segment, &Limits::default()).unwrap_err();
    let pointers: Vec<_> = problems
        .iter()
        .map(|problem| problem.pointer.as_str())
        .collect();
    assert_eq!(pointers, ["/attribute", "/included/0", "/when/bucket/seed"]);
    assert_eq!(
        validate_segment(&Segment::default(), &Limits::default()),
        Ok(())
    );
}
