//! Regular expressions: an expression, a line break, and a text to match.

use peekaboo_flags::{CompiledRuleset, Context};
use serde_json::json;

/// An expression is compiled or refused, and matches in linear time: libFuzzer reports runs that take long.
///
/// # Panics
/// Where a flag with the expression cannot be loaded or evaluated.
pub fn check(data: &[u8]) {
    let Some((pattern, text)) = str::from_utf8(data)
        .ok()
        .and_then(|data| data.split_once('\n'))
    else {
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
}
