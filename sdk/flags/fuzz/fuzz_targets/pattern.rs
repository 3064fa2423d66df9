//! Whatever the regular expression, it is compiled or refused, and matches in linear time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use peekaboo_flags::{CompiledRuleset, Context};
use serde_json::json;

fuzz_target!(|data: &str| {
    let Some((pattern, text)) = data.split_once('\n') else {
        return;
    };
    for ignore_case in [false, true] {
        let when = json!({"attribute": "a", "op": "matches", "values": [pattern], "ignoreCase": ignore_case});
        let ruleset = CompiledRuleset::load(&json!({"flags": {"f": {
            "type": "boolean", "enabled": true, "variations": {"on": true, "off": false},
            "rules": [{"id": "r", "when": when, "serve": {"variation": "on"}}], "fallthrough": {"variation": "off"}
        }}}));
        let ruleset = ruleset.expect("a ruleset");
        ruleset.evaluate("f", &Context::default().with("a", text));
    }
});
