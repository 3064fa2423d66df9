//! Variants: what `getVariant` answers to those whom the feature is on for.

use std::collections::BTreeMap;

use peekaboo_flags::model::{Condition, Operator, Rule, Serve};
use peekaboo_flags::{FlagType, Value};

use super::constraint::{context_field, texts};
use super::export::{Feature, Payload, Strategy, Variant};
use super::strategy;
use crate::document::{FlagDocument, Variation};
use crate::import::build::{Builder, Kept, Notes, Unsupported, flag, prerequisite, serve, type_of};
use crate::import::condition::{all, clause};

/// The flag that `getVariant` reads.
///
/// The feature being on is a prerequisite, without which the caller's default is served. The first strategy that holds
/// decides which variants there are.
pub(super) fn of_feature(
    feature: &Feature,
    segments: &BTreeMap<i64, String>,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<FlagDocument> {
    let variations = variations(feature, notes)?;
    let type_ = type_of(variations.iter().map(|variation| &variation.value))?;
    let first = variations.first().map(|variation| variation.key.clone());
    let mut made = flag(type_, variations, &first.unwrap_or_default());
    feature.describe(&mut made);
    made.name = Some(format!("{}: variant", feature.name));
    let parent = builder.flag_key(&feature.name)?;
    made.targeting
        .prerequisites
        .push(prerequisite(parent, vec!["on".to_owned()]));
    notes.add(format!(
        "getVariant(\"{}\") becomes this flag: instead of the variant `disabled`, the flag serves the caller's default",
        feature.name
    ));
    let mut rules = Vec::new();
    if feature.strategies.is_empty() {
        serve_variants(
            &mut rules,
            "variants",
            &Condition::always(),
            &feature.variants,
            None,
            notes,
        )?;
    }
    for (index, own) in feature.strategies.iter().enumerate() {
        if own.disabled {
            continue;
        }
        let condition = strategy::condition(own, feature, segments, builder, notes)?;
        let group = strategy::group(own, feature);
        let variants = if own.variants.is_empty() {
            &feature.variants
        } else {
            &own.variants
        };
        if variants.is_empty() {
            return Err(Unsupported::new(
                "one of the strategies has variants and another has none; the flag would have nothing to serve",
            ));
        }
        let id = format!("strategy-{}", index + 1);
        serve_variants(
            &mut rules,
            &id,
            &condition,
            variants,
            Some((own, &group)),
            notes,
        )?;
    }
    // A context that no rule matches lacks the attribute of the last split, and gets the caller's default. A single
    // variant is served by its rule to everyone who is on.
    if let Some(last) = rules.last() {
        made.targeting.fallthrough = last.serve.clone();
        if let Serve::Split(split) = &last.serve {
            notes.add(format!(
                "without {}, Unleash chooses a variant at random or by session; here the caller's default is served",
                split.by
            ));
        }
    }
    made.targeting.rules = rules;
    Ok(made)
}

/// One rule for each override, then one for everyone else.
fn serve_variants(
    rules: &mut Vec<Rule>,
    id: &str,
    condition: &Condition,
    variants: &[Variant],
    strategy: Option<(&Strategy, &str)>,
    notes: &mut Notes,
) -> Kept<()> {
    for variant in variants {
        for (index, own) in variant.overrides.iter().enumerate() {
            if own.values.is_empty() {
                continue;
            }
            let attribute = context_field(&own.context_name, notes);
            let values = own.values.iter();
            let values = values.flat_map(|value| texts(&attribute, value.clone()));
            let values = values.collect();
            let named = clause(attribute, Operator::In, values);
            rules.push(Rule {
                id: format!("{id}-{}-{}", variant.name, index + 1),
                when: all(vec![condition.clone(), named]),
                serve: Serve::Variation(variant.name.clone()),
            });
        }
    }
    let weights: Vec<_> = variants
        .iter()
        .map(|variant| (variant.name.clone(), variant.weight))
        .collect();
    let several = weights.iter().filter(|(_, weight)| *weight > 0.0).count() > 1;
    let word = variants
        .iter()
        .find_map(|variant| variant.stickiness.as_deref());
    let by = match (several, word, strategy) {
        (false, ..) => peekaboo_flags::model::TARGETING_KEY.to_owned(),
        (true, Some(word), _) if word != "default" => strategy::by(word, notes)?,
        (true, _, Some((strategy, _))) => strategy::stickiness(strategy, notes)?,
        (true, ..) => strategy::by("default", notes)?,
    };
    let seed = strategy.map(|(_, group)| format!("{group}:variant"));
    let serve = serve(&by, seed.as_deref(), &weights)?;
    if matches!(serve, Serve::Split(_)) {
        notes.redrawn("Unleash");
    }
    rules.push(Rule {
        id: id.to_owned(),
        when: condition.clone(),
        serve,
    });
    Ok(())
}

/// Every variant of the feature and of its strategies, by name.
fn variations(feature: &Feature, notes: &mut Notes) -> Kept<Vec<Variation>> {
    let strategies = feature
        .strategies
        .iter()
        .filter(|strategy| !strategy.disabled);
    let own = strategies.flat_map(|strategy| &strategy.variants);
    let mut known: Vec<&Variant> = Vec::new();
    for variant in feature.variants.iter().chain(own) {
        match known.iter().find(|other| other.name == variant.name) {
            None => known.push(variant),
            Some(other) if other.payload == variant.payload => {}
            Some(_) => {
                return Err(Unsupported(format!(
                    "the variant {} has different payloads in different strategies",
                    variant.name
                )));
            }
        }
    }
    let values: Vec<_> = known.iter().map(|variant| value(variant)).collect();
    let alike = type_of(&values).is_ok();
    if !alike {
        notes.add("its payloads have several types: each is served as a string");
    }
    let json = known.iter().zip(&values).find(|(variant, value)| {
        variant
            .payload
            .as_ref()
            .is_some_and(|payload| payload.kind == "json")
            && value.is_string()
    });
    if let (Some((variant, _)), true) = (json, alike) {
        let name = &variant.name;
        notes.add(format!(
            "the JSON payload of {name} is not an object: it is served as a string"
        ));
    }
    let variations = known.iter().zip(values).map(|(variant, value)| {
        let value = if alike { value } else { text(variant) };
        Variation::new(variant.name.as_str(), value)
    });
    Ok(variations.collect())
}

/// The payload as Unleash writes it.
fn text(variant: &Variant) -> Value {
    let payload = variant
        .payload
        .as_ref()
        .map(|payload| payload.value.as_str());
    payload.unwrap_or(&variant.name).into()
}

/// The payload as a value; a variant without one is its name.
fn value(variant: &Variant) -> Value {
    let Some(Payload { kind, value }) = &variant.payload else {
        return Value::from(variant.name.as_str());
    };
    let parsed = match kind.as_str() {
        "json" => serde_json::from_str(value)
            .ok()
            .filter(|json| FlagType::Object.admits(json)),
        "number" => serde_json::from_str(value)
            .ok()
            .filter(|json| FlagType::Number.admits(json)),
        _ => None,
    };
    parsed.unwrap_or_else(|| text(variant))
}
