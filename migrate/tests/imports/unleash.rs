use peekaboo_migrate::{Source, Subject};
use serde_json::{Value, json};

use crate::support::{Imported, file, import, import_json, refusal};

fn client() -> Imported {
    import(Source::Unleash, &["unleash-client.json"], None)
}

#[test]
fn any_strategy_that_holds_turns_a_feature_on() {
    let imported = client();
    let on = |context: Value| imported.value("newCheckout", &context);
    let nordic = json!({"country": "SE", "userAge": 18, "plan": "pro", "email": "a@example.com"});
    assert_eq!(on(nordic.clone()), true);
    for (attribute, value) in [
        ("country", json!("DK")),
        ("userAge", json!(17)),
        ("plan", json!("free")),
        ("email", json!("a@evil.example")),
    ] {
        let mut context = nordic.clone();
        context[attribute] = value;
        assert_eq!(on(context), false, "{attribute}");
    }
    // An inverted constraint holds where the field is missing; a number is compared as text too.
    assert_eq!(
        on(json!({"country": "NO", "userAge": 40, "plan": 42})),
        true
    );
    assert_eq!(on(json!({"targetingKey": "user-2"})), true);
    assert_eq!(on(json!({"targetingKey": "user-3"})), false);
    assert_eq!(on(json!({"remoteAddress": "10.1.2.3"})), true);
    assert_eq!(on(json!({"remoteAddress": "192.168.1.1"})), true);
    assert_eq!(on(json!({"remoteAddress": "192.168.1.2"})), false);
    assert_eq!(on(json!({})), false);
}

#[test]
fn what_people_see_comes_along() {
    let imported = client();
    let flag = &imported.import.document.flags["newCheckout"];
    assert_eq!(flag.name.as_deref(), Some("newCheckout"));
    assert_eq!(
        flag.description.as_deref(),
        Some("One button from product to paid")
    );
    assert_eq!(flag.tags, Some(vec!["release".to_owned()]));
    assert!(flag.track);
    let notes = imported.notes("newCheckout");
    assert!(
        notes
            .iter()
            .any(|note| note.contains("compares userAge as a number")),
        "{notes:?}"
    );
    let segment = &imported.import.document.segments["Paying-customers"];
    assert_eq!(segment.name.as_deref(), Some("Paying customers"));
}

#[test]
fn percentages_stay_and_groups_still_fall_together() {
    let imported = client();
    let half = imported.share("half", &json!(true), &json!({}));
    assert!((440..560).contains(&half), "{half}");
    for user in 0..200 {
        let context = json!({"targetingKey": format!("user-{user}")});
        assert_eq!(
            imported.value("half", &context),
            imported.value("half-too", &context)
        );
    }
    assert_eq!(imported.value("half", &json!({})), false);
    let notes = imported.notes("half");
    assert!(
        notes
            .iter()
            .any(|note| note.contains("because Unleash uses another hash")),
        "{notes:?}"
    );
}

#[test]
fn without_strategies_only_the_switch_decides() {
    let imported = client();
    assert_eq!(imported.value("always", &json!({})), true);
    assert_eq!(imported.value("off", &json!({})), false);
    assert_eq!(imported.value("nobody", &json!({})), false);
    assert!(imported.notes("nobody")[0].contains("all of its strategies are disabled"));
}

#[test]
fn a_child_needs_its_parents_as_they_have_to_be() {
    let imported = client();
    assert_eq!(
        imported.value("child", &json!({"targetingKey": "user-1"})),
        true
    );
    assert_eq!(
        imported.value("child", &json!({"targetingKey": "user-9"})),
        false
    );
    let blue = json!({"targetingKey": "user-1"});
    assert_eq!(imported.value("needs-blue", &blue), true);
}

#[test]
fn variants_become_a_flag_of_their_own() {
    let imported = client();
    assert_eq!(
        imported.value("banner", &json!({"targetingKey": "x"})),
        true
    );
    // The override, then the shares.
    assert_eq!(
        imported.value("banner-variant", &json!({"targetingKey": "user-1"})),
        json!({"color": "blue"})
    );
    let red = imported.share("banner-variant", &json!({"color": "red"}), &json!({}));
    assert!((440..560).contains(&red), "{red}");
    let notes = imported.notes("banner-variant");
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("getVariant(\"banner\") becomes this flag")),
        "{notes:?}"
    );
}

