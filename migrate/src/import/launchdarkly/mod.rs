//! LaunchDarkly: its model is close to ours, so that targets, rules, prerequisites and segments come as they are.
//!
//! The attributes of the kind `user` are the context's own, its key the targeting key; those of another kind are below
//! the kind's name: `/organization/key`.

mod clause;
mod export;
mod segment;

use std::collections::BTreeMap;

use peekaboo_flags::model::{BUCKETS, Rule, Serve, Split, Target};
use peekaboo_flags::{Kind, Value};

use self::clause::{attribute, context_key};
use self::export::{Export, Flag, Rollout, Served, Targeting};
use super::build::{Builder, Kept, Notes, Unsupported, flag, named, prerequisite, type_of};
use super::condition::all;
use super::outcome::{Import, ImportError};
use crate::document::{Document, FlagDocument, Variation};

/// Turns flags and segments into ours.
pub(super) fn import(
    files: &[Value],
    environment: Option<&str>,
    present: Option<&Document>,
) -> Result<Import, ImportError> {
    let Export {
        flags,
        segments,
        unreadable,
    } = export::read(files, environment)?;
    let keys = flags.keys().map(|key| (Kind::Flag, key.as_str()));
    let keys = keys.chain(segments.keys().map(|key| (Kind::Segment, key.as_str())));
    let mut builder = Builder::new(keys, present);
    for (subject, reason) in unreadable {
        builder.omit(subject, reason);
    }
    let names: BTreeMap<_, _> = flags
        .iter()
        .map(|(key, flag)| (key.as_str(), variations(flag)))
        .collect();
    for (key, segment) in &segments {
        let mut notes = Notes::default();
        let made = segment::of_segment(key, segment, &builder, &mut notes);
        builder.segment(key, made, notes);
    }
    for (key, flag) in &flags {
        let mut notes = Notes::default();
        let made = of_flag(flag, &names, &builder, &mut notes);
        if flag.archived {
            builder.archived(key, made, notes);
        } else {
            builder.flag(key, made, notes);
        }
    }
    Ok(builder.finish())
}

/// The variations with keys: the name that people gave, else one from the value.
fn variations(flag: &Flag) -> Vec<Variation> {
    let values: Vec<_> = flag
        .variations
        .iter()
        .map(|variation| variation.value.clone())
        .collect();
    let mut named = named(&values);
    for (own, given) in named.iter_mut().zip(&flag.variations) {
        own.name.clone_from(&given.name);
        own.description.clone_from(&given.description);
        own.name.take_if(|name| name.is_empty());
        own.description
            .take_if(|description| description.is_empty());
    }
    named
}

type Names<'a> = BTreeMap<&'a str, Vec<Variation>>;

fn of_flag(
    own: &Flag,
    names: &Names<'_>,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<FlagDocument> {
    if own.migration {
        return Err(Unsupported::new(
            "it is a migration flag, whose stages LaunchDarkly's SDKs run; use a string flag for the stage",
        ));
    }
    let variations = variations(own);
    let type_ = type_of(variations.iter().map(|variation| &variation.value))?;
    let keys: Vec<_> = variations
        .iter()
        .map(|variation| variation.key.clone())
        .collect();
    let served = |served: &Served, notes: &mut Notes| serve(served, &keys, notes);
    let mut made = flag(type_, variations, "");
    made.name.clone_from(&own.name);
    made.description.clone_from(&own.description);
    made.tags.clone_from(&own.tags);
    made.client_visible = own.client_side;
    let own = &own.targeting;
    made.track = own.track_events;
    let targeting = &mut made.targeting;
    targeting.enabled = own.on;
    targeting.off_variation = own
        .off_variation
        .map(|index| variation(&keys, index))
        .transpose()?;
    for needed in &own.prerequisites {
        let key = builder.flag_key(&needed.key)?;
        let others = names
            .get(needed.key.as_str())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let others: Vec<_> = others
            .iter()
            .map(|variation| variation.key.clone())
            .collect();
        let name = variation(&others, needed.variation)?;
        targeting.prerequisites.push(prerequisite(key, vec![name]));
    }
    targeting.targets = targets(own, &keys)?;
    for (index, rule) in own.rules.iter().enumerate() {
        let clauses = rule
            .clauses
            .iter()
            .map(|clause| clause::condition(clause, builder, notes));
        let when = all(clauses.collect::<Kept<_>>()?);
        if let Some(description) = rule.description.as_deref().filter(|text| !text.is_empty()) {
            let id = rule_id(&rule.id, index);
            notes.add(format!(
                "its rule {id} had the description {description:?}; rules have no descriptions here"
            ));
        }
        targeting.rules.push(Rule {
            id: rule_id(&rule.id, index),
            when,
            serve: served(&rule.served, notes)?,
        });
    }
    targeting.fallthrough = match &own.fallthrough {
        Some(fallthrough) => served(fallthrough, notes)?,
        None if !own.on => Serve::Variation(variation(&keys, 0)?),
        None => {
            return Err(Unsupported::new("it has no default variation"));
        }
    };
    Ok(made)
}

