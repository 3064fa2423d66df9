//! Clauses, and what attributes are called.

use peekaboo_flags::Value;
use peekaboo_flags::model::{Clause as OurClause, Condition, Operator, TARGETING_KEY};

use super::export::Clause;
use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, any, clause as compare, exists, not, pointer};

/// The attribute that holds the key of contexts of a kind.
pub(super) fn context_key(kind: &str) -> String {
    if kind == "user" {
        TARGETING_KEY.to_owned()
    } else {
        pointer([kind, "key"])
    }
}

/// An attribute of contexts of a kind. Where a kind is told, an attribute that begins with `/` is a path.
pub(super) fn attribute(kind: Option<&str>, name: &str) -> String {
    let path: Vec<String> = match name.strip_prefix('/') {
        Some(path) if kind.is_some() => {
            let tokens = path.split('/');
            tokens
                .map(|token| token.replace("~1", "/").replace("~0", "~"))
                .collect()
        }
        _ => vec![name.to_owned()],
    };
    let path: Vec<_> = path.iter().map(String::as_str).collect();
    match (kind.unwrap_or("user"), path.as_slice()) {
        ("user", ["key"]) => TARGETING_KEY.to_owned(),
        ("user", [name]) if !name.starts_with('/') => (*name).to_owned(),
        ("user", path) => pointer(path.iter().copied()),
        (kind, path) => pointer([kind].into_iter().chain(path.iter().copied())),
    }
}

/// A clause as a condition. A missing attribute matches neither a clause nor its negation, there as here.
pub(super) fn condition(clause: &Clause, builder: &Builder, notes: &mut Notes) -> Kept<Condition> {
    if clause.op == "segmentMatch" {
        return segments(clause, builder);
    }
    if clause.attribute == "kind" {
        return kinds(clause);
    }
    if clause.attribute == "anonymous" && clause.op == "in" {
        return Ok(anonymous(clause));
    }
    let op = match clause.op.as_str() {
        "in" => Operator::In,
        "startsWith" => Operator::StartsWith,
        "endsWith" => Operator::EndsWith,
        "contains" => Operator::Contains,
        "matches" => Operator::Matches,
        "lessThan" => Operator::Lt,
        "lessThanOrEqual" => Operator::Lte,
        "greaterThan" => Operator::Gt,
        "greaterThanOrEqual" => Operator::Gte,
        "before" => Operator::Before,
        "after" => Operator::After,
        "semVerEqual" => Operator::SemverEq,
        "semVerLessThan" => Operator::SemverLt,
        "semVerGreaterThan" => Operator::SemverGt,
        op => {
            return Err(Unsupported(format!("the operator {op} is not supported")));
        }
    };
    if clause.values.is_empty() {
        return Err(Unsupported(format!(
            "a clause with {} has no values",
            clause.op
        )));
    }
    if op == Operator::In
        && clause
            .values
            .iter()
            .any(|value| value.is_object() || value.is_array())
    {
        return Err(Unsupported::new(
            "a clause compares with a list or an object",
        ));
    }
    let kind = clause.context_kind.as_deref();
    if kind.is_some_and(|kind| kind != "user") {
        notes.add(format!(
            "it uses the context kind {0}: send its attributes under {0} in the context, and its key as key",
            kind.unwrap_or_default()
        ));
    }
    let attribute = attribute(kind, &clause.attribute);
    let listed = op == Operator::In;
    let compared = Condition::Clause(OurClause {
        attribute: attribute.clone(),
        op,
        values: clause.values.clone(),
        negate: clause.negate && listed,
        ignore_case: false,
    });
    // What cannot be compared, as text with a number, meets a negated clause there, and no clause of ours.
    Ok(if clause.negate && !listed {
        all(vec![exists(attribute), not(compared)])
    } else {
        compared
    })
}

/// Whether contexts of a kind are anonymous. One that does not say so is not, where its kind is there.
fn anonymous(clause: &Clause) -> Condition {
    let kind = clause.context_kind.as_deref();
    let name = attribute(kind, "anonymous");
    let listed = compare(&*name, Operator::In, clause.values.clone());
    let listed = if clause.values.contains(&Value::Bool(false)) {
        any(vec![listed, not(exists(name))])
    } else {
        listed
    };
    let condition = negated(listed, clause.negate);
    match kind {
        None | Some("user") => condition,
        Some(kind) => all(vec![exists(context_key(kind)), condition]),
    }
}

fn segments(clause: &Clause, builder: &Builder) -> Kept<Condition> {
    let names = clause.values.iter().filter_map(Value::as_str);
    let segments = names.map(|name| Ok(Condition::Segment(builder.segment_key(name)?)));
    let condition = any(segments.collect::<Kept<_>>()?);
    Ok(negated(condition, clause.negate))
}

/// Whether contexts of some kinds are there.
fn kinds(clause: &Clause) -> Kept<Condition> {
    if clause.op != "in" {
        return Err(Unsupported(format!(
            "a clause compares the kind of context by {}",
            clause.op
        )));
    }
    let kinds = clause.values.iter().filter_map(Value::as_str);
    let there = kinds.map(|kind| exists(context_key(kind))).collect();
    Ok(negated(any(there), clause.negate))
}

fn negated(condition: Condition, negate: bool) -> Condition {
    if negate { not(condition) } else { condition }
}
