//! References between flags and segments: what is refused when written, and what protects a delete.

use peekaboo_flags::{
    Dependency, Dependent, Flag, Kind, Problem, Ruleset, Segment, Subject, dependents,
    flag_dependencies, segment_dependencies, validate_flag_references, validate_references,
    validate_segment_references,
};
use serde_json::{Value, json};

fn flag(prerequisites: &Value, when: &Value) -> Value {
    json!({
        "type": "boolean", "variations": {"on": true, "off": false}, "fallthrough": {"variation": "on"},
        "prerequisites": prerequisites,
        "rules": [{"id": "r", "when": when, "serve": {"variation": "on"}}]
    })
}

fn needs(key: &str) -> Value {
    flag(
        &json!([{"flag": key, "variations": ["on"]}]),
        &json!({"all": []}),
    )
}

fn plain() -> Value {
    flag(&json!([]), &json!({"all": []}))
}

#[expect(clippy::needless_pass_by_value, reason = "callers read better")]
fn ruleset(flags: Value, segments: Value) -> Ruleset {
    serde_json::from_value(json!({"flags": flags, "segments": segments})).unwrap()
}

fn parse(flag: Value) -> Flag {
    serde_json::from_value(flag).unwrap()
}

fn summary(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems
        .iter()
        .map(|problem| (problem.pointer.as_str(), problem.code))
        .collect()
}

#[test]
fn unknown_names_are_refused_where_they_stand() {
    let ruleset = ruleset(json!({"other": plain()}), json!({}));
    let when = json!({"any": [
        {"not": {"segment": "nobody"}},
        {"flag": "other", "variations": ["on", "blue"]},
        {"flag": "missing", "variations": ["on"]}
    ]});
    let problems = validate_flag_references(
        "f",
        &parse(flag(&json!([{"flag": "gone", "variations": []}]), &when)),
        &ruleset,
    );
    assert_eq!(
        summary(&problems),
        [
            ("/prerequisites/0/flag", "unknown_flag"),
            ("/rules/0/when/any/0/not/segment", "unknown_segment"),
            ("/rules/0/when/any/1/variations/1", "unknown_variation"),
            ("/rules/0/when/any/2/flag", "unknown_flag"),
        ]
    );
    assert_eq!(
        problems[2].message,
        r#"flag other has no variation "blue"; it has off, on"#
    );
}

#[test]
fn a_prerequisite_cycle_is_refused_with_its_path() {
    let ruleset = ruleset(
        json!({"a": plain(), "b": needs("a"), "c": needs("b")}),
        json!({}),
    );
    let problems = validate_flag_references("a", &parse(needs("c")), &ruleset);
    assert_eq!(summary(&problems), [("/prerequisites/0/flag", "cycle")]);
    assert!(
        problems[0]
            .message
            .contains("flag a → flag c → flag b → flag a"),
        "{}",
        problems[0].message
    );

    let of_itself = validate_flag_references("a", &parse(needs("a")), &ruleset);
    assert_eq!(summary(&of_itself), [("/prerequisites/0/flag", "cycle")]);
}

#[test]
fn a_cycle_through_segments_and_flag_conditions_is_refused() {
    let ruleset = ruleset(
        json!({"f": flag(&json!([]), &json!({"segment": "inner"}))}),
        json!({"outer": {"when": {"flag": "f", "variations": ["on"]}}, "inner": {}}),
    );
    let inner: Segment =
        serde_json::from_value(json!({"when": {"all": [{"segment": "outer"}]}})).unwrap();
    let problems = validate_segment_references("inner", &inner, &ruleset);
    assert_eq!(summary(&problems), [("/when/all/0/segment", "cycle")]);
    assert!(
        problems[0]
            .message
            .contains("segment inner → segment outer → flag f → segment inner")
    );
}

#[test]
fn a_cycle_elsewhere_does_not_stop_an_unrelated_edit() {
    let ruleset = ruleset(json!({"a": needs("b"), "b": needs("a")}), json!({}));
    assert_eq!(validate_flag_references("c", &parse(plain()), &ruleset), []);
    assert_eq!(
        validate_flag_references("c", &parse(needs("a")), &ruleset),
        []
    );
    let whole = validate_references(&ruleset);
    assert_eq!(
        summary(&whole),
        [
            ("/flags/a/prerequisites/0/flag", "cycle"),
            ("/flags/b/prerequisites/0/flag", "cycle")
        ]
    );
}

