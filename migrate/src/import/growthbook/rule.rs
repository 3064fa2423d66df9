//! A feature's rules.

use peekaboo_flags::Value;
use peekaboo_flags::model::{BUCKETS, Condition, Prerequisite, Rule as OurRule, Serve};
use serde::Deserialize;

use super::condition::{Conditions, ID};
use crate::document::Variation;
use crate::import::build::{Kept, Notes, Unsupported, prerequisite, serve};
use crate::import::condition::{all, any, bucket, buckets, dotted, exists};

/// What a share is written with: two numbers between 0 and 1.
type Range = (f64, f64);

/// A rule of a feature.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    #[serde(default)]
    pub(super) id: Option<String>,
    #[serde(default)]
    pub(super) condition: Option<Value>,
    #[serde(default)]
    parent_conditions: Vec<Parent>,
    #[serde(default)]
    force: Option<Value>,
    #[serde(default)]
    variations: Option<Vec<Value>>,
    #[serde(default)]
    meta: Vec<Meta>,
    #[serde(default)]
    weights: Option<Vec<f64>>,
    #[serde(default)]
    coverage: Option<f64>,
    #[serde(default)]
    range: Option<Range>,
    #[serde(default)]
    ranges: Option<Vec<Range>>,
    #[serde(default)]
    filters: Vec<Filter>,
    #[serde(default)]
    namespace: Option<(String, f64, f64)>,
    #[serde(default)]
    hash_attribute: Option<String>,
    #[serde(default)]
    fallback_attribute: Option<String>,
    #[serde(default)]
    seed: Option<String>,
    #[serde(default)]
    key: Option<String>,
}

/// What is said of a variation of an experiment.
#[derive(Debug, Deserialize)]
struct Meta {
    /// Whether those who are in it go on to the next rule, as with a holdout.
    #[serde(default)]
    passthrough: bool,
}

/// Another feature that has to have some value.
#[derive(Debug, Deserialize)]
struct Parent {
    id: String,
    condition: Value,
    #[serde(default)]
    gate: bool,
}

/// Only some buckets of some seed come further.
#[derive(Debug, Deserialize)]
struct Filter {
    #[serde(default)]
    attribute: Option<String>,
    seed: String,
    ranges: Vec<Range>,
}

impl Rule {
    /// Every value that it can give.
    pub(super) fn values(&self) -> impl Iterator<Item = &Value> {
        let variations = self.variations.iter().flatten();
        self.force.iter().chain(variations)
    }

    /// Whether it gives no value, and only lets through.
    pub(super) fn is_gate(&self) -> bool {
        self.force.is_none()
            && self.variations.is_none()
            && self.condition.as_ref().is_none_or(is_empty)
            && !self.parent_conditions.is_empty()
            && self.parent_conditions.iter().all(|parent| parent.gate)
    }
}

impl Rule {
    /// Whether it asks anything of the context.
    pub(super) fn has_condition(&self) -> bool {
        self.condition
            .as_ref()
            .is_some_and(|condition| !is_empty(condition))
    }

    /// Whether a hash of an attribute decides who comes further.
    pub(super) fn hashes(&self) -> bool {
        self.variations.is_some()
            || self.coverage.is_some()
            || self.range.is_some()
            || !self.filters.is_empty()
    }

    /// Whether those in its nth variation go on to the next rule.
    fn passes(&self, nth: usize) -> bool {
        self.meta.get(nth).is_some_and(|meta| meta.passthrough)
    }
}

fn is_empty(condition: &Value) -> bool {
    condition.as_object().is_some_and(serde_json::Map::is_empty)
}

/// What a gate asks of other features.
pub(super) fn gates(rule: &Rule, conditions: &Conditions<'_>) -> Kept<Vec<Prerequisite>> {
    let gates = rule.parent_conditions.iter().map(|parent| {
        let (flag, variations) = conditions.parent(&parent.id, &parent.condition)?;
        Ok(prerequisite(flag, variations))
    });
    gates.collect()
}

/// The variation of a value.
pub(super) fn variation(variations: &[Variation], value: &Value) -> Kept<String> {
    let known = variations
        .iter()
        .find(|variation| variation.value == *value);
    let key = known.map(|variation| variation.key.clone());
    key.ok_or_else(|| Unsupported(format!("it serves {value}, which is not one of its values")))
}

