use peekaboo_migrate::Source;
use serde_json::{Value, json};

use crate::support::{Imported, import, import_json, refusal};

fn payload() -> Imported {
    import(Source::GrowthBook, &["growthbook.json"], None)
}

#[test]
fn the_first_rule_that_applies_forces_its_value() {
    let imported = payload();
    let value = |context: Value| imported.value("dark-mode", &context);
    assert_eq!(value(json!({"country": "SE", "age": 18})), true);
    assert_eq!(value(json!({"country": "SE", "age": 65})), false);
    assert_eq!(value(json!({"targetingKey": "ada"})), true);
    assert_eq!(value(json!({"targetingKey": "bob"})), false);
    assert_eq!(value(json!({"company": {"plan": "team"}})), true);
    assert_eq!(value(json!({"tags": ["alpha", "beta"]})), true);
    assert_eq!(value(json!({"tags": ["alpha"]})), false);
    assert_eq!(
        imported.import.document.segments["grp_staff"].included,
        [json!("ada"), json!("grace")]
    );
}

#[test]
fn coverage_leaves_the_others_to_what_comes_next() {
    let imported = payload();
    let covered = imported.share("dark-mode", &json!(true), &json!({}));
    assert!((200..300).contains(&covered), "{covered}");
    assert!(
        imported
            .notes("dark-mode")
            .iter()
            .any(|note| note.contains("because GrowthBook uses another hash"))
    );
}

#[test]
fn an_experiment_is_a_split_within_its_namespace() {
    let imported = payload();
    let share = |value: i64| imported.share("price", &json!(value), &json!({}));
    // Half are in the namespace: a quarter, an eighth and an eighth; the rest has the default, 10.
    let (ten, twelve, fifteen) = (share(10), share(12), share(15));
    assert_eq!(ten + twelve + fifteen, 1000);
    assert!(
        (85..165).contains(&twelve) && (85..165).contains(&fifteen),
        "{twelve} {fifteen}"
    );
    assert_eq!(imported.value("price", &json!({})), 10);
    assert!(
        imported
            .notes("price")
            .iter()
            .any(|note| note.starts_with("its experiment becomes a split"))
    );
}

#[test]
fn weights_that_do_not_add_up_are_equal() {
    let imported = payload();
    let share = imported.share("uneven", &json!("a"), &json!({}));
    assert!((440..560).contains(&share), "{share}");
}

#[test]
fn ranges_are_kept_as_they_are() {
    let imported = payload();
    let hej = imported.share("banner", &json!({"text": "Hej"}), &json!({}));
    let hello = imported.share("banner", &json!({"text": "Hello"}), &json!({}));
    assert!((60..140).contains(&hej), "{hej}");
    assert!((740..860).contains(&hello), "{hello}");
}

#[test]
fn a_gate_that_comes_first_is_a_prerequisite() {
    let imported = payload();
    let value = |context: Value| imported.value("gated", &context);
    assert_eq!(value(json!({"targetingKey": "bob"})), Value::Null);
    let staff = value(json!({"targetingKey": "ada"}));
    let price = imported.value("price", &json!({"targetingKey": "ada"}));
    let expected = if price == 10 { "yes" } else { "dear" };
    assert_eq!(staff, expected);
}

#[test]
fn a_missing_attribute_differs_from_every_value() {
    let imported = payload();
    let value = |context: Value| imported.value("not-premium", &context);
    assert_eq!(value(json!({"browser": "chrome 120"})), "b");
    assert_eq!(
        value(json!({"browser": "chrome 120", "premium": true})),
        "a"
    );
    assert_eq!(value(json!({"browser": "firefox"})), "a");
}

#[test]
fn what_cannot_be_expressed_is_named() {
    let imported = payload();
    imported.assert_omitted("lists", "it can serve [1,2]");
    imported.assert_omitted("sized", "the operator $size");
    imported.assert_omitted("late-gate", "it has a prerequisite after other rules");
    assert_eq!(imported.omissions().len(), 3);
    imported.assert_remarked("1 visual experiments were skipped");
}

#[test]
fn an_encrypted_payload_is_refused() {
    let reason = refusal(
        Source::GrowthBook,
        json!({"features": {}, "encryptedFeatures": "x"}),
        None,
    );
    assert!(reason.starts_with("the features are encrypted"), "{reason}");
}

/// A feature `f` that serves true where a condition holds.
fn where_holds(condition: &Value) -> Imported {
    let rules = json!([{"condition": condition, "force": true}]);
    let payload = json!({
        "features": {"f": {"defaultValue": false, "rules": rules}},
        "savedGroups": {"staff": ["ada", 7]}
    });
    import_json(Source::GrowthBook, &[payload], None)
}

