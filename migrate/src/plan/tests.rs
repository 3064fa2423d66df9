use serde_json::{Value, json};

use super::*;

fn flag(serve: &str) -> Value {
    json!({
        "name": "Flag", "description": "", "tags": [], "type": "boolean", "variations": {"on": true, "off": false},
        "clientVisible": false, "track": false, "salt": "hub", "enabled": true, "offVariation": "off",
        "prerequisites": [], "targets": [], "rules": [], "fallthrough": {"variation": serve},
        "version": 7, "definitionVersion": 3
    })
}

fn requiring(other: &str) -> Value {
    let mut flag = flag("on");
    flag["prerequisites"] = json!([{"flag": other, "variations": ["on"]}]);
    flag
}

fn segment(when: &Value) -> Value {
    json!({
        "name": "Segment", "description": "", "attribute": "targetingKey", "included": [], "excluded": [],
        "when": when, "version": 5
    })
}

fn present(json: &Value) -> Present {
    let mut whole =
        json!({"epoch": "e", "version": 9, "flags": {}, "archived": {}, "segments": {}});
    for (name, value) in json.as_object().expect("an object") {
        whole[name] = value.clone();
    }
    Present::read(whole.to_string().as_bytes()).expect("an export")
}

fn wanted(json: &Value) -> Document {
    Document::read(json.to_string().as_bytes()).expect("a document")
}

/// Each step in short.
fn steps(plan: &Plan) -> Vec<String> {
    let steps = plan.steps.iter().map(|step| {
        let what = match &step.kind {
            StepKind::CreateFlag(_) | StepKind::CreateSegment(_) => "create".to_owned(),
            StepKind::UpdateFlag { patch, version } => {
                let json = serde_json::to_value(patch).expect("JSON");
                let members: Vec<_> = json
                    .as_object()
                    .expect("an object")
                    .keys()
                    .cloned()
                    .collect();
                format!("{} of v{version}", members.join("+"))
            }
            StepKind::ReplaceTargeting { version, .. } => format!("targeting v{version}"),
            StepKind::ReplaceSegment { version, .. } => format!("replace v{version}"),
            StepKind::DeleteFlag { version } | StepKind::DeleteSegment { version } => {
                format!("delete v{version}")
            }
        };
        format!("{}: {what}", step.subject)
    });
    steps.collect()
}

#[test]
fn what_a_hub_exports_needs_no_change() {
    let export = json!({
        "flags": {"a": flag("on"), "b": requiring("a")}, "archived": {"c": flag("on")},
        "segments": {"s": segment(&json!({"flag": "a", "variations": ["on"]}))}
    });
    let plan = plan(&wanted(&export), &present(&export), true).expect("a plan");
    assert!(
        plan.is_empty() && plan.steps.is_empty() && plan.kept.is_empty(),
        "{plan:?}"
    );
}

#[test]
fn what_a_document_leaves_out_stays() {
    let mut small = flag("on");
    for member in [
        "name",
        "description",
        "tags",
        "salt",
        "version",
        "definitionVersion",
    ] {
        small.as_object_mut().expect("an object").remove(member);
    }
    let mut large = flag("on");
    large["tags"] = json!(["ui"]);
    large["variationDetails"] = json!({"on": {"name": "On"}});
    let plan = plan(
        &wanted(&json!({"flags": {"a": small}})),
        &present(&json!({"flags": {"a": large}})),
        false,
    );
    assert_eq!(plan.expect("a plan"), Plan::default());
}

#[test]
fn new_flags_and_segments_come_after_what_they_refer_to() {
    let file = json!({
        "flags": {"a": requiring("z"), "z": flag("on")},
        "segments": {"s": segment(&json!({"segment": "t"})), "t": segment(&json!({"flag": "a", "variations": ["on"]}))}
    });
    let plan = plan(&wanted(&file), &present(&json!({})), false).expect("a plan");
    let (made, targeted): (Vec<_>, Vec<_>) = steps(&plan)
        .into_iter()
        .partition(|step| step.starts_with("flag") && step.ends_with("create"));
    assert_eq!(made.len(), 2);
    assert_eq!(
        targeted,
        [
            "flag z: targeting v1",
            "flag a: targeting v1",
            "segment t: create",
            "segment s: create"
        ]
    );
    assert_eq!(plan.count(Action::Create), 4);
}

#[test]
fn references_that_turn_around_close_no_cycle_in_between() {
    let hub = json!({"flags": {"a": requiring("b"), "b": flag("on")}});
    let file = json!({"flags": {"a": flag("on"), "b": requiring("a")}});
    let plan = plan(&wanted(&file), &present(&hub), false).expect("a plan");
    assert_eq!(
        steps(&plan),
        ["flag a: targeting v7", "flag b: targeting v7"]
    );
}

#[test]
fn a_variation_comes_before_it_is_served_and_goes_after() {
    let mut changed = flag("beta");
    changed["variations"] = json!({"beta": true, "off": false});
    changed["name"] = json!("Renamed");
    let hub = present(&json!({"flags": {"a": flag("on")}}));
    let plan = plan(&wanted(&json!({"flags": {"a": changed}})), &hub, false).expect("a plan");
    assert_eq!(
        steps(&plan),
        [
            "flag a: variations of v3",
            "flag a: targeting v8",
            "flag a: name+variations of v4"
        ]
    );
    let StepKind::UpdateFlag { patch, .. } = &plan.steps[0].kind else {
        panic!("{:?}", plan.steps[0])
    };
    let keys: Vec<_> = patch
        .variations
        .iter()
        .flatten()
        .map(|variation| variation.key.as_str())
        .collect();
    assert_eq!(keys, ["off", "beta", "on"]);
    let pointers: Vec<_> = plan.changes[0]
        .differences
        .iter()
        .map(|difference| difference.pointer.as_str())
        .collect();
    assert_eq!(
        pointers,
        [
            "/fallthrough/variation",
            "/name",
            "/variations/beta",
            "/variations/on"
        ]
    );
}

