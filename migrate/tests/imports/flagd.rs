use peekaboo_migrate::Source;
use serde_json::{Value, json};

use crate::support::{Imported, import, import_json, refusal};

fn definitions() -> Imported {
    import(Source::Flagd, &["flagd.json"], None)
}

#[test]
fn a_tree_of_ifs_is_walked_in_order() {
    let imported = definitions();
    let value = |context: Value| imported.value("new-welcome-message", &context);
    assert_eq!(value(json!({"email": "a@example.com"})), true);
    assert_eq!(value(json!({"age": 18, "country": "SE"})), true);
    assert_eq!(value(json!({"age": 17, "country": "SE"})), false);
    assert_eq!(value(json!({"age": 18, "country": "DK"})), false);
    assert_eq!(value(json!({})), false);
}

#[test]
fn a_shared_condition_is_a_segment_and_a_shared_tree_is_put_in_place() {
    let imported = definitions();
    let segments: Vec<_> = imported.import.document.segments.keys().collect();
    assert_eq!(segments, ["adult"]);
    assert_eq!(
        imported.value("shared-tree", &json!({"tier": "pro"})),
        json!({"n": 2})
    );
    assert_eq!(
        imported.value("shared-tree", &json!({"tier": "free"})),
        json!({"n": 1})
    );
    // A loose comparison takes a number and its text as one, and what is missing is not "free".
    for tier in [json!(7), json!("7")] {
        assert_eq!(imported.value("loose", &json!({"tier": tier})), true);
    }
    assert_eq!(imported.value("loose", &json!({"tier": 8})), false);
    assert_eq!(imported.value("shared-tree", &json!({})), json!({"n": 2}));
}

#[test]
fn fractions_keep_their_shares_and_need_their_attribute() {
    let imported = definitions();
    let context = json!({"app": {"version": "2.7.1"}});
    let green = imported.share("color", &json!("#0f0"), &context);
    assert!((690..810).contains(&green), "{green}");
    assert_eq!(imported.value("color", &context), "#f00");
    assert_eq!(imported.value("color", &json!({"vip": true})), "#00f");
    for (version, range) in [
        ("3.0.0", false),
        ("3.0.0-rc.1", false),
        ("2.0.0", true),
        ("1.9.9", false),
    ] {
        let context = json!({"app": {"version": version}, "vip": true});
        // Within the range it is for the fraction to decide, without an email the default.
        let expected = if range { "#f00" } else { "#00f" };
        assert_eq!(imported.value("color", &context), expected, "{version}");
    }
    let half = imported.share("everyone", &json!(1), &json!({}));
    assert!((440..560).contains(&half), "{half}");
    assert_eq!(imported.value("everyone", &json!({})), 1);
}

#[test]
fn a_condition_may_itself_name_the_variants() {
    let imported = definitions();
    let value = |age: i64| imported.value("boolean-tree", &json!({"age": age}));
    assert_eq!(value(12), "no");
    assert_eq!(value(18), "yes");
    assert_eq!(value(1), "yes");
}

#[test]
fn a_flag_that_is_off_or_without_a_default_leaves_it_to_the_caller() {
    let imported = definitions();
    assert_eq!(imported.value("switched-off", &json!({})), Value::Null);
    assert_eq!(imported.value("no-default", &json!({})), Value::Null);
    assert!(imported.notes("no-default")[0].starts_with("it has no default variant"));
}

#[test]
fn what_cannot_be_expressed_is_named() {
    let imported = definitions();
    imported.assert_omitted("by-time", "$flagd.timestamp");
    imported.assert_omitted("computed", "its targeting has the unsupported condition");
    assert_eq!(imported.omissions().len(), 2);
    let notes = imported.notes("color");
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("its metadata is not imported")),
        "{notes:?}"
    );
}

#[test]
fn another_file_is_refused() {
    let reason = refusal(Source::Flagd, json!({"features": []}), None);
    assert!(
        reason.starts_with("not a flag definition of flagd"),
        "{reason}"
    );
}

/// A flag `f` with variants for true and false, and another by default.
fn targeted(targeting: &Value) -> Imported {
    let flag = json!({
        "state": "ENABLED", "variants": {"true": "yes", "false": "no", "other": "other"},
        "defaultVariant": "other", "targeting": targeting
    });
    import_json(Source::Flagd, &[json!({"flags": {"f": flag}})], None)
}

#[test]
fn a_missing_attribute_counts_as_zero_in_comparisons() {
    for (targeting, served) in [
        (json!({"<": [{"var": "age"}, 18]}), "yes"),
        (json!({">=": [{"var": "age"}, 18]}), "no"),
        (json!({">": [{"var": "age"}, -1]}), "yes"),
        (json!({"==": [{"var": "age"}, 0]}), "yes"),
        (json!({"==": [{"var": "beta"}, false]}), "yes"),
        (json!({"===": [{"var": "age"}, 0]}), "no"),
    ] {
        let value = targeted(&targeting).value("f", &json!({}));
        assert_eq!(value, served, "{targeting}");
    }
    let ordered = targeted(&json!({"<": [{"var": "targetingKey"}, 18]}));
    ordered.assert_omitted("f", "strings cannot be ordered");
}

#[test]
fn an_operator_that_yields_null_serves_the_default() {
    let imported = targeted(&json!({"starts_with": [{"var": "email"}, "ada@"]}));
    assert_eq!(imported.value("f", &json!({"email": "ada@x"})), "yes");
    assert_eq!(imported.value("f", &json!({"email": "bob@x"})), "no");
    assert_eq!(imported.value("f", &json!({})), "other");
    let version = targeted(&json!({"sem_ver": [{"var": "version"}, ">", "1.0.0"]}));
    version.assert_omitted("f", "which may be null or a value from the context");
}

#[test]
fn versions_in_part_and_with_a_prefix_are_compared_as_in_full() {
    let imported = targeted(&json!({
        "if": [{"sem_ver": [{"var": "version"}, "=", "v1.2"]}, "true", "false"]
    }));
    assert_eq!(imported.value("f", &json!({"version": "1.2.0"})), "yes");
    assert_eq!(imported.value("f", &json!({"version": "1.2.1"})), "no");
    let different = targeted(&json!({
        "if": [{"sem_ver": [{"var": "version"}, "!=", "1.2.0"]}, "true", "false"]
    }));
    assert_eq!(different.value("f", &json!({"version": "none"})), "no");
    assert!(different.notes("f")[0].contains("as a semantic version"));
}

#[test]
fn a_fractional_says_who_may_get_another_variant() {
    let own = json!({"cat": [{"var": "$flagd.flagKey"}, {"var": "email"}]});
    let imported = targeted(&json!({"fractional": [own, ["true", 50], ["false", 50]]}));
    let notes = imported.notes("f");
    assert!(
        notes
            .iter()
            .any(|note| note.starts_with("give email as text")),
        "{notes:?}"
    );
    let fraction = targeted(&json!({"fractional": [["true", 0.5], ["false", 99.5]]}));
    fraction.assert_omitted("f", "its fractional has the invalid share");
}
