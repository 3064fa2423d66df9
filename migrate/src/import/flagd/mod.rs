//! flagd: flags whose targeting is JsonLogic.
//!
//! A targeting is a tree of `if`s whose leaves are variants. Each leaf becomes a rule, in order; a shared condition
//! (`$evaluators`) becomes a segment where it says yes or no, and is put in place where it names variants.

mod logic;
mod targeting;

use std::collections::BTreeMap;

use peekaboo_flags::model::Serve;
use peekaboo_flags::{Kind, Value};
use serde::Deserialize;

use self::logic::Logic;
use super::build::{Builder, Kept, Notes, Unsupported, flag, type_of};
use super::outcome::{Import, ImportError};
use super::read::{Items, parse_file};
use crate::document::{Document, FlagDocument, SegmentDocument, Variation};

/// A flag definition.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Flag {
    state: String,
    #[serde(default)]
    variants: serde_json::Map<String, Value>,
    #[serde(default)]
    default_variant: Option<Value>,
    #[serde(default)]
    targeting: Option<Value>,
    #[serde(default)]
    metadata: Option<Value>,
}

#[derive(Debug, Deserialize)]
struct File {
    flags: BTreeMap<String, Value>,
    #[serde(default, rename = "$evaluators")]
    evaluators: BTreeMap<String, Value>,
}

/// What a file should be.
const IS_NOT: &str = "not a flag definition of flagd";

/// Turns flag definitions into flags and segments.
pub(super) fn import(files: &[Value], present: Option<&Document>) -> Result<Import, ImportError> {
    let (mut flags, mut evaluators) = (BTreeMap::new(), BTreeMap::new());
    let mut unreadable = Vec::new();
    for file in files {
        if file.get("segments").is_some() {
            let reason = format!("{IS_NOT}: flagd has no segments");
            return Err(ImportError::Form(reason));
        }
        let file: File = parse_file(file, IS_NOT)?;
        let mut items = Items::of(IS_NOT);
        for (key, json) in file.flags {
            if let Some(flag) = items.read::<Flag>(Kind::Flag, &key, &json) {
                flags.insert(key, flag);
            }
        }
        unreadable.extend(items.unreadable()?);
        evaluators.extend(file.evaluators);
    }
    let keys = flags.keys().map(|key| (Kind::Flag, key.as_str()));
    let keys = keys.chain(evaluators.keys().map(|key| (Kind::Segment, key.as_str())));
    let mut builder = Builder::new(keys, present);
    for (subject, reason) in unreadable {
        builder.omit(subject, reason);
    }
    for (key, evaluator) in &evaluators {
        let mut notes = Notes::default();
        let logic = Logic::new("", &evaluators, &builder);
        // One that names variants cannot become a segment: it is inserted where it is used.
        if let Ok(when) = logic.condition(evaluator, &mut notes) {
            let segment = SegmentDocument {
                when,
                ..SegmentDocument::default()
            };
            builder.segment(key, Ok(segment), notes);
        }
    }
    if flags
        .values()
        .any(|flag| flag.targeting.as_ref().is_some_and(|tree| !is_empty(tree)))
    {
        builder.remark(
            "where the context has a value of another type than is asked for, flagd converts it or serves the caller's \
             default; here it is not equal. flagd compares a list as a whole; here any element may match",
        );
    }
    for (key, own) in &flags {
        let mut notes = Notes::default();
        let logic = Logic::new(key, &evaluators, &builder);
        let made = of_flag(own, &logic, &mut notes);
        builder.flag(key, made, notes);
    }
    Ok(builder.finish())
}

fn of_flag(own: &Flag, logic: &Logic<'_>, notes: &mut Notes) -> Kept<FlagDocument> {
    let variations = own.variants.iter();
    let variations = variations.map(|(name, value)| Variation::new(name.as_str(), value.clone()));
    let variations: Vec<_> = variations.collect();
    let type_ = type_of(own.variants.values())?;
    let default = match &own.default_variant {
        Some(Value::String(name)) => Some(name.clone()),
        Some(Value::Bool(value)) => Some(value.to_string()),
        _ => None,
    };
    if own
        .metadata
        .as_ref()
        .and_then(Value::as_object)
        .is_some_and(|metadata| !metadata.is_empty())
    {
        notes.add("its metadata is not imported: flags have a description and tags here");
    }
    let tree = own.targeting.as_ref().filter(|tree| !is_empty(tree));
    let enabled = own.state.eq_ignore_ascii_case("ENABLED");
    let first = variations
        .first()
        .map(|variation| variation.key.clone())
        .unwrap_or_default();
    let mut made = flag(type_, variations, &first);
    // Disabled, and without a default variant, flagd leaves the value to the caller: as the off variation none.
    made.targeting.enabled = enabled;
    let Some(default) = default else {
        if tree.is_some() && enabled {
            return Err(Unsupported::new(
                "it has targeting and no default variant: here a flag that is on always serves one of its variations",
            ));
        }
        made.targeting.enabled = false;
        if enabled {
            notes.add(
                "it has no default variant: here it is off, so the caller's default is also served",
            );
        }
        return Ok(made);
    };
    if !own.variants.contains_key(&default) {
        return Err(Unsupported(format!(
            "its default variant {default} is not one of its variants"
        )));
    }
    made.targeting.fallthrough = Serve::Variation(default.clone());
    if let Some(tree) = tree {
        let names: Vec<_> = own.variants.keys().map(String::as_str).collect();
        made.targeting.rules = targeting::rules(tree, &names, &default, logic, notes)?;
    }
    Ok(made)
}

fn is_empty(tree: &Value) -> bool {
    tree.is_null() || tree.as_object().is_some_and(serde_json::Map::is_empty)
}