#[test]
fn the_order_of_variations_is_not_a_change() {
    // Text, for an object of `json!` has its own order.
    let text = json!({"flags": {"a": flag("on")}}).to_string();
    let turned = text.replace(r#"{"off":false,"on":true}"#, r#"{"on":true,"off":false}"#);
    assert_ne!(text, turned);
    let wanted = Document::read(turned.as_bytes()).expect("a document");
    let plan = plan(
        &wanted,
        &present(&json!({"flags": {"a": flag("on")}})),
        false,
    );
    assert_eq!(plan.expect("a plan"), Plan::default());
}

#[test]
fn flags_are_archived_last_and_restored_before_their_targeting_changes() {
    let hub = json!({"flags": {"live": flag("on")}, "archived": {"kept": flag("off")}});
    let file = json!({"flags": {"kept": flag("on"), "new": requiring("kept")}, "archived": {"live": flag("on")}});
    let plan = plan(&wanted(&file), &present(&hub), false).expect("a plan");
    assert_eq!(
        steps(&plan),
        [
            "flag new: create",
            "flag kept: archived of v3",
            "flag kept: targeting v8",
            "flag new: targeting v1",
            "flag live: archived of v3",
        ]
    );
    let actions: Vec<_> = plan.changes.iter().map(|change| change.action).collect();
    assert_eq!(actions, [Action::Restore, Action::Archive, Action::Create]);
}

#[test]
fn the_targeting_of_a_flag_that_stays_archived_stays() {
    let hub = present(&json!({"archived": {"kept": flag("off")}}));
    let mut renamed = flag("on");
    renamed["name"] = json!("Renamed");
    let plan = plan(
        &wanted(&json!({"archived": {"kept": renamed}})),
        &hub,
        false,
    )
    .expect("a plan");
    assert_eq!(steps(&plan), ["flag kept: name of v3"]);
}

#[test]
fn only_prune_deletes_and_dependents_are_deleted_first() {
    let hub = present(&json!({
        "flags": {"a": flag("on"), "b": requiring("a")},
        "segments": {"s": segment(&json!({"flag": "b", "variations": ["on"]}))}
    }));
    let empty = wanted(&json!({"flags": {}}));
    let kept = plan(&empty, &hub, false).expect("a plan");
    assert!(kept.is_empty() && kept.steps.is_empty());
    assert_eq!(
        kept.kept,
        [
            Subject::flag("a"),
            Subject::flag("b"),
            Subject::segment("s")
        ]
    );
    let pruned = plan(&empty, &hub, true).expect("a plan");
    assert_eq!(
        steps(&pruned),
        [
            "segment s: delete v5",
            "flag b: delete v3",
            "flag a: delete v3"
        ]
    );
    assert!(pruned.kept.is_empty());
}

#[test]
fn no_one_changes_variation_when_salts_differ() {
    let mut other = flag("on");
    other["salt"] = json!("file");
    other["fallthrough"] = json!({"split": {"weights": [["on", 50_000], ["off", 50_000]]}});
    other["rules"] = json!([{
        "id": "r", "when": {"not": {"bucket": {"below": 1000}}}, "serve": {"variation": "on"}
    }]);
    let file = wanted(&json!({"flags": {"a": other}}));
    let plan = plan(&file, &present(&json!({"flags": {"a": flag("on")}})), false).expect("a plan");
    let StepKind::ReplaceTargeting { targeting, .. } = &plan.steps[0].kind else {
        panic!("{:?}", plan.steps)
    };
    let json = serde_json::to_value(targeting).expect("JSON");
    assert_eq!(json["fallthrough"]["split"]["seed"], "file");
    assert_eq!(json["rules"][0]["when"]["not"]["bucket"]["seed"], "file");

    let mut applied = flag("on");
    applied["fallthrough"] = json["fallthrough"].clone();
    applied["rules"] = json["rules"].clone();
    let again = super::plan(&file, &present(&json!({"flags": {"a": applied}})), false);
    assert!(again.expect("a plan").is_empty());
}

#[test]
fn a_new_flag_brings_its_salt() {
    let plan = plan(
        &wanted(&json!({"flags": {"a": flag("on")}})),
        &present(&json!({})),
        false,
    )
    .expect("a plan");
    let StepKind::CreateFlag(definition) = &plan.steps[0].kind else {
        panic!("{:?}", plan.steps)
    };
    assert_eq!(definition.salt.as_deref(), Some("hub"));
}

#[test]
fn what_a_hub_would_refuse_is_refused_before_anything_is_sent() {
    let hub = present(&json!({"flags": {"a": flag("on"), "b": requiring("a")}}));
    let refused = |file: Value, prune| {
        let refused = plan(&wanted(&file), &hub, prune).expect_err("it is refused");
        refused.to_string()
    };
    let unknown = refused(json!({"flags": {"c": requiring("nope")}}), false);
    assert!(
        unknown.starts_with("/flags/c/prerequisites/0/flag: there is no flag nope"),
        "{unknown}"
    );
    let pruned = refused(json!({"flags": {"b": requiring("a")}}), true);
    assert!(
        pruned.starts_with("/flags/b/prerequisites/0/flag: there is no flag a"),
        "{pruned}"
    );
    let mut text = flag("on");
    text["type"] = json!("string");
    text["variations"] = json!({"on": "1", "off": "0"});
    let retyped = refused(json!({"flags": {"a": text}}), false);
    assert!(
        retyped.starts_with("flag a is of type boolean on the hub and string in the file"),
        "{retyped}"
    );
}