#[test]
fn a_number_among_ids_is_compared_as_text_and_reported() {
    for (condition, met) in [
        (json!({"id": {"$in": [7, "ada"]}}), true),
        (json!({"id": {"$eq": 7}}), true),
        (json!({"id": {"$ne": 7}}), false),
        (json!({"id": {"$nin": [7]}}), false),
    ] {
        let imported = where_holds(&condition);
        assert_eq!(imported.value("f", &json!({"targetingKey": "7"})), met);
        let notes = imported.notes("f");
        assert!(
            notes[0].contains("the targeting key is text here"),
            "{notes:?}"
        );
    }
    let group = where_holds(&json!({"id": {"$inGroup": "staff"}}));
    assert_eq!(group.value("f", &json!({"targetingKey": "7"})), true);
    assert_eq!(group.notes("staff").len(), 1);
    let ordered = where_holds(&json!({"id": {"$gt": 7}}));
    ordered.assert_omitted("f", "strings cannot be ordered");
}

#[test]
fn a_missing_attribute_counts_as_zero_when_ordered() {
    for (condition, met) in [
        (json!({"age": {"$lt": 18}}), true),
        (json!({"age": {"$gt": -1}}), true),
        (json!({"age": {"$gte": 0}}), true),
        (json!({"age": {"$gt": 0}}), false),
        (json!({"age": {"$not": {"$lt": 18}}}), false),
        (json!({"scores": {"$elemMatch": {"$lt": 18}}}), false),
        (json!({"version": {"$vlt": "1.0.0"}}), true),
    ] {
        let imported = where_holds(&condition);
        assert_eq!(imported.value("f", &json!({})), met, "{condition}");
    }
}

#[test]
fn null_in_a_list_stands_for_a_missing_attribute() {
    let imported = where_holds(&json!({"plan": {"$in": ["pro", null]}}));
    assert_eq!(imported.value("f", &json!({})), true);
    assert_eq!(imported.value("f", &json!({"plan": "pro"})), true);
    assert_eq!(imported.value("f", &json!({"plan": "free"})), false);
}

#[test]
fn a_list_operator_without_a_list_matches_no_one() {
    for operator in ["$in", "$nin", "$ini", "$nini", "$all"] {
        let imported = where_holds(&json!({"plan": {operator: "pro"}}));
        assert_eq!(imported.value("f", &json!({"plan": "pro"})), false);
        assert_eq!(imported.value("f", &json!({"plan": "free"})), false);
    }
}

#[test]
fn people_whom_a_holdout_passes_through_continue_with_the_next_rule() {
    let rules = json!([
        {"variations": ["held", "out"], "weights": [0.1, 0.9], "meta": [{"key": "0"}, {"passthrough": true}]},
        {"force": "on"}
    ]);
    let payload = json!({"features": {"f": {"defaultValue": "off", "rules": rules}}});
    let imported = import_json(Source::GrowthBook, &[payload], None);
    let held = imported.share("f", &json!("held"), &json!({}));
    let on = imported.share("f", &json!("on"), &json!({}));
    assert!(
        (60..140).contains(&held) && held + on == 1000,
        "{held} {on}"
    );
}

#[test]
fn an_experiment_with_one_variation_includes_no_one() {
    let rules = json!([{"variations": [true]}]);
    let payload = json!({"features": {"f": {"defaultValue": false, "rules": rules}}});
    let imported = import_json(Source::GrowthBook, &[payload], None);
    assert_eq!(imported.value("f", &json!({"targetingKey": "ada"})), false);
}

#[test]
fn a_feature_that_needs_a_parent_which_its_own_gate_may_close_is_left_out_where_that_counts() {
    let needs = |condition: Value| {
        let gate = json!([{"parentConditions": [{"id": "top", "condition": {"value": true}, "gate": true}]}]);
        let child = json!([{"parentConditions": [{"id": "middle", "condition": condition}], "force": true}]);
        let payload = json!({"features": {
            "top": {"defaultValue": false},
            "middle": {"defaultValue": "a", "rules": gate},
            "child": {"defaultValue": false, "rules": child}
        }});
        import_json(Source::GrowthBook, &[payload], None)
    };
    needs(json!({"value": {"$ne": "b"}})).assert_omitted("child", "while its own gate is closed");
    let exact = needs(json!({"value": "a"}));
    assert_eq!(exact.value("child", &json!({})), false);
}

#[test]
fn what_has_no_features_is_refused() {
    for other in [json!({}), json!([]), json!({"flags": {}})] {
        let reason = refusal(Source::GrowthBook, other, None);
        assert!(
            reason.starts_with("not data that GrowthBook's SDKs receive"),
            "{reason}"
        );
    }
}
