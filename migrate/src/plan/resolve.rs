//! What a document says of a flag or segment, once what it leaves out is filled in from the hub.

use std::collections::BTreeSet;

use peekaboo_flags::model::{Condition, Serve};

use crate::document::{FlagDocument, SegmentDocument, Targeting, Variation};

/// A flag as it should be.
pub(super) fn flag(
    key: &str,
    wanted: &FlagDocument,
    present: Option<&FlagDocument>,
) -> FlagDocument {
    let mut flag = wanted.clone();
    let name = present.and_then(|present| present.name.clone());
    flag.name = flag.name.or(name).or_else(|| Some(key.to_owned()));
    let description = present.and_then(|present| present.description.clone());
    flag.description = flag
        .description
        .or(description)
        .or_else(|| Some(String::new()));
    let tags = present.and_then(|present| present.tags.clone());
    flag.tags = Some(tidy(&flag.tags.or(tags).unwrap_or_default()));
    let Some(present) = present else {
        return flag;
    };
    let metadata = flag.metadata.take();
    flag.metadata = metadata.or_else(|| present.metadata.clone());
    // A JSON object has no order that every tool keeps: variations stay where they are, new ones come last.
    let place = |variation: &Variation| {
        let mut known = present.variations.iter();
        let place = known.position(|known| known.key == variation.key);
        place.unwrap_or(usize::MAX)
    };
    flag.variations.sort_by_key(place);
    for variation in &mut flag.variations {
        let known = present.variations.iter();
        if let Some(known) = known.into_iter().find(|known| known.key == variation.key) {
            variation.name = variation.name.take().or_else(|| known.name.clone());
            let description = variation.description.take();
            variation.description = description.or_else(|| known.description.clone());
        }
    }
    // A salt never changes. If the hub's differs, each split gets the file's salt as its seed, so that no one moves.
    if let (Some(own), Some(other)) = (&wanted.salt, &present.salt)
        && own != other
    {
        seed(&mut flag.targeting, own);
    }
    flag.salt.clone_from(&present.salt);
    flag
}

/// A segment as it should be.
pub(super) fn segment(
    key: &str,
    wanted: &SegmentDocument,
    present: Option<&SegmentDocument>,
) -> SegmentDocument {
    let mut segment = wanted.clone();
    let name = present.and_then(|present| present.name.clone());
    segment.name = segment.name.or(name).or_else(|| Some(key.to_owned()));
    let description = present.and_then(|present| present.description.clone());
    let description = segment.description.or(description);
    segment.description = description.or_else(|| Some(String::new()));
    segment
}

/// Tags as hubs keep them: trimmed, sorted, each once.
fn tidy(tags: &[String]) -> Vec<String> {
    let tags: BTreeSet<_> = tags.iter().map(|tag| tag.trim().to_owned()).collect();
    tags.into_iter().collect()
}

/// Gives every split and bucket condition that has no seed of its own this one.
fn seed(targeting: &mut Targeting, salt: &str) {
    seed_serve(&mut targeting.fallthrough, salt);
    for rule in &mut targeting.rules {
        seed_condition(&mut rule.when, salt);
        seed_serve(&mut rule.serve, salt);
    }
}

fn seed_serve(serve: &mut Serve, salt: &str) {
    if let Serve::Split(split) = serve {
        split.seed.get_or_insert_with(|| salt.to_owned());
    }
}

fn seed_condition(condition: &mut Condition, salt: &str) {
    match condition {
        Condition::All(conditions) | Condition::Any(conditions) => {
            for condition in conditions {
                seed_condition(condition, salt);
            }
        }
        Condition::Not(condition) => seed_condition(condition, salt),
        Condition::Bucket(bucket) => {
            bucket.seed.get_or_insert_with(|| salt.to_owned());
        }
        Condition::Segment(_) | Condition::Flag { .. } | Condition::Clause(_) => {}
    }
}