fn rule_id(id: &str, index: usize) -> String {
    if id.is_empty() {
        format!("rule-{}", index + 1)
    } else {
        id.to_owned()
    }
}

/// Individual targets: those of other kinds than `user` are listed apart, and their list says the order of all.
fn targets(own: &Targeting, keys: &[String]) -> Kept<Vec<Target>> {
    let target = |kind: &str, values: &[String], index: usize| {
        Ok(Target {
            variation: variation(keys, index)?,
            attribute: context_key(kind),
            values: values
                .iter()
                .map(|value| Value::from(value.as_str()))
                .collect(),
        })
    };
    let users = own.targets.iter();
    let mut made = Vec::new();
    if own.context_targets.is_empty() {
        for list in users {
            made.push(target("user", &list.values, list.variation)?);
        }
    } else {
        for list in &own.context_targets {
            let kind = list.context_kind.as_deref().unwrap_or("user");
            let same = own
                .targets
                .iter()
                .find(|users| users.variation == list.variation);
            let values = match (kind, same) {
                ("user", Some(users)) if list.values.is_empty() => &users.values,
                _ => &list.values,
            };
            made.push(target(kind, values, list.variation)?);
        }
    }
    made.retain(|target| !target.values.is_empty());
    Ok(made)
}

fn variation(keys: &[String], index: usize) -> Kept<String> {
    keys.get(index)
        .cloned()
        .ok_or_else(|| Unsupported(format!("it serves the unknown variation {index}")))
}

fn serve(served: &Served, keys: &[String], notes: &mut Notes) -> Kept<Serve> {
    match (served.variation, &served.rollout) {
        (Some(index), None) => Ok(Serve::Variation(variation(keys, index)?)),
        (None, Some(rollout)) => split(rollout, keys, notes),
        _ => Err(Unsupported::new(
            "one of its rules has neither a variation nor a rollout",
        )),
    }
}

fn split(rollout: &Rollout, keys: &[String], notes: &mut Notes) -> Kept<Serve> {
    let experiment = rollout.kind.as_deref() == Some("experiment");
    let kind = rollout.context_kind.as_deref().unwrap_or("user");
    let by = match (rollout.bucket_by.as_deref(), experiment) {
        (Some(by), false) => attribute(rollout.context_kind.as_deref(), by),
        _ => context_key(kind),
    };
    let mut weights: Vec<(String, u32)> = Vec::new();
    for share in &rollout.variations {
        let key = variation(keys, share.variation)?;
        // An experiment lists a variation once for those it measures and once for those it does not.
        match weights.iter_mut().find(|(known, _)| *known == key) {
            Some((_, weight)) => *weight += share.weight,
            None => weights.push((key, share.weight)),
        }
    }
    let sum: u32 = weights.iter().map(|(_, weight)| *weight).sum();
    // The last one gets what is missing, as their SDKs do.
    match weights.last_mut() {
        Some((_, last)) if sum <= BUCKETS => *last += BUCKETS - sum,
        _ => {
            return Err(Unsupported(format!(
                "the weights of a rollout sum to {sum} instead of {BUCKETS}"
            )));
        }
    }
    if experiment {
        notes.add("its experiment becomes a split with the same shares; its measurements are not imported");
    }
    let mut some = weights.iter().filter(|(_, weight)| *weight > 0);
    if let (Some((only, _)), None) = (some.next(), some.next()) {
        return Ok(Serve::Variation(only.clone()));
    }
    notes.redrawn("LaunchDarkly");
    notes.add(format!(
        "a context without {by} gets its first variation of a rollout there; here the rule is passed over, and the \
         default rollout serves the caller's default"
    ));
    Ok(Serve::Split(Split {
        by,
        seed: rollout.seed.map(|seed| seed.to_string()),
        weights,
    }))
}
