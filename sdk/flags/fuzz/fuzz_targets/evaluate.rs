//! Whatever the ruleset and the context, evaluation ends, does not panic, and is the same with a trace.

#![no_main]

use libfuzzer_sys::fuzz_target;
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

fuzz_target!(|data: &[u8]| {
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
        let limits = Limits::default();
        let _ = validate_references(&ruleset);
        ruleset
            .flags
            .values()
            .for_each(|flag| _ = validate_flag(flag, &limits));
        ruleset
            .segments
            .values()
            .for_each(|segment| _ = validate_segment(segment, &limits));
        let text = serde_json::to_string(&ruleset).expect("a ruleset is JSON");
        assert_eq!(
            serde_json::from_str::<Ruleset>(&text).expect("its own JSON"),
            ruleset
        );
    }
});