#[test]
fn a_missing_field_is_not_in_any_list() {
    let imported = client();
    let on = |context: Value| imported.value("versions", &context);
    assert_eq!(on(json!({"version": "1.3.0"})), true);
    assert_eq!(on(json!({"version": "1.3.0", "appName": "legacy"})), false);
    assert_eq!(on(json!({"version": "1.2.3"})), false);
    let notes = imported.notes("versions");
    assert!(
        notes[0].starts_with("it uses appName, which Unleash's SDKs set automatically"),
        "{notes:?}"
    );
}

#[test]
fn what_cannot_be_expressed_is_named_and_left_out_with_what_depends_on_it() {
    let imported = client();
    imported.assert_omitted("at-random", "random stickiness");
    imported.assert_omitted("until", "which Unleash compares with the clock");
    imported.assert_omitted("ours-alone", "the custom strategy moonPhase");
    imported.assert_omitted(
        "child-of-ours",
        "it depends on flag ours-alone, which was skipped",
    );
    assert_eq!(imported.omissions().len(), 4);
    let notes = &imported.import.report.notes;
    assert!(
        notes
            .iter()
            .all(|note| note.subject != Subject::flag("at-random"))
    );
}

#[test]
fn an_export_is_put_together() {
    let imported = import(Source::Unleash, &["unleash-export.json"], None);
    let search = &imported.import.document.flags["search"];
    let tags = ["experiment", "index", "team:discovery"].map(str::to_owned);
    assert_eq!(search.tags.as_deref(), Some(&tags[..]));
    let ids: Vec<_> = search
        .targeting
        .rules
        .iter()
        .map(|rule| &rule.when)
        .collect();
    assert_eq!(
        serde_json::to_value(ids[0]).expect("JSON")["values"],
        json!(["user-1"])
    );
    assert_eq!(
        imported.value("search", &json!({"targetingKey": "user-2"})),
        true
    );
    imported.assert_omitted("big", "this export does not contain its segments");
    imported.assert_omitted(
        "with-segment",
        "it depends on segment big, which was skipped",
    );
    imported.assert_remarked("the file has the projects checkout, shop");
}

#[test]
fn several_environments_have_to_be_chosen_from() {
    let mut export = file("unleash-export.json");
    export["featureEnvironments"][1]["environment"] = json!("development");
    let reason = refusal(Source::Unleash, export.clone(), None);
    assert_eq!(
        reason,
        "the file has the environments development, production; choose one with --source-environment"
    );
    let chosen = Source::Unleash
        .import(&[export], Some("production"), None)
        .expect("an import");
    assert!(chosen.document.flags["search"].targeting.enabled);
}

#[test]
fn another_file_is_refused() {
    let reason = refusal(Source::Unleash, json!({"flags": {}}), None);
    assert!(reason.starts_with("not an Unleash export"), "{reason}");
}

/// A feature `f` that is on where a constraint holds.
fn where_holds(constraint: &Value) -> Imported {
    let strategies = json!([{"name": "default", "constraints": [constraint]}]);
    let features = json!([{"name": "f", "enabled": true, "strategies": strategies}]);
    import_json(Source::Unleash, &[json!({ "features": features })], None)
}

#[test]
fn an_operator_reads_either_the_value_or_the_values() {
    let listed =
        json!({"contextName": "country", "operator": "IN", "values": ["SE"], "value": "NO"});
    let imported = where_holds(&listed);
    assert_eq!(imported.value("f", &json!({"country": "SE"})), true);
    assert_eq!(imported.value("f", &json!({"country": "NO"})), false);
    let single =
        json!({"contextName": "age", "operator": "NUM_EQ", "values": ["7"], "value": "18"});
    let imported = where_holds(&single);
    assert_eq!(imported.value("f", &json!({"age": 18})), true);
    assert_eq!(imported.value("f", &json!({"age": 7})), false);
}

#[test]
fn empty_text_in_a_list_matches_no_one() {
    let imported = where_holds(
        &json!({"contextName": "email", "operator": "STR_CONTAINS", "values": ["", "@ours"]}),
    );
    assert_eq!(imported.value("f", &json!({"email": "ada@theirs"})), false);
    assert_eq!(imported.value("f", &json!({"email": "ada@ours"})), true);
}

