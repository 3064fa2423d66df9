//! Unleash: features with activation strategies.
//!
//! A feature is on for whom any of its strategies holds, so each strategy becomes a rule, its percentage a bucket
//! condition: who misses one strategy is asked by the next. A feature with variants becomes two flags, as it has two
//! faces in code: `isEnabled` reads the boolean one, `getVariant` the one whose key ends with `-variant`.

mod constraint;
mod export;
mod strategy;
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::model::{Condition, Rule, Serve};
use peekaboo_flags::{FlagType, Kind, Value};

use self::export::{Dependency, Export, Feature, Segment, Strategy};
use super::build::{Builder, Kept, Notes, Unsupported, flag, prerequisite};
use super::condition::{all, not};
use super::outcome::{Import, ImportError};
use crate::document::{Document, FlagDocument, SegmentDocument, Variation};

/// Turns exports into flags and segments.
pub(super) fn import(
    files: &[Value],
    environment: Option<&str>,
    present: Option<&Document>,
) -> Result<Import, ImportError> {
    let Export {
        features,
        segments,
        projects,
        unreadable,
    } = export::read(files, environment)?;
    let flags = features.iter().map(|feature| feature.name.as_str());
    let twins = twins(&features);
    let children: BTreeSet<_> = features
        .iter()
        .filter(|feature| !feature.dependencies.is_empty())
        .map(|feature| feature.name.as_str())
        .collect();
    let names: BTreeMap<_, _> = segments
        .iter()
        .map(|segment| (segment.id, segment.name()))
        .collect();
    let keys = flags
        .chain(twins.values().map(String::as_str))
        .map(|name| (Kind::Flag, name));
    let keys = keys.chain(names.values().map(|name| (Kind::Segment, name.as_str())));
    let mut builder = Builder::new(keys, present);
    for (subject, reason) in unreadable {
        builder.omit(subject, reason);
    }
    let family = Family {
        twins: &twins,
        children: &children,
    };
    for segment in &segments {
        let mut notes = Notes::default();
        let made = of_segment(segment, &mut notes);
        builder.segment(&segment.name(), made, notes);
    }
    for feature in &features {
        let mut notes = Notes::default();
        let made = of_feature(feature, &names, &family, &builder, &mut notes);
        if feature.archived {
            builder.archived(&feature.name, made, notes);
        } else {
            builder.flag(&feature.name, made, notes);
        }
        if let Some(twin) = twins.get(&feature.name)
            && !feature.archived
        {
            let mut notes = Notes::default();
            let made = variants::of_feature(feature, &names, &builder, &mut notes);
            builder.flag(twin, made, notes);
        }
    }
    let mut strategies = features.iter().flat_map(|feature| &feature.strategies);
    if strategies.any(Strategy::reads_context) {
        builder.remark(
            "Unleash reads every field of the context as text: give text where a strategy asks for the beginning, the end \
             or a part of a field, or for a pattern. It takes an empty field for a missing one in percentages; here that \
             field has its place in them",
        );
    }
    if projects.len() > 1 {
        builder.remark(format!(
            "the file has the projects {}; all of their flags are imported into one project",
            projects.into_iter().collect::<Vec<_>>().join(", ")
        ));
    }
    Ok(builder.finish())
}

/// What features have to know of each other.
struct Family<'a> {
    /// The names of the flags that hold variants, by feature.
    twins: &'a BTreeMap<String, String>,
    /// Features with dependencies.
    children: &'a BTreeSet<&'a str>,
}

/// The names of the flags that hold features' variants, by feature. None is the name of a feature.
fn twins(features: &[Feature]) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> = features
        .iter()
        .map(|feature| feature.name.clone())
        .collect();
    let mut twins = BTreeMap::new();
    for feature in features.iter().filter(|feature| feature.has_variants()) {
        let first = format!("{}-variant", feature.name);
        let others = (2..).map(|nth| format!("{first}-{nth}"));
        let free = std::iter::once(first.clone())
            .chain(others)
            .find(|name| taken.insert(name.clone()));
        twins.insert(feature.name.clone(), free.unwrap_or(first));
    }
    twins
}