#[test]
fn a_chain_longer_than_evaluation_follows_is_refused() {
    let chain = |length: usize| {
        let mut flags = json!({"f0": plain()});
        for index in 1..length {
            flags[format!("f{index}")] = needs(&format!("f{}", index - 1));
        }
        ruleset(flags, json!({}))
    };
    assert_eq!(validate_references(&chain(32)), []);
    assert_eq!(
        validate_flag_references("f31", &parse(needs("f30")), &chain(31)),
        []
    );
    let problems = validate_flag_references("f32", &parse(needs("f31")), &chain(32));
    assert_eq!(summary(&problems), [("", "chain_too_long")]);
    // Also where the edit joins two halves in the middle.
    let mut halves = chain(40);
    halves.flags.insert("f20".into(), parse(plain()));
    assert_eq!(validate_references(&halves), []);
    assert_eq!(
        summary(&validate_flag_references(
            "f20",
            &parse(needs("f19")),
            &halves
        )),
        [("", "chain_too_long")]
    );
    // A very long one costs no stack.
    assert_eq!(validate_references(&chain(5_000)).len(), 5_000);
}

#[test]
fn dependents_are_listed_with_place_and_variations() {
    let ruleset = ruleset(
        json!({"a": plain(), "b": needs("a"), "c": flag(&json!([]), &json!({"not": {"segment": "s"}}))}),
        json!({"s": {"when": {"any": [{"flag": "a", "variations": ["off"]}]}}}),
    );
    let dependent = |kind, key: &str, pointer: &str, variations: &[&str]| Dependent {
        kind,
        key: key.into(),
        pointer: pointer.into(),
        variations: variations.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(
        dependents(&ruleset, Subject::Flag("a")),
        [
            dependent(Kind::Flag, "b", "/prerequisites/0", &["on"]),
            dependent(Kind::Segment, "s", "/when/any/0", &["off"]),
        ]
    );
    assert_eq!(
        dependents(&ruleset, Subject::Segment("s")),
        [dependent(Kind::Flag, "c", "/rules/0/when/not", &[])]
    );
    assert_eq!(
        dependents(&ruleset, Subject::Segment("a")),
        [],
        "keys of flags and segments are apart"
    );
}

#[test]
fn a_variation_that_others_count_on_cannot_go() {
    let ruleset = ruleset(json!({"a": plain(), "b": needs("a")}), json!({}));
    let mut without = parse(plain());
    without.variations.remove("on");
    let problems = validate_flag_references("a", &without, &ruleset);
    assert_eq!(summary(&problems), [("/variations", "variation_in_use")]);
    assert_eq!(
        problems[0].message,
        r#"variation "on" is needed by flag b (/prerequisites/0); change that first"#
    );
}

#[test]
fn dependencies_name_the_target_and_the_place() {
    let when = json!({"any": [{"segment": "s"}, {"not": {"flag": "b", "variations": ["off"]}}]});
    let flag = parse(flag(&json!([{"flag": "a", "variations": ["on"]}]), &when));
    let dependency = |kind, key: &str, pointer: &str, variations: &[&str]| Dependency {
        kind,
        key: key.into(),
        pointer: pointer.into(),
        variations: variations.iter().map(ToString::to_string).collect(),
    };
    assert_eq!(
        flag_dependencies(&flag.prerequisites, &flag.rules),
        [
            dependency(Kind::Flag, "a", "/prerequisites/0", &["on"]),
            dependency(Kind::Segment, "s", "/rules/0/when/any/0", &[]),
            dependency(Kind::Flag, "b", "/rules/0/when/any/1/not", &["off"]),
        ]
    );
    assert_eq!(
        segment_dependencies(&flag.rules[0].when),
        [
            dependency(Kind::Segment, "s", "/when/any/0", &[]),
            dependency(Kind::Flag, "b", "/when/any/1/not", &["off"]),
        ]
    );
}