#[test]
fn only_a_version_in_full_is_a_version() {
    let imported =
        where_holds(&json!({"contextName": "version", "operator": "SEMVER_GT", "value": "1.0.0"}));
    for (version, met) in [
        ("2.0.0", true),
        ("2", false),
        ("v2.0.0", false),
        ("0.9.0", false),
    ] {
        let value = imported.value("f", &json!({ "version": version }));
        assert_eq!(value, met, "{version}");
    }
    let never =
        where_holds(&json!({"contextName": "version", "operator": "SEMVER_GT", "value": "1"}));
    assert_eq!(never.value("f", &json!({"version": "2.0.0"})), false);
}

#[test]
fn an_order_of_user_ids_is_left_out() {
    let imported =
        where_holds(&json!({"contextName": "userId", "operator": "NUM_GT", "value": "7"}));
    imported.assert_omitted("f", "the targeting key is a string");
    let equal = where_holds(&json!({"contextName": "userId", "operator": "NUM_EQ", "value": "7"}));
    assert_eq!(equal.value("f", &json!({"targetingKey": "7"})), true);
}

#[test]
fn who_cannot_be_drawn_a_variant_for_gets_the_default_of_the_caller() {
    let variants = json!([
        {"name": "never", "weight": 0, "stickiness": "company"},
        {"name": "a", "weight": 500, "stickiness": "company"},
        {"name": "b", "weight": 500, "stickiness": "company"}
    ]);
    let strategies = json!([{"name": "default", "variants": variants}]);
    let features = json!([{"name": "f", "enabled": true, "strategies": strategies}]);
    let imported = import_json(Source::Unleash, &[json!({ "features": features })], None);
    let served = imported.detail("f-variant", &json!({"targetingKey": "ada"}));
    assert_eq!(served["value"], Value::Null);
    assert_eq!(served["errorCode"], "TARGETING_KEY_MISSING");
    let notes = imported.notes("f-variant");
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("without company, Unleash chooses")),
        "{notes:?}"
    );
}

#[test]
fn the_flag_of_variants_takes_no_name_of_a_feature() {
    let variants =
        json!([{"name": "one", "weight": 1, "payload": {"type": "string", "value": "1"}}]);
    let strategies = json!([{"name": "default"}]);
    let features = json!([
        {"name": "f", "enabled": true, "strategies": strategies, "variants": variants},
        {"name": "f-variant", "enabled": true, "strategies": strategies}
    ]);
    let imported = import_json(Source::Unleash, &[json!({ "features": features })], None);
    assert_eq!(imported.value("f-variant", &json!({})), true);
    assert_eq!(imported.value("f-variant-2", &json!({})), "1");
}

#[test]
fn a_child_of_a_child_is_never_on() {
    let feature = |name: &str, parent: Option<&str>| {
        let parents: Vec<_> = parent.iter().map(|name| json!({"feature": name})).collect();
        json!({"name": name, "enabled": true, "strategies": [], "dependencies": parents})
    };
    let features = [
        feature("a", None),
        feature("b", Some("a")),
        feature("c", Some("b")),
    ];
    let imported = import_json(Source::Unleash, &[json!({ "features": features })], None);
    assert_eq!(imported.value("b", &json!({})), true);
    assert_eq!(imported.value("c", &json!({})), false);
    assert!(imported.notes("c")[0].contains("Unleash never turns it on"));
}

#[test]
fn the_state_that_older_versions_export_is_read() {
    let state = json!({
        "version": 3,
        "features": [{"name": "f", "project": "default", "variants": []}],
        "strategies": [],
        "segments": [{"id": 1, "name": "nordic", "constraints": [
            {"contextName": "country", "operator": "IN", "values": ["SE"]}
        ]}],
        "featureStrategies": [{
            "id": "s1", "featureName": "f", "environment": "default", "strategyName": "default", "parameters": {},
            "constraints": []
        }],
        "featureStrategySegments": [{"featureStrategyId": "s1", "segmentId": 1}],
        "featureEnvironments": [{"featureName": "f", "environment": "default", "enabled": true}]
    });
    let imported = import_json(Source::Unleash, &[state], None);
    assert_eq!(imported.value("f", &json!({"country": "SE"})), true);
    assert_eq!(imported.value("f", &json!({"country": "DK"})), false);
    let first = json!({
        "version": 1,
        "features": [{"name": "f", "enabled": true, "strategies": [{"name": "default"}]}],
        "strategies": [{"name": "custom", "description": "ours", "parameters": []}]
    });
    let imported = import_json(Source::Unleash, &[first], None);
    assert_eq!(imported.value("f", &json!({})), true);
}
