use peekaboo_migrate::Source;
use serde_json::{Value, json};

use crate::support::{Imported, file, import, import_json, refusal};

fn rest() -> Imported {
    let files = ["launchdarkly-flags.json", "launchdarkly-segments.json"];
    import(Source::LaunchDarkly, &files, Some("production"))
}

#[test]
fn targets_then_rules_then_the_default_decide() {
    let imported = rest();
    let value = |context: Value| imported.value("checkout.V2", &context);
    assert_eq!(value(json!({"targetingKey": "user-1"})), true);
    // The list of the other kind comes first.
    assert_eq!(
        value(json!({"targetingKey": "user-1", "organization": {"key": "org-1"}})),
        false
    );
    assert_eq!(
        value(json!({"targetingKey": "u", "country": "SE", "email": "a@b.example"})),
        true
    );
    let pro = json!({"targetingKey": "u", "organization": {"key": "o", "plan": "pro"}, "address": {"city": "Oslo"}});
    assert_eq!(value(pro), true);
    let share = imported.share("checkout.V2", &json!(true), &json!({}));
    assert!((200..300).contains(&share), "{share}");
}

#[test]
fn a_negated_clause_needs_its_attribute() {
    let imported = rest();
    let rules = &imported.import.document.flags["checkout.V2"]
        .targeting
        .rules;
    let id = rules[0].id.as_str();
    let decides = |context: Value| imported.detail("checkout.V2", &context)["ruleId"] == id;
    let swede = json!({"targetingKey": "eve", "country": "SE"});
    assert!(!decides(swede.clone()));
    for (email, met) in [("eve@evil.example", false), ("eve@good.example", true)] {
        let mut context = swede.clone();
        context["email"] = email.into();
        assert_eq!(decides(context), met, "{email}");
    }
}

#[test]
fn segments_list_keys_of_several_kinds() {
    let imported = rest();
    let beta = |context: Value| imported.value("checkout.V2", &context);
    assert_eq!(beta(json!({"targetingKey": "user-7"})), true);
    assert_eq!(
        beta(json!({"targetingKey": "user-8", "organization": {"key": "org-7"}})),
        true
    );
    let segment = imported.import.document.segments["beta"].clone();
    let when = serde_json::to_value(&segment.when).expect("JSON");
    assert_eq!(when["any"][1]["attribute"], "/organization/key");
    assert_eq!(when["any"][2]["all"][0]["not"]["values"], json!(["user-8"]));
    assert_eq!(segment.description.as_deref(), Some("Who asked for it"));
}

#[test]
fn definitions_come_along() {
    let imported = rest();
    let flag = &imported.import.document.flags["checkout.V2"];
    assert_eq!(flag.name.as_deref(), Some("Checkout, second version"));
    assert_eq!(flag.variations[0].name.as_deref(), Some("Express"));
    assert_eq!(flag.targeting.off_variation.as_deref(), Some("off"));
    assert_eq!(flag.targeting.prerequisites[0].variations, ["new"]);
    assert!(flag.client_visible && flag.track);
    assert!(imported.import.document.archived.contains_key("old"));
    assert_eq!(
        imported.import.document.flags["payments"]
            .targeting
            .off_variation,
        None
    );
    let notes = imported.notes("checkout.V2");
    for note in [
        "because LaunchDarkly uses another hash",
        "had the description \"Swedes\"",
        "it uses the context kind organization",
    ] {
        assert!(
            notes.iter().any(|own| own.contains(note)),
            "{note}\n{notes:#?}"
        );
    }
}

#[test]
fn what_cannot_be_expressed_is_named() {
    let imported = rest();
    imported.assert_omitted("big", "it is a big segment");
    imported.assert_omitted("uses-big", "it depends on segment big, which was skipped");
    imported.assert_omitted("mixed", "it can serve [1,2]");
    assert_eq!(imported.omissions().len(), 3);
}

