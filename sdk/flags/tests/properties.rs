//! What holds for every ruleset and every context, good or bad.

mod arbitrary;

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::{any_json, changes, context, flag, key, ruleset, spoilt};
use peekaboo_flags::{
    Changes, CompiledRuleset, Context, Detail, ErrorCode, Flag, Limits, Reason, Ruleset, Subject,
    bucket, dependents, validate_flag, validate_references, validate_segment,
};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

/// Evaluates every flag in both ways, checks what every detail promises, and returns the details.
fn evaluate_all(ruleset: &CompiledRuleset, context: &Context) -> BTreeMap<String, Value> {
    let mut keys: Vec<_> = ruleset.flags().map(|(key, _)| key).collect();
    keys.push("no such flag");
    let details = keys.into_iter().map(|key| {
        let detail = ruleset.evaluate(key, context);
        let (traced, trace) = ruleset.evaluate_traced(key, context);
        assert_eq!(detail, traced, "with and without a trace");
        serde_json::to_string(&trace).expect("a trace is JSON");
        keeps_its_promises(&detail);
        (key.to_owned(), detail.to_json())
    });
    details.collect()
}

fn keeps_its_promises(detail: &Detail<'_>) {
    assert_eq!(
        detail.value.is_some(),
        detail.variation.is_some(),
        "{detail:?}"
    );
    assert_eq!(
        detail.error_code.is_some(),
        detail.reason == Reason::Error,
        "{detail:?}"
    );
    assert_eq!(
        detail.error_details.is_some(),
        detail.reason == Reason::Error,
        "{detail:?}"
    );
    assert_eq!(
        detail.prerequisite.is_some(),
        detail.reason == Reason::PrerequisiteFailed,
        "{detail:?}"
    );
    let by_rule = matches!(detail.reason, Reason::TargetingMatch | Reason::Split);
    assert!(detail.rule_index.is_none() || by_rule, "{detail:?}");
    assert!(
        detail.rule_id.is_none() || detail.rule_index.is_some(),
        "{detail:?}"
    );
    let may_be_default = matches!(
        detail.reason,
        Reason::Error | Reason::Disabled | Reason::PrerequisiteFailed
    );
    assert!(detail.value.is_some() || may_be_default, "{detail:?}");
}

/// What remains of a ruleset when everything that may not be written is taken out.
fn pruned(mut ruleset: Ruleset) -> Ruleset {
    let limits = Limits::default();
    ruleset
        .segments
        .retain(|_, segment| validate_segment(segment, &limits).is_ok());
    ruleset.flags.retain(|_, flag| {
        let alone = flag.clone();
        flag.rules.retain(|rule| {
            let flag = Flag {
                rules: vec![rule.clone()],
                targets: Vec::new(),
                ..alone.clone()
            };
            validate_flag(&flag, &limits).is_ok()
        });
        flag.targets.retain(|target| {
            let flag = Flag {
                targets: vec![target.clone()],
                rules: Vec::new(),
                ..alone.clone()
            };
            validate_flag(&flag, &limits).is_ok()
        });
        validate_flag(flag, &limits).is_ok()
    });
    while let Some(problem) = validate_references(&ruleset).first() {
        let mut tokens = problem.pointer.split('/').skip(1);
        match (tokens.next(), tokens.next()) {
            (Some("flags"), Some(key)) => _ = ruleset.flags.remove(key),
            (Some("segments"), Some(key)) => _ = ruleset.segments.remove(key),
            _ => panic!("{problem}"),
        }
    }
    ruleset
}

