//! GrowthBook: features with rules, their conditions in the syntax of Mongo.
//!
//! A rule that does not apply to someone, by its condition, its coverage or its namespace, leaves them to the next one,
//! so that coverage and namespaces become bucket conditions. The attribute `id` is the targeting key.

mod condition;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::model::{Condition, Serve, TARGETING_KEY};
use peekaboo_flags::{Kind, Value};
use serde::Deserialize;

use self::condition::{Conditions, GroupUse};
use self::rule::Rule;
use super::build::{Builder, Kept, Notes, Unsupported, flag, named, type_of};
use super::outcome::{Import, ImportError};
use super::read::{Items, parse_file};
use crate::document::{Document, FlagDocument, SegmentDocument, Variation};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Feature {
    #[serde(default)]
    default_value: Value,
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    features: BTreeMap<String, Value>,
    #[serde(default)]
    saved_groups: BTreeMap<String, Value>,
    #[serde(default)]
    experiments: Vec<Value>,
}

/// What a file should be.
const IS_NOT: &str = "not data that GrowthBook's SDKs receive";

/// Turns what SDKs receive into flags and segments.
pub(super) fn import(files: &[Value], present: Option<&Document>) -> Result<Import, ImportError> {
    let (mut features, mut groups, mut experiments) = (BTreeMap::new(), BTreeMap::new(), 0);
    let mut unreadable = Vec::new();
    for file in files {
        if file.get("encryptedFeatures").is_some_and(Value::is_string) {
            return Err(ImportError::Form(
                "the features are encrypted: use an SDK connection without encryption".to_owned(),
            ));
        }
        let payload: Payload = parse_file(file, IS_NOT)?;
        let mut items = Items::of(IS_NOT);
        for (key, json) in payload.features {
            if let Some(feature) = items.read::<Feature>(Kind::Flag, &key, &json) {
                features.insert(key, feature);
            }
        }
        unreadable.extend(items.unreadable()?);
        groups.extend(payload.saved_groups);
        experiments += payload.experiments.len();
    }
    let variations: BTreeMap<_, _> = features
        .iter()
        .map(|(key, feature)| (key.as_str(), of_values(feature)))
        .collect();
    let used = uses(&features);
    let names: Vec<_> = used.iter().map(GroupUse::name).collect();
    let keys = features.keys().map(|key| (Kind::Flag, key.as_str()));
    let keys = keys.chain(names.iter().map(|name| (Kind::Segment, name.as_str())));
    let mut builder = Builder::new(keys, present);
    for (subject, reason) in unreadable {
        builder.omit(subject, reason);
    }
    for group in &used {
        let mut notes = Notes::default();
        let made = match groups.get(&group.group) {
            Some(Value::Array(values)) => of_group(group, values, &mut notes),
            Some(_) => Err(Unsupported(format!(
                "the saved group {} is not a list",
                group.group
            ))),
            None => Err(Unsupported(format!(
                "the saved group {} is missing in the file",
                group.group
            ))),
        };
        builder.segment(&group.name(), made, notes);
    }
    let gated: BTreeSet<_> = features
        .iter()
        .filter(|(_, feature)| feature.rules.first().is_some_and(Rule::is_gate))
        .map(|(key, _)| key.as_str())
        .collect();
    for (key, feature) in &features {
        let mut notes = Notes::default();
        let conditions = Conditions {
            builder: &builder,
            variations: &variations,
            gated: &gated,
        };
        let made = of_feature(key, feature, &conditions, &mut notes);
        builder.flag(key, made, notes);
    }
    let mut rules = features.values().flat_map(|feature| &feature.rules);
    if rules.clone().any(Rule::has_condition) {
        builder.remark(
            "where the context has a list, GrowthBook compares it as a whole, and with `$all` and `$elemMatch` nothing \
             but a list; here a comparison holds where any element meets it, and one value is a list of itself",
        );
    }
    if rules.any(Rule::hashes) {
        builder.remark("GrowthBook treats an empty attribute as missing; here it counts as a value in percentages");
    }
    if experiments > 0 {
        builder.remark(format!(
            "{experiments} visual experiments were skipped, because flags do not change pages by themselves"
        ));
    }
    Ok(builder.finish())
}

/// Which saved groups are asked about which attribute.
fn uses(features: &BTreeMap<String, Feature>) -> BTreeSet<GroupUse> {
    let rules = features.values().flat_map(|feature| &feature.rules);
    let mut used = BTreeSet::new();
    for rule in rules {
        if let Some(own) = &rule.condition {
            condition::groups(own, &mut used);
        }
    }
    used
}

/// A plain list of people is one here too, so that people can edit it.
fn of_group(group: &GroupUse, values: &[Value], notes: &mut Notes) -> Kept<SegmentDocument> {
    let mut made = SegmentDocument {
        name: Some(group.name()),
        ..SegmentDocument::default()
    };
    match condition::of_group(&group.attribute, values, notes)? {
        Condition::Clause(listed) if listed.attribute == TARGETING_KEY => {
            made.included = listed.values;
        }
        other => made.when = other,
    }
    Ok(made)
}

/// Every value that a feature can have, with a key each: a variation's own where an experiment names it.
fn of_values(feature: &Feature) -> Vec<Variation> {
    let mut values: Vec<Value> = Vec::new();
    let served = feature.rules.iter().flat_map(Rule::values);
    for value in served.chain([&feature.default_value]) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    // A switch reads as such: on, then off.
    values.sort_by_key(|value| match value {
        Value::Bool(value) => usize::from(!value),
        _ => 0,
    });
    if values == [Value::Bool(true)] {
        values.push(Value::Bool(false));
    } else if values == [Value::Bool(false)] {
        values.insert(0, Value::Bool(true));
    }
    named(&values)
}

fn of_feature(
    key: &str,
    feature: &Feature,
    conditions: &Conditions<'_>,
    notes: &mut Notes,
) -> Kept<FlagDocument> {
    let variations = of_values(feature);
    let type_ = type_of(variations.iter().map(|variation| &variation.value))?;
    let default = rule::variation(&variations, &feature.default_value)?;
    let mut made = flag(type_, variations, &default);
    let mut rules = feature.rules.as_slice();
    // A gate that comes first decides about the whole flag; without it the caller's default is served.
    while let [gate, rest @ ..] = rules {
        if !gate.is_gate() {
            break;
        }
        made.targeting
            .prerequisites
            .extend(rule::gates(gate, conditions)?);
        rules = rest;
    }
    for (index, own) in rules.iter().enumerate() {
        let id = own.id.clone().filter(|id| !id.is_empty());
        let id = id.unwrap_or_else(|| format!("rule-{}", index + 1));
        let more = rule::rules(&id, key, own, &made.variations, conditions, notes)?;
        made.targeting.rules.extend(more);
    }
    // A last rule for everyone is the default itself.
    if let Some(last) = made.targeting.rules.last()
        && last.when == Condition::always()
        && matches!(last.serve, Serve::Variation(_))
    {
        made.targeting.fallthrough = last.serve.clone();
        made.targeting.rules.pop();
    }
    Ok(made)
}