#[test]
fn another_environment_has_another_targeting() {
    let files = ["launchdarkly-flags.json", "launchdarkly-segments.json"];
    let imported = import(Source::LaunchDarkly, &files, Some("test"));
    assert_eq!(
        imported.value("checkout.V2", &json!({"targetingKey": "user-1"})),
        false
    );
    let reason = refusal(Source::LaunchDarkly, file("launchdarkly-flags.json"), None);
    assert_eq!(
        reason,
        "the file has the environments production, test; choose one with --source-environment"
    );
}

#[test]
fn what_sdks_receive_is_read_too() {
    let imported = import(Source::LaunchDarkly, &["launchdarkly-sdk.json"], None);
    assert_eq!(imported.import.document.flags.len(), 1);
    let value = |context: Value| imported.value("limit", &context);
    assert_eq!(value(json!({"version": "2.0.1"})), 30);
    assert_eq!(
        value(json!({"targetingKey": "ada", "version": "1.0.0"})),
        20
    );
    assert_eq!(value(json!({"targetingKey": "bob"})), 10);
    let notes = &imported.import.report.notes;
    assert!(
        notes.iter().any(|note| note
            .message
            .contains("in the percentage; here they are not included")),
        "{notes:?}"
    );
    assert!(imported.import.document.flags["limit"].client_visible);
    assert!(imported.notes("limit")[0].starts_with("its experiment becomes a split"));
}

#[test]
fn another_file_is_refused() {
    let reason = refusal(Source::LaunchDarkly, json!({"features": []}), None);
    assert!(reason.starts_with("not a list of flags"), "{reason}");
    let summary = json!({"items": [{"key": "a", "variations": [{"value": true}]}]});
    let reason = refusal(Source::LaunchDarkly, summary, Some("production"));
    assert!(
        reason.contains("request that environment from the REST API, with summary=0"),
        "{reason}"
    );
}

/// A flag as SDKs receive it, which serves true where a clause holds.
fn where_holds(clause: &Value) -> Value {
    json!({
        "on": true, "variations": [true, false], "fallthrough": {"variation": 1},
        "rules": [{"id": "r", "clauses": [clause], "variation": 0}]
    })
}

#[test]
fn who_does_not_say_so_is_not_anonymous() {
    for (values, negate, met) in [
        (json!([false]), false, true),
        (json!([true]), false, false),
        (json!([true]), true, true),
    ] {
        let clause =
            json!({"attribute": "anonymous", "op": "in", "values": values, "negate": negate});
        let file = json!({"flags": {"f": where_holds(&clause)}});
        let imported = import_json(Source::LaunchDarkly, &[file], None);
        let value = imported.value("f", &json!({"targetingKey": "ada"}));
        assert_eq!(value, met, "{clause}");
    }
}

#[test]
fn a_summary_of_targeting_is_refused_with_what_to_ask_for() {
    let summary = json!({"items": [{
        "key": "f", "variations": [{"value": true}, {"value": false}],
        "environments": {"production": {"on": true, "_summary": {"prerequisites": 0}}}
    }]});
    let reason = refusal(Source::LaunchDarkly, summary, None);
    assert!(
        reason.contains("summary=0") && reason.contains("env=production"),
        "{reason}"
    );
}

#[test]
fn plain_values_beside_flags_are_flags_too() {
    let file = json!({"flags": {}, "flagValues": {"color": "blue", "limit": 5}});
    let imported = import_json(Source::LaunchDarkly, &[file], None);
    assert_eq!(imported.value("color", &json!({})), "blue");
    assert_eq!(imported.value("limit", &json!({})), 5);
}

#[test]
fn one_flag_that_cannot_be_read_does_not_refuse_the_others() {
    let good = where_holds(&json!({"attribute": "a", "op": "in", "values": [1]}));
    let mut bad = good.clone();
    bad["fallthrough"]["variation"] = json!(-1);
    let imported = import_json(
        Source::LaunchDarkly,
        &[json!({"flags": {"bad": bad, "good": good}})],
        None,
    );
    imported.assert_omitted(
        "bad",
        "expected a whole number of 0 or more, found the number -1",
    );
    assert_eq!(imported.value("good", &json!({"a": 1})), true);
}
