//! Between the API's shapes and the ruleset's own: the same JSON, in types that document themselves on one side and
//! evaluate on the other.

use peekaboo_flags::model as flags;
use peekaboo_storage as storage;

use super::{
    AllCondition, AnyCondition, Bucket, BucketCondition, Clause, Condition, FlagCondition,
    NotCondition, Operator, Prerequisite, ReplaceTargeting, Rule, SegmentCondition, Serve,
    ServeSplit, ServeVariation, Split, Target, Targeting, UpdateTargeting,
};

fn all<T, U: From<T>>(items: Vec<T>) -> Vec<U> {
    items.into_iter().map(U::from).collect()
}

impl From<Condition> for flags::Condition {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::All(AllCondition { all: conditions }) => Self::All(all(conditions)),
            Condition::Any(AnyCondition { any }) => Self::Any(all(any)),
            Condition::Not(NotCondition { not }) => Self::Not(Box::new((*not).into())),
            Condition::Segment(SegmentCondition { segment }) => Self::Segment(segment),
            Condition::Flag(FlagCondition { flag, variations }) => Self::Flag { flag, variations },
            Condition::Bucket(BucketCondition { bucket }) => Self::Bucket(flags::Bucket {
                by: bucket.by,
                seed: bucket.seed,
                from: bucket.from,
                below: bucket.below,
            }),
            Condition::Clause(clause) => Self::Clause(flags::Clause {
                attribute: clause.attribute,
                op: clause.op.into(),
                values: clause.values,
                negate: clause.negate,
                ignore_case: clause.ignore_case,
            }),
        }
    }
}

impl From<flags::Condition> for Condition {
    fn from(condition: flags::Condition) -> Self {
        match condition {
            flags::Condition::All(conditions) => Self::All(AllCondition {
                all: all(conditions),
            }),
            flags::Condition::Any(conditions) => Self::Any(AnyCondition {
                any: all(conditions),
            }),
            flags::Condition::Not(condition) => Self::Not(NotCondition {
                not: Box::new((*condition).into()),
            }),
            flags::Condition::Segment(segment) => Self::Segment(SegmentCondition { segment }),
            flags::Condition::Flag { flag, variations } => {
                Self::Flag(FlagCondition { flag, variations })
            }
            flags::Condition::Bucket(bucket) => Self::Bucket(BucketCondition {
                bucket: Bucket {
                    by: bucket.by,
                    seed: bucket.seed,
                    from: bucket.from,
                    below: bucket.below,
                },
            }),
            flags::Condition::Clause(clause) => Self::Clause(Clause {
                attribute: clause.attribute,
                op: clause.op.into(),
                values: clause.values,
                negate: clause.negate,
                ignore_case: clause.ignore_case,
            }),
        }
    }
}

/// Both enumerations list the same operators; the compiler sees to it.
macro_rules! operators {
    ($($operator:ident),* $(,)?) => {
        impl From<Operator> for flags::Operator {
            fn from(operator: Operator) -> Self {
                match operator { $(Operator::$operator => Self::$operator,)* }
            }
        }

        impl From<flags::Operator> for Operator {
            fn from(operator: flags::Operator) -> Self {
                match operator { $(flags::Operator::$operator => Self::$operator,)* }
            }
        }
    };
}

operators!(
    In, StartsWith, EndsWith, Contains, Matches, Lt, Lte, Gt, Gte, Before, After, SemverEq,
    SemverLt, SemverLte, SemverGt, SemverGte, InCidr, Exists,
);

impl From<Serve> for flags::Serve {
    fn from(serve: Serve) -> Self {
        match serve {
            Serve::Variation(ServeVariation { variation }) => Self::Variation(variation),
            Serve::Split(ServeSplit { split }) => Self::Split(flags::Split {
                by: split.by,
                seed: split.seed,
                weights: split.weights,
            }),
        }
    }
}

impl From<flags::Serve> for Serve {
    fn from(serve: flags::Serve) -> Self {
        match serve {
            flags::Serve::Variation(variation) => Self::Variation(ServeVariation { variation }),
            flags::Serve::Split(split) => Self::Split(ServeSplit {
                split: Split {
                    by: split.by,
                    seed: split.seed,
                    weights: split.weights,
                },
            }),
        }
    }
}

