//! A flag or a segment on its own: names, types, sizes, weights, clauses.

use std::collections::BTreeSet;

use super::{Pointer, Problem};
use crate::context::AttributeRef;
use crate::key::{KEY_FORM, is_key};
use crate::limits::{Limits, MAX_VALUE_DEPTH};
use crate::model::{
    BUCKETS, Bucket, Clause, Condition, Flag, MAX_CONDITION_DEPTH, Metadata, RESERVED_METADATA,
    Rule, Segment, Serve, Split, Target, Value, is_noted,
};
use crate::operand::{Kind, pattern};

/// Everything wrong with a flag on its own; what it refers to is [`super::validate_flag_references`]'s.
pub fn validate_flag(flag: &Flag, limits: &Limits) -> Result<(), Vec<Problem>> {
    let mut check = Check::new(limits, Some(flag));
    check.flag(flag);
    check.done()
}

/// Everything wrong with a segment on its own.
pub fn validate_segment(segment: &Segment, limits: &Limits) -> Result<(), Vec<Problem>> {
    let mut check = Check::new(limits, None);
    check.segment(segment);
    check.done()
}

/// Entries of a flag's metadata: browsers receive them with each flag.
const MAX_METADATA: usize = 50;

struct Check<'a> {
    limits: &'a Limits,
    /// The flag whose variations are served; none for a segment.
    flag: Option<&'a Flag>,
    at: Pointer,
    problems: Vec<Problem>,
    /// Conditions met in the present tree.
    conditions: usize,
    /// What the expressions met so far unfold to.
    pattern_size: usize,
}

impl<'a> Check<'a> {
    fn new(limits: &'a Limits, flag: Option<&'a Flag>) -> Self {
        Check {
            limits,
            flag,
            at: Pointer::default(),
            problems: Vec::new(),
            conditions: 0,
            pattern_size: 0,
        }
    }

