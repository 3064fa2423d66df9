use peekaboo_migrate::Source;
use serde_json::{Value, json};

use crate::support::{Imported, import, refusal};

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
            .any(|note| note.contains("drawn anew: GrowthBook"))
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
fn what_is_missing_differs_from_every_value() {
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
    imported.assert_omitted("late-gate", "comes after other rules");
    assert_eq!(imported.omissions().len(), 3);
    assert!(imported.import.report.remarks[0].starts_with("the file has 1 experiments"));
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
