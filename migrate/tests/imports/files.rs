//! Files as people have them: of another system, damaged in part, imported before.

use peekaboo_migrate::{Document, Source, Subject};
use serde_json::{Value, json};

use crate::support::{file, import_json, refusal};

const SOURCES: [Source; 4] = [
    Source::Unleash,
    Source::LaunchDarkly,
    Source::Flagd,
    Source::GrowthBook,
];

/// An export of each system.
fn exports() -> [(Source, Value); 6] {
    [
        (Source::Unleash, file("unleash-client.json")),
        (Source::Unleash, file("unleash-export.json")),
        (Source::LaunchDarkly, file("launchdarkly-sdk.json")),
        (Source::LaunchDarkly, file("launchdarkly-segments.json")),
        (Source::Flagd, file("flagd.json")),
        (Source::GrowthBook, file("growthbook.json")),
    ]
}

#[test]
fn the_file_of_another_system_is_refused_by_every_source() {
    for source in SOURCES {
        for (other, export) in exports() {
            if other != source {
                let reason = refusal(source, export, None);
                assert!(
                    reason.starts_with("not "),
                    "{source:?} of {other:?}: {reason}"
                );
            }
        }
        let ruleset = file("storefront.json");
        let segments =
            json!({"flags": {}, "segments": {"beta": {"included": ["ada"], "when": null}}});
        for nothing in [
            json!({}),
            json!([]),
            json!(7),
            json!(null),
            json!([[]]),
            ruleset,
            segments,
        ] {
            let reason = refusal(source, nothing.clone(), None);
            for word in ["struct", "invalid type", "map", "sequence"] {
                assert!(!reason.contains(word), "{source:?} of {nothing}: {reason}");
            }
        }
    }
}

#[test]
fn one_that_cannot_be_read_is_left_out_and_what_depends_on_it() {
    let unleash = json!({"features": [
        {"name": "good", "enabled": true, "strategies": []},
        {"name": "bad", "enabled": "yes"},
        {"name": "child", "enabled": true, "strategies": [], "dependencies": [{"feature": "bad"}]},
        {"enabled": true},
    ]});
    let imported = import_json(Source::Unleash, &[unleash], None);
    assert_eq!(imported.value("good", &json!({})), true);
    imported.assert_omitted("bad", "enabled: expected a boolean, found the text \"yes\"");
    imported.assert_omitted("child", "it depends on flag bad, which was skipped");
    imported.assert_omitted("#4", "the field `name` is missing");

    let growthbook = json!({"features": {
        "good": {"defaultValue": true},
        "bad": {"defaultValue": true, "rules": [{"coverage": "half"}]},
    }});
    let imported = import_json(Source::GrowthBook, &[growthbook], None);
    assert_eq!(imported.value("good", &json!({})), true);
    imported.assert_omitted(
        "bad",
        "rules[0].coverage: expected a number, found the text",
    );

    let flagd = json!({"flags": {
        "good": {"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"},
        "bad": {"variants": {"on": true}},
    }});
    let imported = import_json(Source::Flagd, &[flagd], None);
    assert_eq!(imported.value("good", &json!({})), true);
    imported.assert_omitted("bad", "the field `state` is missing");
}

#[test]
fn a_malformed_part_of_an_export_only_affects_its_feature() {
    let mut export = file("unleash-export.json");
    let strategies = export["featureStrategies"]
        .as_array_mut()
        .expect("strategies");
    let broken = strategies
        .iter_mut()
        .find(|strategy| strategy["featureName"] == "search");
    broken.expect("a strategy")["parameters"] = json!(7);
    export["features"]
        .as_array_mut()
        .expect("features")
        .push(json!({"name": "other", "project": "shop"}));
    let imported = import_json(Source::Unleash, &[export], Some("production"));
    imported.assert_omitted(
        "search",
        "parameters: expected an object, found the number 7",
    );
    assert!(imported.import.document.flags.contains_key("other"));
}

#[test]
fn keys_keep_their_case_and_renamed_ones_are_in_one_table() {
    let features = |names: &[&str]| {
        let features = names
            .iter()
            .map(|name| json!({"name": name, "enabled": true, "strategies": []}));
        json!({"features": features.collect::<Vec<_>>()})
    };
    let export = features(&["newCheckout", "new-checkout", "Team: checkout"]);
    let imported = import_json(Source::Unleash, std::slice::from_ref(&export), None);
    let flags: Vec<_> = imported.import.document.flags.keys().collect();
    assert_eq!(flags, ["Team:-checkout", "new-checkout", "newCheckout"]);
    let [renamed] = &imported.import.report.renamed[..] else {
        panic!("{:?}", imported.import.report)
    };
    assert_eq!(renamed.subject, Subject::flag("Team: checkout"));
    assert_eq!(renamed.to, "Team:-checkout");
    assert!(!renamed.earlier);
    assert!(imported.import.report.notes.is_empty());
}

#[test]
fn importing_again_changes_the_flags_that_an_earlier_release_renamed() {
    let export = json!({"features": [
        {"name": "newCheckout", "enabled": true, "strategies": []},
        {"name": "child", "enabled": true, "strategies": [], "dependencies": [{"feature": "newCheckout"}]},
    ]});
    let earlier = json!({"flags": {"new-checkout": {
        "type": "boolean", "variations": {"on": true, "off": false}, "fallthrough": {"variation": "off"}
    }}});
    let hub = Document::read(earlier.to_string().as_bytes()).expect("a document");
    let import = Source::Unleash
        .import(&[export], None, Some(&hub))
        .expect("an import");
    let flags: Vec<_> = import.document.flags.keys().collect();
    assert_eq!(flags, ["child", "new-checkout"]);
    let parent = &import.document.flags["child"].targeting.prerequisites[0];
    assert_eq!(parent.flag, "new-checkout");
    assert!(import.report.renamed[0].earlier);
}
