//! Constraints on the context.

use peekaboo_flags::Value;
use peekaboo_flags::model::{Condition, Operator, TARGETING_KEY};

use super::export::Constraint;
use crate::import::build::{Kept, Notes, Unsupported};
use crate::import::condition::{attribute, clause, ignoring_case, not, widened};

/// The attribute that a field of Unleash's context is here.
pub(super) fn context_field(name: &str, notes: &mut Notes) -> String {
    match name {
        "userId" => TARGETING_KEY.to_owned(),
        "appName" | "environment" => {
            notes.add(format!(
                "it looks at {name}, which Unleash's SDKs know by themselves: give it in the context, as the attribute {name}"
            ));
            name.to_owned()
        }
        name => attribute(name),
    }
}

/// A constraint as a condition. A field that is missing makes any constraint false, and its inversion true.
pub(super) fn condition(constraint: &Constraint, notes: &mut Notes) -> Kept<Condition> {
    let Constraint {
        context_name: field,
        operator,
        ..
    } = constraint;
    if field == "currentTime" {
        return Err(Unsupported(format!(
            "{operator} on currentTime: evaluation here never reads a clock; turn the flag on or off when it is time"
        )));
    }
    let attribute = context_field(field, notes);
    let texts = || {
        let own = constraint.value.iter().filter_map(text);
        constraint
            .values
            .iter()
            .cloned()
            .chain(own)
            .collect::<Vec<_>>()
    };
    let compare = |op: Operator, values: Vec<Value>| {
        if values.is_empty() {
            return Condition::never();
        }
        clause(attribute.clone(), op, values)
    };
    let strings = |op: Operator| {
        let values = texts().into_iter().map(Value::from).collect();
        ignoring_case(compare(op, values), constraint.case_insensitive)
    };
    let equal = || {
        // Unleash's context holds text; an application may give us the number.
        let wide = |text: String| {
            if attribute == TARGETING_KEY {
                return vec![Value::from(text)];
            }
            widened(&text)
        };
        let values = texts().into_iter().flat_map(wide).collect();
        ignoring_case(compare(Operator::In, values), constraint.case_insensitive)
    };
    let condition = match operator.as_str() {
        "IN" | "NUM_EQ" => equal(),
        "NOT_IN" => not(equal()),
        "STR_STARTS_WITH" => strings(Operator::StartsWith),
        "STR_ENDS_WITH" => strings(Operator::EndsWith),
        "STR_CONTAINS" => strings(Operator::Contains),
        "REGEX" => strings(Operator::Matches),
        "IN_CIDR" => strings(Operator::InCidr),
        "NUM_LT" => number(constraint, &attribute, Operator::Lt, notes)?,
        "NUM_LTE" => number(constraint, &attribute, Operator::Lte, notes)?,
        "NUM_GT" => number(constraint, &attribute, Operator::Gt, notes)?,
        "NUM_GTE" => number(constraint, &attribute, Operator::Gte, notes)?,
        "DATE_BEFORE" => strings(Operator::Before),
        "DATE_AFTER" => strings(Operator::After),
        "SEMVER_EQ" => strings(Operator::SemverEq),
        "SEMVER_LT" => strings(Operator::SemverLt),
        "SEMVER_LTE" => strings(Operator::SemverLte),
        "SEMVER_GT" => strings(Operator::SemverGt),
        "SEMVER_GTE" => strings(Operator::SemverGte),
        operator => {
            return Err(Unsupported(format!(
                "the operator {operator} on {field} has no counterpart here"
            )));
        }
    };
    Ok(if constraint.inverted {
        not(condition)
    } else {
        condition
    })
}

fn number(
    constraint: &Constraint,
    attribute: &str,
    op: Operator,
    notes: &mut Notes,
) -> Kept<Condition> {
    let value = constraint.value.as_ref().and_then(text);
    let number = value
        .as_ref()
        .and_then(|text| text.trim().parse::<f64>().ok());
    let number = number.ok_or_else(|| {
        let value = value.unwrap_or_default();
        Unsupported(format!(
            "{} compares {attribute} with {value:?}, which is no number",
            constraint.operator
        ))
    })?;
    notes.add(format!(
        "it compares {attribute} as a number: give a number in the context, where Unleash also reads text"
    ));
    Ok(clause(attribute, op, vec![number.into()]))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}