    fn done(self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(self.problems)
        }
    }

    fn problem(&mut self, code: &'static str, message: impl Into<String>) {
        self.problems
            .push(Problem::new(self.at.as_str(), code, message));
    }

    /// Runs a check one token further down.
    fn within(&mut self, token: impl std::fmt::Display, check: impl FnOnce(&mut Self)) {
        let length = self.at.push(token);
        check(self);
        self.at.truncate(length);
    }

    fn each<T>(&mut self, name: &str, items: &[T], mut check: impl FnMut(&mut Self, &T)) {
        self.within(name, |own| {
            for (index, item) in items.iter().enumerate() {
                own.within(index, |own| check(own, item));
            }
        });
    }

    fn count(&mut self, count: usize, limit: &'static str, max: usize) {
        if count > max {
            self.problem(
                "limit_exceeded",
                format!("{count} is more than the limit {limit} allows, {max}"),
            );
        }
    }

    fn flag(&mut self, flag: &Flag) {
        self.within("variations", |own| {
            own.count(flag.variations.len(), "variations", own.limits.variations);
            if flag.variations.is_empty() {
                own.problem("required", "a flag needs at least one variation");
            }
            for (name, value) in &flag.variations {
                own.within(name, |own| own.variation(flag, name, value));
            }
        });
        if let Some(name) = &flag.off_variation {
            self.within("offVariation", |own| own.serves(name));
        }
        self.prerequisites(flag);
        self.within("targets", |own| {
            own.count(flag.targets.len(), "targets", own.limits.targets);
        });
        self.each("targets", &flag.targets, Self::target);
        self.within("rules", |own| {
            own.count(flag.rules.len(), "rules", own.limits.rules);
        });
        let mut ids = BTreeSet::new();
        self.each("rules", &flag.rules, |own, rule| {
            own.within("id", |own| {
                own.name(&rule.id);
                if !ids.insert(rule.id.clone()) {
                    own.problem(
                        "duplicate",
                        format!(
                            "another rule has the id {:?}; ids are unique in a flag",
                            rule.id
                        ),
                    );
                }
            });
            own.rule(rule);
        });
        self.within("fallthrough", |own| own.serve(&flag.fallthrough));
        self.within("salt", |own| own.text(&flag.salt));
        self.within("metadata", |own| own.metadata(&flag.metadata));
    }

    fn metadata(&mut self, metadata: &Metadata) {
        self.count(metadata.len(), "metadata", MAX_METADATA);
        for (name, value) in metadata {
            self.within(name, |own| {
                own.name(name);
                if RESERVED_METADATA.contains(&name.as_str()) {
                    own.problem(
                        "reserved",
                        format!(
                            "{name:?} has a meaning of its own in OpenFeature; choose another name"
                        ),
                    );
                }
                match value {
                    Value::String(text) => own.text(text),
                    value if is_noted(value) => {}
                    _ => own.problem("wrong_type", "metadata holds strings, numbers and booleans"),
                }
            });
        }
    }

    fn variation(&mut self, flag: &Flag, name: &str, value: &Value) {
        self.name(name);
        if !flag.type_.admits(value) {
            let message = format!(
                "{} is not of the flag's type, {}",
                crate::operand::brief(value),
                flag.type_
            );
            self.problem("wrong_type", message);
        }
        self.count(
            value.to_string().len(),
            "valueBytes",
            self.limits.value_bytes,
        );
        let max = self.limits.value_depth.min(MAX_VALUE_DEPTH);
        if depth(value) > max {
            self.problem(
                "limit_exceeded",
                format!("the value nests deeper than the limit valueDepth, {max}"),
            );
        }
    }

    fn prerequisites(&mut self, flag: &Flag) {
        self.within("prerequisites", |own| {
            own.count(
                flag.prerequisites.len(),
                "prerequisites",
                own.limits.prerequisites,
            );
        });
        let mut flags = BTreeSet::new();
        self.each("prerequisites", &flag.prerequisites, |own, prerequisite| {
            own.needs_flag(&prerequisite.flag, &prerequisite.variations);
            if !flags.insert(prerequisite.flag.clone()) {
                own.within("flag", |own| {
                    own.problem(
                        "duplicate",
                        "another prerequisite names this flag; put the variations together",
                    );
                });
            }
        });
    }

    fn needs_flag(&mut self, key: &str, variations: &[String]) {
        self.within("flag", |own| own.key(key));
        self.within("variations", |own| {
            own.count(variations.len(), "variations", own.limits.variations);
            if variations.is_empty() {
                own.problem(
                    "required",
                    "name at least one variation; with none it can never be met",
                );
            }
        });
    }

    fn target(&mut self, target: &Target) {
        self.within("variation", |own| own.serves(&target.variation));
        self.within("attribute", |own| own.attribute(&target.attribute));
        self.listed("values", &target.values);
    }

    fn rule(&mut self, rule: &Rule) {
        self.within("when", |own| own.tree(&rule.when));
        self.within("serve", |own| own.serve(&rule.serve));
    }

    fn segment(&mut self, segment: &Segment) {
        self.within("attribute", |own| own.attribute(&segment.attribute));
        self.listed("included", &segment.included);
        self.listed("excluded", &segment.excluded);
        self.within("when", |own| own.tree(&segment.when));
    }

    /// A list of scalars.
    fn listed(&mut self, name: &str, values: &[Value]) {
        self.within(name, |own| {
            own.count(values.len(), "listedValues", own.limits.listed_values);
        });
        self.each(name, values, |own, value| {
            own.operand(Kind::Scalar, value, false);
        });
    }

    fn serve(&mut self, serve: &Serve) {
        match serve {
            Serve::Variation(name) => self.within("variation", |own| own.serves(name)),
            Serve::Split(split) => self.within("split", |own| own.split(split)),
        }
    }

    fn split(&mut self, split: &Split) {
        self.within("by", |own| own.attribute(&split.by));
        if let Some(seed) = &split.seed {
            self.within("seed", |own| own.text(seed));
        }
        self.within("weights", |own| {
            own.count(split.weights.len(), "variations", own.limits.variations);
            let sum: u64 = split
                .weights
                .iter()
                .map(|(_, weight)| u64::from(*weight))
                .sum();
            if sum != u64::from(BUCKETS) {
                let message =
                    format!("the weights sum to {sum}; they must sum to {BUCKETS}, which is 100 %");
                own.problem("weights_sum", message);
            }
        });
        self.each("weights", &split.weights, |own, (name, _)| {
            own.within(0, |own| own.serves(name));
        });
    }

    fn tree(&mut self, condition: &Condition) {
        self.conditions = 0;
        self.condition(condition, 1);
        self.count(self.conditions, "conditions", self.limits.conditions);
    }

    fn condition(&mut self, condition: &Condition, depth: usize) {
        self.conditions += 1;
        let max = self.limits.condition_depth.min(MAX_CONDITION_DEPTH);
        if depth > max {
            return self.problem(
                "limit_exceeded",
                format!("conditions nest deeper than the limit conditionDepth, {max}"),
            );
        }
        match condition {
            Condition::All(conditions) => self.each("all", conditions, |own, inner| {
                own.condition(inner, depth + 1);
            }),
            Condition::Any(conditions) => self.each("any", conditions, |own, inner| {
                own.condition(inner, depth + 1);
            }),
            Condition::Not(condition) => {
                self.within("not", |own| own.condition(condition, depth + 1));
            }
            Condition::Segment(key) => self.within("segment", |own| own.key(key)),
            Condition::Flag { flag, variations } => self.needs_flag(flag, variations),
            Condition::Bucket(bucket) => self.within("bucket", |own| own.bucket(bucket)),
            Condition::Clause(clause) => self.clause(clause),
        }
    }

    fn bucket(&mut self, bucket: &Bucket) {
        self.within("by", |own| own.attribute(&bucket.by));
        self.within("seed", |own| match &bucket.seed {
            Some(seed) => own.text(seed),
            None if own.flag.is_none() => {
                own.problem("required", "a bucket in a segment needs a seed of its own");
            }
            None => {}
        });
        self.within("below", |own| {
            if bucket.below > BUCKETS {
                own.problem(
                    "out_of_range",
                    format!("buckets run from 0 to below {BUCKETS}"),
                );
            }
        });
        self.within("from", |own| {
            if bucket.from > bucket.below {
                own.problem("out_of_range", "from is at most below");
            }
        });
    }

    fn clause(&mut self, clause: &Clause) {
        let kind = Kind::of(clause.op);
        self.within("attribute", |own| own.attribute(&clause.attribute));
        self.within("values", |own| match kind {
            Kind::Scalar => own.count(
                clause.values.len(),
                "listedValues",
                own.limits.listed_values,
            ),
            _ => own.count(
                clause.values.len(),
                "comparedValues",
                own.limits.compared_values,
            ),
        });
        if clause.values.is_empty() && kind != Kind::Nothing {
            self.within("values", |own| {
                own.problem("required", "give at least one value to compare with");
            });
        }
        if clause.ignore_case && !kind.has_case() {
            let message = format!("{} does not compare text; leave ignoreCase out", clause.op);
            self.within("ignoreCase", |own| own.problem("not_applicable", message));
        }
        self.each("values", &clause.values, |own, value| {
            own.operand(kind, value, clause.ignore_case);
        });
    }

    fn operand(&mut self, kind: Kind, value: &Value, ignore_case: bool) {
        if let Value::String(text) = value {
            self.text(text);
            if kind == Kind::Pattern && !self.may_unfold(text, ignore_case) {
                return;
            }
        }
        if let Some(refusal) = kind.refusal(value, ignore_case) {
            self.problem("malformed_value", refusal);
        }
    }

    /// Whether there is room for one more expression; without it none is compiled, which would cost what the limit is
    /// there to save.
    fn may_unfold(&mut self, pattern: &str, ignore_case: bool) -> bool {
        let max = self.limits.pattern_size;
        let before = self.pattern_size <= max;
        self.pattern_size += pattern::size(pattern, ignore_case).unwrap_or(0);
        let after = self.pattern_size <= max;
        if before && !after {
            self.problem(
                "limit_exceeded",
                format!(
                    "with this one the regular expressions unfold to more than the limit patternSize allows, {max}; \
                     repeat less, or narrow sets such as . and [^a]"
                ),
            );
        }
        after
    }

    /// A variation that the flag serves must be one of its own.
    fn serves(&mut self, name: &str) {
        let Some(flag) = self.flag else { return };
        if !flag.variations.contains_key(name) {
            let known: Vec<_> = flag.variations.keys().map(String::as_str).collect();
            let message = format!(
                "the flag has no variation {name:?}; it has {}",
                known.join(", ")
            );
            self.problem("unknown_variation", message);
        }
    }

    fn attribute(&mut self, name: &str) {
        self.text(name);
        if name.is_empty() {
            self.problem("required", "name an attribute");
        } else if AttributeRef::parse(name).is_none() {
            self.problem(
                "malformed_pointer",
                "in a JSON Pointer write ~ as ~0 and a / within a name as ~1",
            );
        }
    }

    fn key(&mut self, key: &str) {
        if !is_key(key) {
            self.problem("malformed_key", KEY_FORM);
        }
    }

    /// A variation's name or a rule's id.
    fn name(&mut self, name: &str) {
        if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
            self.problem(
                "malformed_name",
                "a name has 1 to 100 characters, none of them a control character",
            );
        }
    }

    fn text(&mut self, text: &str) {
        self.count(text.len(), "textBytes", self.limits.text_bytes);
    }
}

/// How deep a value nests; a scalar does not.
fn depth(value: &Value) -> usize {
    match value {
        Value::Array(elements) => 1 + elements.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}
