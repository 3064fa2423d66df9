//! Who a split assigns to which variation, told without evaluating the rest of the flag.

use super::flag::{CompiledFlag, Serve, Split};
use crate::context::{Attribute, Context};
use crate::model::TARGETING_KEY;
use crate::operand::values::Scalar;

/// A split of a flag, which assigns variations by chance.
#[derive(Clone, Copy, Debug)]
pub struct Assignment<'f> {
    flag: &'f CompiledFlag,
    rule: Option<&'f str>,
    split: &'f Split,
}

impl CompiledFlag {
    /// The splits of a flag: those of rules, in their order, and that of the fallthrough last.
    pub fn assignments(&self) -> impl Iterator<Item = Assignment<'_>> {
        let program = self.program().ok();
        let rules = program.into_iter().flat_map(|program| &program.rules);
        let rules = rules.map(|rule| (Some(&*rule.id), &rule.serve));
        let fallthrough = program.map(|program| (None, &program.fallthrough));
        rules
            .chain(fallthrough)
            .filter_map(move |(rule, serve)| match serve {
                Serve::Variation(_) => None,
                Serve::Split(split) => Some(Assignment {
                    flag: self,
                    rule,
                    split,
                }),
            })
    }

    /// The split of a rule by its place, or of the fallthrough; none where it serves everyone the same.
    pub fn assignment(&self, rule_index: Option<u32>) -> Option<Assignment<'_>> {
        let program = self.program().ok()?;
        let (rule, serve) = match rule_index {
            Some(index) => {
                let rule = program.rules.get(usize::try_from(index).ok()?)?;
                (Some(&*rule.id), &rule.serve)
            }
            None => (None, &program.fallthrough),
        };
        match serve {
            Serve::Variation(_) => None,
            Serve::Split(split) => Some(Assignment {
                flag: self,
                rule,
                split,
            }),
        }
    }
}

impl<'f> Assignment<'f> {
    /// The id of the rule that the split belongs to; none for the fallthrough.
    pub fn rule(&self) -> Option<&'f str> {
        self.rule
    }

    /// Whether it splits by the targeting key.
    pub fn is_by_targeting_key(&self) -> bool {
        *self.split.by.name == *TARGETING_KEY
    }

    /// The value of a context that is bucketed, as text; none where it is missing or cannot be bucketed.
    pub fn unit(&self, context: &Context) -> Option<String> {
        let by = &self.split.by;
        by.bucket(context)?;
        match by.attribute.as_ref()?.resolve(context) {
            Attribute::Missing => None,
            Attribute::Key(key) => Some(key.to_owned()),
            Attribute::Value(value) => match Scalar::of(value)? {
                Scalar::Text(text) => Some(text.to_owned()),
                // A whole number of at most 53 bits, or it would have no bucket; -0 is 0.
                Scalar::Number(number) => Some(format!("{}", number + 0.0)),
                Scalar::Boolean(_) => None,
            },
        }
    }

    /// The name of the variation that a unit is assigned.
    pub fn variation(&self, unit: &str) -> Option<&'f str> {
        let bucket = self.split.by.seed.bucket_of(Attribute::Key(unit))?;
        let index = usize::try_from(self.split.arm(bucket)).ok()?;
        self.flag.variations().nth(index).map(|(name, _)| name)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::CompiledRuleset;

    fn ruleset() -> CompiledRuleset {
        let split = json!({"split": {"weights": [["on", 50_000], ["off", 50_000]]}});
        let by_company = json!({"split": {"by": "company", "weights": [["on", 100_000]]}});
        let ruleset = json!({"flags": {"checkout": {
            "type": "boolean", "enabled": true, "variations": {"on": true, "off": false}, "salt": "s", "version": 3,
            "rules": [
                {"id": "staff", "when": {"attribute": "staff", "op": "in", "values": [true]},
                 "serve": {"variation": "on"}},
                {"id": "firms", "when": {"attribute": "company", "op": "exists"}, "serve": by_company},
            ],
            "fallthrough": split,
        }}, "segments": {}});
        CompiledRuleset::load(&ruleset).expect("a ruleset")
    }

    #[test]
    fn a_split_assigns_what_an_evaluation_serves() {
        let ruleset = ruleset();
        let flag = ruleset.flag("checkout").expect("a flag");
        let split = flag.assignment(None).expect("a split");
        assert!(split.is_by_targeting_key());
        for number in 0..50 {
            let key = format!("user-{number}");
            let context = Context::new(key.clone());
            let served = ruleset.evaluate("checkout", &context);
            assert_eq!(split.variation(&key), served.variation);
            assert_eq!(split.unit(&context), Some(key));
        }
    }

    #[test]
    fn only_splits_are_listed_and_the_unit_is_what_they_bucket() {
        let ruleset = ruleset();
        let flag = ruleset.flag("checkout").expect("a flag");
        let rules: Vec<_> = flag.assignments().map(|split| split.rule()).collect();
        assert_eq!(rules, [Some("firms"), None]);
        assert!(flag.assignment(Some(0)).is_none());
        let firms = flag.assignment(Some(1)).expect("a split");
        assert!(!firms.is_by_targeting_key());
        for (company, unit) in [
            (json!("acme"), Some("acme")),
            (json!(42), Some("42")),
            (json!(-0.0), Some("0")),
            (json!(1.5), None),
            (json!(true), None),
        ] {
            let context = Context::new("ada").with("company", company);
            assert_eq!(firms.unit(&context).as_deref(), unit);
        }
    }
}
