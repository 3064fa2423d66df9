//! Constraints on the context.

use peekaboo_flags::Value;
use peekaboo_flags::model::{Condition, Operator, TARGETING_KEY};

use super::export::Constraint;
use crate::import::build::{Kept, Notes, Unsupported};
use crate::import::condition::{all, attribute, clause, ignoring_case, not, widened};

/// The attribute that a field of Unleash's context is here.
pub(super) fn context_field(name: &str, notes: &mut Notes) -> String {
    match name {
        "userId" => TARGETING_KEY.to_owned(),
        "appName" | "environment" => {
            notes.add(format!(
                "it uses {name}, which Unleash's SDKs set automatically: send it in the context as the attribute {name}"
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
    if field == "currentTime" || operator.starts_with("DATE_") {
        return Err(Unsupported(format!(
            "{operator} on {field}, which Unleash compares with the clock: evaluation here never reads one; turn the flag \
             on or off when it is time"
        )));
    }
    let attribute = context_field(field, notes);
    let compare = |op: Operator, values: Vec<Value>| {
        if values.is_empty() {
            return Condition::never();
        }
        clause(attribute.clone(), op, values)
    };
    let strings = |op: Operator| {
        let values = listed(constraint).map(Value::from).collect();
        compare(op, values)
    };
    let ignoring = |condition| ignoring_case(condition, constraint.case_insensitive);
    let equal = || {
        let values = listed(constraint).flat_map(|text| texts(&attribute, text));
        compare(Operator::In, values.collect())
    };
    let semver = |op: Operator| semver(constraint, &attribute, op);
    let condition = match operator.as_str() {
        "IN" => equal(),
        "NOT_IN" => not(equal()),
        "STR_STARTS_WITH" => ignoring(strings(Operator::StartsWith)),
        "STR_ENDS_WITH" => ignoring(strings(Operator::EndsWith)),
        "STR_CONTAINS" => ignoring(strings(Operator::Contains)),
        "REGEX" => {
            let pattern = constraint.value.as_ref().and_then(text);
            let values = pattern.into_iter().map(Value::from).collect();
            ignoring(compare(Operator::Matches, values))
        }
        "IN_CIDR" => strings(Operator::InCidr),
        "NUM_EQ" => equal_number(constraint, &attribute, notes)?,
        "NUM_LT" => number(constraint, &attribute, Operator::Lt, notes)?,
        "NUM_LTE" => number(constraint, &attribute, Operator::Lte, notes)?,
        "NUM_GT" => number(constraint, &attribute, Operator::Gt, notes)?,
        "NUM_GTE" => number(constraint, &attribute, Operator::Gte, notes)?,
        "SEMVER_EQ" => semver(Operator::SemverEq),
        "SEMVER_LT" => semver(Operator::SemverLt),
        "SEMVER_LTE" => semver(Operator::SemverLte),
        "SEMVER_GT" => semver(Operator::SemverGt),
        "SEMVER_GTE" => semver(Operator::SemverGte),
        operator => {
            return Err(Unsupported(format!(
                "the operator {operator} on {field} is not supported"
            )));
        }
    };
    Ok(if constraint.inverted {
        not(condition)
    } else {
        condition
    })
}

/// The values of an operator that takes a list: Unleash trims them and passes over those that are empty.
fn listed(constraint: &Constraint) -> impl Iterator<Item = String> {
    let values = constraint.values.iter();
    let values = values.filter(|value| !value.is_empty());
    values.map(|value| value.trim().to_owned())
}

/// What an attribute may be that Unleash reads as this text.
pub(super) fn texts(attribute: &str, text: String) -> Vec<Value> {
    match text.as_str() {
        _ if attribute == TARGETING_KEY => vec![text.into()],
        "true" => vec![text.into(), true.into()],
        "false" => vec![text.into(), false.into()],
        _ => widened(&text),
    }
}

/// A version in full: what Unleash takes no other text for.
const STRICT_VERSION: &str = r"^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$";

/// No one has a version that compares with what is none.
fn semver(constraint: &Constraint, attribute: &str, op: Operator) -> Condition {
    let version = constraint.value.as_ref().and_then(text);
    let version = version.map(|text| text.trim().trim_start_matches(['v', '=']).to_owned());
    let Some(version) = version.filter(|version| is_full(version)) else {
        return Condition::never();
    };
    all(vec![
        clause(attribute, op, vec![version.into()]),
        clause(attribute, Operator::Matches, vec![STRICT_VERSION.into()]),
    ])
}

/// Whether a version has three numbers.
fn is_full(version: &str) -> bool {
    let core = version.split(['-', '+']).next().unwrap_or_default();
    let numbers: Vec<&str> = core.split('.').collect();
    let is_number = |text: &&str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits && (*text == "0" || !text.starts_with('0'))
    };
    numbers.len() == 3 && numbers.iter().all(is_number)
}

/// The number that a constraint compares with, which the targeting key is not compared with in order.
fn compared(constraint: &Constraint, attribute: &str) -> Kept<f64> {
    let value = constraint.value.as_ref().and_then(text);
    let number = value
        .as_ref()
        .and_then(|text| text.trim().parse::<f64>().ok());
    number.ok_or_else(|| {
        let value = value.unwrap_or_default();
        Unsupported(format!(
            "{} compares {attribute} with {value:?}, which is not a number",
            constraint.operator
        ))
    })
}

fn equal_number(constraint: &Constraint, attribute: &str, notes: &mut Notes) -> Kept<Condition> {
    let number = compared(constraint, attribute)?;
    let plain = number.to_string();
    notes.add(format!(
        "it compares {attribute} with the number {plain}: text that says this number in another form is equal in Unleash \
         and is not here"
    ));
    let mut values = texts(attribute, plain);
    if attribute != TARGETING_KEY && values.len() == 1 {
        values.push(number.into());
    }
    let given = constraint.value.as_ref().and_then(text);
    let given = given.map(|text| Value::from(text.trim()));
    values.extend(given.filter(|given| !values.contains(given)));
    Ok(clause(attribute, Operator::In, values))
}

fn number(
    constraint: &Constraint,
    attribute: &str,
    op: Operator,
    notes: &mut Notes,
) -> Kept<Condition> {
    let number = compared(constraint, attribute)?;
    if attribute == TARGETING_KEY {
        return Err(Unsupported(format!(
            "{} compares userId with {number}; the targeting key is a string, and strings cannot be ordered",
            constraint.operator
        )));
    }
    notes.add(format!(
        "it compares {attribute} as a number: send a number in the context; Unleash also accepts a string"
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
