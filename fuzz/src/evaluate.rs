//! Rulesets and contexts: `{"ruleset":…,"context":…}`.

use peekaboo_flags::{
    CompiledRuleset, Context, Limits, Ruleset, validate_flag, validate_references, validate_segment,
};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Input {
    ruleset: Value,
    #[serde(default)]
    context: Context,
}

/// Evaluation ends, and gives the same detail with a trace as without. A ruleset that reads can be checked, and reads
/// back from its own JSON.
///
/// # Panics
/// Where it does not.
pub fn check(data: &[u8]) {
    let Ok(input) = serde_json::from_slice::<Input>(data) else {
        return;
    };
    if let Ok(ruleset) = CompiledRuleset::load(&input.ruleset) {
        for (key, _) in ruleset.flags() {
            let detail = ruleset.evaluate(key, &input.context);
            assert_eq!(detail, ruleset.evaluate_traced(key, &input.context).0);
        }
    }
    if let Ok(ruleset) = Ruleset::deserialize(&input.ruleset) {
        check_model(&ruleset);
    }
}

fn check_model(ruleset: &Ruleset) {
    let limits = Limits::default();
    let _ = validate_references(ruleset);
    for flag in ruleset.flags.values() {
        let _ = validate_flag(flag, &limits);
    }
    for segment in ruleset.segments.values() {
        let _ = validate_segment(segment, &limits);
    }
    let text = serde_json::to_string(ruleset).expect("a ruleset is JSON");
    let read: Ruleset = serde_json::from_str(&text).expect("a ruleset reads its own JSON");
    assert_eq!(&read, ruleset);
}
