//! Segments: lists of keys, then rules.

use peekaboo_flags::Value;
use peekaboo_flags::model::{BUCKETS, Condition, Operator, TARGETING_KEY};

use super::clause::{self, attribute, context_key};
use super::export::{Segment, SegmentRule, SegmentTarget};
use crate::document::SegmentDocument;
use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, any, bucket, clause as compare, not};

pub(super) fn of_segment(
    key: &str,
    own: &Segment,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<SegmentDocument> {
    if own.unbounded {
        return Err(Unsupported::new(
            "it is a big segment, whose members are not in the export; list them in a segment, or match an attribute",
        ));
    }
    let rules = own
        .rules
        .iter()
        .map(|rule| condition(key, rule, builder, notes));
    let rules = any(rules.collect::<Kept<_>>()?);
    let mut made = SegmentDocument {
        name: own.name.clone(),
        description: own.description.clone(),
        ..SegmentDocument::default()
    };
    if own.included_contexts.is_empty() && own.excluded_contexts.is_empty() {
        made.included = values(&own.included);
        made.excluded = values(&own.excluded);
        made.when = rules;
        return Ok(made);
    }
    // A segment of ours lists keys of one attribute; with several, the order of lists and rules is a condition.
    let listed = |users: &[String], contexts: &[SegmentTarget]| {
        let users = (!users.is_empty()).then(|| (TARGETING_KEY.to_owned(), values(users)));
        let contexts = contexts.iter().filter(|list| !list.values.is_empty());
        let contexts = contexts.map(|list| {
            let kind = list.context_kind.as_deref().unwrap_or("user");
            (context_key(kind), values(&list.values))
        });
        let lists = users.into_iter().chain(contexts);
        lists
            .map(|(attribute, values)| compare(attribute, Operator::In, values))
            .collect::<Vec<_>>()
    };
    let mut conditions = listed(&own.included, &own.included_contexts);
    let excluded = any(listed(&own.excluded, &own.excluded_contexts));
    if excluded == Condition::never() {
        conditions.push(rules);
    } else {
        conditions.push(all(vec![not(excluded), rules]));
    }
    made.when = any(conditions);
    Ok(made)
}

fn condition(
    key: &str,
    rule: &SegmentRule,
    builder: &Builder,
    notes: &mut Notes,
) -> Kept<Condition> {
    let clauses = rule
        .clauses
        .iter()
        .map(|clause| clause::condition(clause, builder, notes));
    let mut conditions: Vec<_> = clauses.collect::<Kept<_>>()?;
    if let Some(weight) = rule.weight {
        let kind = rule.rollout_context_kind.as_deref();
        let by = match rule.bucket_by.as_deref() {
            Some(by) if !by.is_empty() => attribute(kind, by),
            _ => context_key(kind.unwrap_or("user")),
        };
        notes.redrawn("LaunchDarkly");
        notes.add(format!(
            "LaunchDarkly includes contexts without {by} in the percentage; here they are not included"
        ));
        conditions.push(bucket(&by, key, 0, weight.min(BUCKETS)));
    }
    Ok(all(conditions))
}

fn values(texts: &[String]) -> Vec<Value> {
    texts
        .iter()
        .map(|text| Value::from(text.as_str()))
        .collect()
}