proptest! {
    #[test]
    fn nothing_panics_and_every_evaluation_is_the_same_again(json in spoilt(ruleset()), context in context()) {
        if let Ok(ruleset) = CompiledRuleset::load(&json) {
            let first = evaluate_all(&ruleset, &context);
            prop_assert_eq!(&first, &evaluate_all(&ruleset, &context));
            let again = CompiledRuleset::load(&json).expect("loaded before");
            prop_assert_eq!(first, evaluate_all(&again, &context));
        }
    }

    #[test]
    fn any_json_at_all_is_read_or_refused(json in any_json()) {
        let _ = CompiledRuleset::load(&json);
        let _ = Context::deserialize(&json);
        if let Ok(flag) = Flag::deserialize(&json) {
            let _ = validate_flag(&flag, &Limits::default());
        }
    }

    #[test]
    fn a_malformed_flag_leaves_the_others_whole(good in flag(), junk in any_json(), context in context()) {
        let alone = CompiledRuleset::load(&json!({"flags": {"good": good}})).expect("a ruleset");
        let beside = json!({"flags": {"good": good, "junk": junk}, "segments": {"junk": junk}});
        let beside = CompiledRuleset::load(&beside).expect("a ruleset");
        prop_assert_eq!(alone.evaluate("good", &context), beside.evaluate("good", &context));
    }

    #[test]
    fn a_ruleset_survives_json_and_message_pack(json in ruleset()) {
        let ruleset = Ruleset::deserialize(&json).expect("a ruleset");
        let text = serde_json::to_string(&ruleset).expect("JSON");
        prop_assert_eq!(&serde_json::from_str::<Ruleset>(&text).expect("a ruleset"), &ruleset);
        let bytes = rmp_serde::to_vec_named(&ruleset).expect("MessagePack");
        prop_assert_eq!(&rmp_serde::from_slice::<Ruleset>(&bytes).expect("a ruleset"), &ruleset);
    }

    #[test]
    fn a_change_applied_equals_the_changed_ruleset_loaded(
        json in ruleset(), changes in changes(), later in changes(), context in context()
    ) {
        let mut ruleset = Ruleset::deserialize(&json).expect("a ruleset");
        let changes = Changes::deserialize(&changes).expect("changes");
        let later = Changes::deserialize(&later).expect("changes");
        let compiled = CompiledRuleset::from_ruleset(&ruleset).with(&changes);
        ruleset.apply(&changes);
        let loaded = CompiledRuleset::from_ruleset(&ruleset);
        prop_assert!(compiled.affected_since(&loaded).is_empty());
        prop_assert_eq!(
            compiled.shared_flags().map(|(key, _)| key).collect::<BTreeSet<_>>(),
            loaded.shared_flags().map(|(key, _)| key).collect::<BTreeSet<_>>()
        );
        prop_assert_eq!(compiled.affected_by(&later), loaded.affected_by(&later));
        prop_assert_eq!(evaluate_all(&compiled, &context), evaluate_all(&loaded, &context));
    }

    #[test]
    fn a_change_only_alters_the_results_of_affected_flags(
        json in ruleset(), changes in changes(), context in context()
    ) {
        let before = CompiledRuleset::load(&json).expect("a ruleset");
        let changes = Changes::deserialize(&changes).expect("changes");
        let after = before.with(&changes);
        let affected = before.affected_by(&changes);
        prop_assert_eq!(&affected, &after.affected_by(&changes));
        let (old, new) = (evaluate_all(&before, &context), evaluate_all(&after, &context));
        let since = after.affected_since(&before);
        prop_assert!(since.is_subset(&affected), "{:?} is more than {:?}", since, affected);
        for (key, detail) in old {
            prop_assert!(since.contains(&key) || new.get(&key) == Some(&detail), "{} is not in {:?}", key, since);
        }
        let loaded_again = CompiledRuleset::load(&json).expect("a ruleset");
        prop_assert!(loaded_again.affected_since(&before).is_empty());
    }

    #[test]
    fn a_flag_that_was_looked_up_before_evaluates_as_its_key_does(json in ruleset(), context in context()) {
        let compiled = CompiledRuleset::load(&json).expect("a ruleset");
        for (key, flag) in compiled.shared_flags() {
            let detail = compiled.evaluate_flag(flag, &context);
            prop_assert_eq!(&detail, &compiled.evaluate(key, &context));
            let served = detail.variation_index.and_then(|index| flag.variations().nth(index));
            prop_assert_eq!(served, detail.variation.zip(detail.value));
        }
    }

    #[test]
    fn merged_changes_equal_changes_in_turn(json in ruleset(), first in changes(), second in changes()) {
        let mut in_turn = Ruleset::deserialize(&json).expect("a ruleset");
        let mut at_once = in_turn.clone();
        let mut first = Changes::deserialize(&first).expect("changes");
        let second = Changes::deserialize(&second).expect("changes");
        in_turn.apply(&first);
        in_turn.apply(&second);
        first.merge(second);
        at_once.apply(&first);
        prop_assert_eq!(in_turn, at_once);
    }

    #[test]
    fn what_passes_validation_never_answers_general(json in ruleset(), context in context()) {
        let ruleset = pruned(Ruleset::deserialize(&json).expect("a ruleset"));
        let compiled = CompiledRuleset::from_ruleset(&ruleset);
        for key in ruleset.flags.keys() {
            let detail = compiled.evaluate(key, &context);
            prop_assert_ne!(detail.error_code, Some(ErrorCode::General), "{} {:?}", key, detail);
        }
    }

    #[test]
    fn deleting_what_has_no_dependents_breaks_no_reference(json in ruleset(), key in key()) {
        let mut ruleset = Ruleset::deserialize(&json).expect("a ruleset");
        let free = dependents(&ruleset, Subject::Segment(&key)).is_empty();
        ruleset.segments.remove(&key);
        let mention = format!("there is no segment {key} here");
        let breaks = validate_references(&ruleset).iter().any(|problem| problem.message.contains(&mention));
        // A segment that refers to itself is gone with its reference.
        prop_assert!(!(free && breaks));
    }

    #[test]
    fn raising_the_first_weight_never_moves_anybody_out_of_it(
        seed in ".*", value in ".*", weights in (0_u32..=100_000, 0_u32..=100_000)
    ) {
        let (low, high) = (weights.0.min(weights.1), weights.0.max(weights.1));
        let serves_first = |weight: u32| {
            let ruleset = CompiledRuleset::load(&json!({"flags": {"f": {
                "type": "boolean", "enabled": true, "variations": {"first": true, "second": false},
                "fallthrough": {"split": {"seed": seed, "weights": [["first", weight], ["second", 100_000 - weight]]}}
            }}}));
            ruleset.expect("a ruleset").evaluate("f", &Context::new(&*value)).variation == Some("first")
        };
        prop_assert!(!serves_first(low) || serves_first(high));
        prop_assert_eq!(serves_first(low), bucket(&seed, &value) < low);
    }
}
