//! The words of traces and errors. For people: nothing decides by them, and they may change.

use std::borrow::Cow;

use crate::compile::clause::{Clause, Verdict};
use crate::compile::condition::BucketRange;
use crate::compile::flag::{Serve, Target};
use crate::compile::segment;
use crate::context::{Attribute, Context};
use crate::failure::{Failure, MAX_VISITS, Stop};
use crate::model::{BUCKETS, MAX_NESTING};
use crate::operand::brief;

/// What another flag serves to the flag that depends on it.
pub(crate) enum Service<'r> {
    Met(&'r str),
    /// A variation that will not do, or the caller's default.
    Other(Option<&'r str>),
    Unknown,
    Malformed,
    Disabled,
    Failed(Failure<'r>),
}

impl Service<'_> {
    pub(crate) fn is_met(&self) -> bool {
        matches!(self, Service::Met(_))
    }
}

/// Whether and why a context belongs to a segment.
pub(crate) enum Membership<'r> {
    Included(&'r segment::Program),
    Excluded(&'r segment::Program),
    Condition(bool),
    Unknown,
    Malformed,
    Cycle,
}

impl Membership<'_> {
    pub(crate) fn is_member(&self) -> bool {
        matches!(self, Membership::Included(_) | Membership::Condition(true))
    }
}

pub(crate) fn failure(failure: Failure<'_>) -> Cow<'_, str> {
    match failure {
        Failure::Lacks(name) => {
            format!("the flag names a variation {name:?} that it does not have").into()
        }
        Failure::KeyMissing(by) => {
            format!("the flag splits by {by}, which is missing, or neither a string nor an integer")
                .into()
        }
        Failure::Stop(Stop::Cycle) => "the flag depends on itself".into(),
        Failure::Stop(Stop::TooDeep) => {
            format!("more than {MAX_NESTING} flags and segments depend on each other in a row")
                .into()
        }
        Failure::Stop(Stop::TooMuch) => {
            format!("more than {MAX_VISITS} flags and segments had to be entered").into()
        }
    }
}

pub(crate) fn off(why: &str, variation: Option<&str>) -> String {
    match variation {
        Some(name) => format!("{why}; the off variation {name:?} is served"),
        None => format!("{why}, and there is no off variation; the caller's default applies"),
    }
}

pub(crate) fn service(service: &Service<'_>, wanted: &[Box<str>]) -> String {
    let wanted = wanted.join(", ");
    match service {
        Service::Met(name) => format!("the flag serves {name:?}"),
        Service::Other(Some(name)) => {
            format!("the flag serves {name:?}, which is not one of: {wanted}")
        }
        Service::Other(None) => {
            format!("the flag serves the caller's default, not one of: {wanted}")
        }
        Service::Unknown => "there is no such flag".into(),
        Service::Malformed => "the flag is malformed".into(),
        Service::Disabled => "the flag is disabled".into(),
        Service::Failed(why) => format!("the flag cannot be evaluated: {}", failure(*why)),
    }
}

pub(crate) fn membership(membership: &Membership<'_>) -> String {
    match membership {
        Membership::Included(segment) => format!(
            "{} is one of included, {}",
            segment.attribute, segment.included_label
        ),
        Membership::Excluded(segment) => format!(
            "{} is one of excluded, {}",
            segment.attribute, segment.excluded_label
        ),
        Membership::Condition(true) => "its condition holds".into(),
        Membership::Condition(false) => "not included, and its condition does not hold".into(),
        Membership::Unknown => "there is no such segment; nobody belongs to it".into(),
        Membership::Malformed => "the segment is malformed; nobody belongs to it".into(),
        Membership::Cycle => "the segment depends on itself; this reference matches nobody".into(),
    }
}

pub(crate) fn target(target: &Target, attribute: Option<Attribute<'_>>, matched: bool) -> String {
    let (name, listed) = (&target.attribute, &target.listed);
    match attribute {
        None => "the target is malformed; it matches nobody".into(),
        Some(attribute) if matched => format!("{name} is {}, one of {listed}", value(attribute)),
        Some(attribute) => format!("{name} is {}, none of {listed}", value(attribute)),
    }
}

pub(crate) fn rule(id: &str, outcome: &str) -> String {
    if id.is_empty() {
        outcome.to_owned()
    } else {
        format!("rule {id}: {outcome}")
    }
}

pub(crate) fn serves(serve: &Serve, variation: Option<&str>, context: &Context) -> String {
    let variation = variation.unwrap_or_default();
    let bucket = serve.by().and_then(|by| Some((by, by.bucket(context)?)));
    match bucket {
        Some((by, bucket)) => {
            let place = percent(bucket);
            format!("serves {variation:?}: {} falls at {place}", by.name)
        }
        None => format!("serves {variation:?}"),
    }
}

pub(crate) fn not(holds: bool) -> String {
    let word = if holds { "does not hold" } else { "holds" };
    format!("the condition inside {word}")
}

pub(crate) fn all_or_any(decisive: bool, decided: bool) -> String {
    match (decisive, decided) {
        (true, true) => "one holds",
        (true, false) => "none holds",
        (false, true) => "one does not hold",
        (false, false) => "all hold",
    }
    .into()
}

pub(crate) fn bucket(range: &BucketRange, bucket: Option<u32>) -> String {
    let name = &range.by.name;
    let Some(bucket) = bucket else {
        return format!("{name} is missing, or neither a string nor an integer");
    };
    let inside = (range.from..range.below).contains(&bucket);
    let within = if inside { "within" } else { "outside" };
    let (place, from, below) = (percent(bucket), percent(range.from), percent(range.below));
    format!("{name} falls at {place}, {within} {from} to {below}")
}

/// A bucket as a percentage of all buckets, with no more decimals than it needs: 60001 is "60.001%".
fn percent(bucket: u32) -> String {
    const PER_PERCENT: u32 = BUCKETS / 100;
    let (whole, rest) = (bucket / PER_PERCENT, bucket % PER_PERCENT);
    let decimals = format!("{rest:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{whole}%"),
        decimals => format!("{whole}.{decimals}%"),
    }
}

pub(crate) fn clause(clause: &Clause, attribute: Attribute<'_>, verdict: Verdict) -> String {
    let (name, comparison) = (&clause.label.attribute, &clause.label.comparison);
    let value = value(attribute);
    match verdict {
        Verdict::True => format!("{name} is {value}: {comparison} holds"),
        Verdict::False => format!("{name} is {value}: {comparison} does not hold"),
        Verdict::Missing => format!("{name} is missing, so {comparison} does not hold"),
        Verdict::Incomparable => {
            format!("{name} is {value}, which {comparison} cannot compare with")
        }
        Verdict::Malformed => format!("{name} {comparison} is malformed, so it never holds"),
    }
}

fn value(attribute: Attribute<'_>) -> String {
    match attribute {
        Attribute::Missing => "missing".into(),
        Attribute::Key(key) => brief(&key.into()),
        Attribute::Value(value) => brief(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_reads_as_a_percentage() {
        for (bucket, expected) in [
            (0, "0%"),
            (1, "0.001%"),
            (60_000, "60%"),
            (60_001, "60.001%"),
            (12_340, "12.34%"),
            (99_999, "99.999%"),
            (100_000, "100%"),
        ] {
            assert_eq!(percent(bucket), expected);
        }
    }
}