/// A rule as ours; one with ranges becomes one for each variation.
pub(super) fn rules(
    id: &str,
    feature: &str,
    rule: &Rule,
    variations: &[Variation],
    conditions: &Conditions<'_>,
    notes: &mut Notes,
) -> Kept<Vec<OurRule>> {
    let mut when = Vec::new();
    for parent in &rule.parent_conditions {
        if parent.gate {
            return Err(Unsupported::new(
                "it has a prerequisite after other rules; here prerequisites come before all rules",
            ));
        }
        let (flag, variations) = conditions.parent(&parent.id, &parent.condition)?;
        when.push(Condition::Flag { flag, variations });
    }
    if let Some(condition) = &rule.condition {
        when.push(conditions.condition(condition, notes)?);
    }
    let by = |attribute: &Option<String>| {
        let attribute = attribute
            .as_deref()
            .filter(|attribute| !attribute.is_empty());
        dotted(attribute.unwrap_or(ID), ID)
    };
    let hashed = by(&rule.hash_attribute);
    for filter in &rule.filters {
        notes.redrawn("GrowthBook");
        let by = by(&filter.attribute);
        let ranges = filter
            .ranges
            .iter()
            .map(|range| in_range(&by, &filter.seed, *range));
        when.push(any(ranges.collect()));
    }
    if let Some((namespace, from, to)) = &rule.namespace
        && rule.filters.is_empty()
    {
        notes.redrawn("GrowthBook");
        when.push(in_range(
            &hashed,
            &format!("namespace:{namespace}"),
            (*from, *to),
        ));
    }
    if rule.fallback_attribute.is_some() {
        notes.add("if its attribute is missing, GrowthBook falls back to another one; here the rule is skipped");
    }
    if let Some(value) = &rule.force {
        let seed = rule.seed.as_deref().unwrap_or(feature);
        if let Some(range) = rule
            .range
            .or_else(|| rule.coverage.map(|coverage| (0.0, coverage)))
        {
            notes.redrawn("GrowthBook");
            when.push(in_range(&hashed, seed, range));
        }
        return Ok(vec![one(
            id,
            all(when),
            Serve::Variation(variation(variations, value)?),
        )]);
    }
    let seed = rule
        .seed
        .as_deref()
        .or(rule.key.as_deref())
        .unwrap_or(feature);
    experiment(id, rule, variations, &hashed, seed, when, notes)
}

/// The rules of an experiment, for whom `when` holds.
fn experiment(
    id: &str,
    rule: &Rule,
    variations: &[Variation],
    hashed: &str,
    seed: &str,
    mut when: Vec<Condition>,
    notes: &mut Notes,
) -> Kept<Vec<OurRule>> {
    let Some(values) = &rule.variations else {
        return Err(Unsupported::new("one of its rules has no value"));
    };
    // No one is in an experiment with one variation.
    if values.len() < 2 {
        return Ok(Vec::new());
    }
    let keys: Vec<_> = values
        .iter()
        .map(|value| variation(variations, value))
        .collect::<Kept<_>>()?;
    notes.redrawn("GrowthBook");
    notes.add(
        "its experiment becomes a split with the same shares; its measurements are not imported",
    );
    if let Some(ranges) = &rule.ranges {
        return Ok(each_in_range(id, rule, &keys, ranges, hashed, seed, &when));
    }
    let coverage = rule.coverage.unwrap_or(1.0).clamp(0.0, 1.0);
    let equal = vec![1.0; keys.len()];
    // Weights that do not add up to 1 mean equal ones there.
    let given = rule.weights.as_ref().filter(|weights| {
        let sum: f64 = weights.iter().sum();
        weights.len() == keys.len() && (0.99..=1.01).contains(&sum)
    });
    let weights = given.unwrap_or(&equal);
    if (0..keys.len()).any(|nth| rule.passes(nth)) {
        let sum: f64 = weights.iter().sum();
        let mut start = 0.0;
        let ranges = weights.iter().map(|weight| {
            let share = weight / sum;
            let from = start;
            start += share;
            (from, from + coverage * share)
        });
        let ranges: Vec<Range> = ranges.collect();
        return Ok(each_in_range(id, rule, &keys, &ranges, hashed, seed, &when));
    }
    // Who is covered is drawn apart from what they get, which leaves the shares as they are. Without its attribute the
    // rule is passed over, there as here.
    when.push(in_range(
        hashed,
        &format!("{seed}:coverage"),
        (0.0, coverage),
    ));
    let mut shares: Vec<(String, f64)> = Vec::new();
    for (key, weight) in keys.into_iter().zip(weights) {
        // Two variations of an experiment may have one value.
        match shares.iter_mut().find(|(known, _)| *known == key) {
            Some((_, share)) => *share += weight,
            None => shares.push((key, *weight)),
        }
    }
    Ok(vec![one(
        id,
        all(when),
        serve(hashed, Some(seed), &shares)?,
    )])
}

/// A rule for each variation that is served, to those who are within its range.
fn each_in_range(
    id: &str,
    rule: &Rule,
    keys: &[String],
    ranges: &[Range],
    hashed: &str,
    seed: &str,
    when: &[Condition],
) -> Vec<OurRule> {
    let each = keys.iter().zip(ranges).enumerate();
    let served = each.filter(|(index, _)| !rule.passes(*index));
    let rules = served.map(|(index, (key, range))| {
        let mut when = when.to_vec();
        when.push(in_range(hashed, seed, *range));
        one(
            &format!("{id}-{}", index + 1),
            all(when),
            Serve::Variation(key.clone()),
        )
    });
    rules.collect()
}

fn one(id: &str, when: Condition, serve: Serve) -> OurRule {
    OurRule {
        id: id.to_owned(),
        when,
        serve,
    }
}

fn in_range(by: &str, seed: &str, (from, to): Range) -> Condition {
    let (from, below) = (buckets(from), buckets(to));
    if from >= below {
        return Condition::never();
    }
    if (from, below) == (0, BUCKETS) {
        return exists(by);
    }
    bucket(by, seed, from, below)
}