impl From<Prerequisite> for flags::Prerequisite {
    fn from(Prerequisite { flag, variations }: Prerequisite) -> Self {
        Self { flag, variations }
    }
}

impl From<flags::Prerequisite> for Prerequisite {
    fn from(flags::Prerequisite { flag, variations }: flags::Prerequisite) -> Self {
        Self { flag, variations }
    }
}

impl From<Target> for flags::Target {
    fn from(target: Target) -> Self {
        Self {
            variation: target.variation,
            attribute: target.attribute,
            values: target.values,
        }
    }
}

impl From<flags::Target> for Target {
    fn from(target: flags::Target) -> Self {
        Self {
            variation: target.variation,
            attribute: target.attribute,
            values: target.values,
        }
    }
}

impl From<Rule> for flags::Rule {
    fn from(rule: Rule) -> Self {
        Self {
            id: rule.id,
            when: rule.when.into(),
            serve: rule.serve.into(),
        }
    }
}

impl From<flags::Rule> for Rule {
    fn from(rule: flags::Rule) -> Self {
        Self {
            id: rule.id,
            when: rule.when.into(),
            serve: rule.serve.into(),
        }
    }
}

impl From<ReplaceTargeting> for storage::Targeting {
    fn from(targeting: ReplaceTargeting) -> Self {
        Self {
            enabled: targeting.enabled,
            off_variation: targeting.off_variation,
            prerequisites: all(targeting.prerequisites),
            targets: all(targeting.targets),
            rules: all(targeting.rules),
            fallthrough: targeting.fallthrough.into(),
        }
    }
}

impl From<UpdateTargeting> for storage::TargetingPatch {
    fn from(patch: UpdateTargeting) -> Self {
        Self {
            enabled: patch.enabled,
            off_variation: patch.off_variation,
            prerequisites: patch.prerequisites.map(all),
            targets: patch.targets.map(all),
            rules: patch.rules.map(all),
            fallthrough: patch.fallthrough.map(Into::into),
        }
    }
}

impl From<storage::FlagTargeting> for Targeting {
    fn from(stored: storage::FlagTargeting) -> Self {
        let targeting = stored.targeting;
        Self {
            flag: stored.flag.into(),
            environment: stored.environment.into(),
            enabled: targeting.enabled,
            off_variation: targeting.off_variation,
            prerequisites: all(targeting.prerequisites),
            targets: all(targeting.targets),
            rules: all(targeting.rules),
            fallthrough: targeting.fallthrough.into(),
            version: stored.version,
            updated_at: stored.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_operator_has_the_same_name_on_both_sides() {
        for operator in flags::Operator::ALL {
            let own = Operator::from(*operator);
            assert_eq!(
                serde_json::to_value(own).unwrap(),
                serde_json::to_value(operator).unwrap()
            );
            assert_eq!(flags::Operator::from(own), *operator);
        }
    }

    #[test]
    fn a_targeting_is_the_same_json_on_both_sides() {
        let json = json!({
            "enabled": true,
            "offVariation": "off",
            "prerequisites": [{"flag": "payments", "variations": ["on"]}],
            "targets": [{"variation": "on", "attribute": "/org/key", "values": ["o1", 7]}],
            "rules": [{
                "id": "r1",
                "when": {"all": [
                    {"any": [{"not": {"segment": "beta"}}]},
                    {"flag": "payments", "variations": ["on"]},
                    {"bucket": {"by": "targetingKey", "seed": "s", "from": 1, "below": 2}},
                    {"attribute": "country", "op": "in", "values": ["SE"], "negate": true, "ignoreCase": true},
                ]},
                "serve": {"split": {"by": "targetingKey", "seed": "s", "weights": [["on", 100_000]]}},
            }],
            "fallthrough": {"variation": "on"},
        });
        let own: ReplaceTargeting = serde_json::from_value(json.clone()).unwrap();
        let stored = storage::Targeting::from(own);
        assert_eq!(serde_json::to_value(&stored).unwrap(), json);
    }
}