/// A segment: its constraints, all of which must hold.
fn of_segment(segment: &Segment, notes: &mut Notes) -> Kept<SegmentDocument> {
    let constraints = segment.constraints.as_ref().ok_or_else(|| {
        Unsupported::new(
            "this export does not contain its segments; import a response of /api/client/features instead",
        )
    })?;
    let conditions = constraints
        .iter()
        .map(|constraint| constraint::condition(constraint, notes));
    Ok(SegmentDocument {
        name: Some(segment.name()),
        description: segment.description.clone(),
        when: all(conditions.collect::<Kept<_>>()?),
        ..SegmentDocument::default()
    })
}

/// The flag that `isEnabled` reads.
fn of_feature(
    feature: &Feature,
    segments: &BTreeMap<i64, String>,
    family: &Family<'_>,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<FlagDocument> {
    let variations = vec![Variation::new("on", true), Variation::new("off", false)];
    let mut made = flag(FlagType::Boolean, variations, "off");
    feature.describe(&mut made);
    made.targeting.enabled = feature.enabled;
    made.targeting.off_variation = Some("off".to_owned());
    let mut inverted = Vec::new();
    for dependency in &feature.dependencies {
        if family.children.contains(dependency.feature.as_str()) {
            notes.add(format!(
                "it depends on {}, which depends on another feature itself: Unleash never turns it on, so it is off for \
                 everybody",
                dependency.feature
            ));
            made.targeting.prerequisites.clear();
            return Ok(made);
        }
        match depends(dependency, family.twins, builder)? {
            Depends::On(flag, variations) => {
                made.targeting
                    .prerequisites
                    .push(prerequisite(flag, variations));
            }
            Depends::Off(condition) => inverted.push(condition),
        }
    }
    if feature.strategies.is_empty() {
        if inverted.is_empty() {
            made.targeting.fallthrough = Serve::Variation("on".to_owned());
        } else {
            made.targeting.rules.push(on("strategy-1", all(inverted)));
        }
        return Ok(made);
    }
    if feature.enabled && feature.strategies.iter().all(|strategy| strategy.disabled) {
        notes.add(
            "it is enabled, but all of its strategies are disabled: here it is off for everyone",
        );
    }
    for (index, strategy) in feature.strategies.iter().enumerate() {
        if strategy.disabled {
            continue;
        }
        let condition = strategy::condition(strategy, feature, segments, builder, notes)?;
        let condition = all(inverted.iter().cloned().chain([condition]).collect());
        if condition == Condition::always() {
            // Everyone who reaches this strategy is on; later strategies never decide.
            made.targeting.fallthrough = Serve::Variation("on".to_owned());
            break;
        }
        made.targeting
            .rules
            .push(on(&format!("strategy-{}", index + 1), condition));
    }
    Ok(made)
}

fn on(id: &str, when: Condition) -> Rule {
    Rule {
        id: id.to_owned(),
        when,
        serve: Serve::Variation("on".to_owned()),
    }
}

/// What a parent has to be.
enum Depends {
    /// The flag serves one of the variations.
    On(String, Vec<String>),
    /// The parent is off.
    Off(Condition),
}

fn depends(
    dependency: &Dependency,
    twins: &BTreeMap<String, String>,
    builder: &Builder,
) -> Kept<Depends> {
    let parent = builder.flag_key(&dependency.feature)?;
    let on = || vec!["on".to_owned()];
    if !dependency.enabled {
        let condition = Condition::Flag {
            flag: parent,
            variations: on(),
        };
        return Ok(Depends::Off(not(condition)));
    }
    if dependency.variants.is_empty() {
        return Ok(Depends::On(parent, on()));
    }
    let twin = twins.get(&dependency.feature).ok_or_else(|| {
        Unsupported(format!(
            "it depends on variants of {}, which has no variants",
            dependency.feature
        ))
    })?;
    let variants = builder.flag_key(twin)?;
    Ok(Depends::On(variants, dependency.variants.clone()))
}
