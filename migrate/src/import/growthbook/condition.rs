//! Conditions in the syntax of Mongo.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::model::{Condition, Operator, TARGETING_KEY};
use peekaboo_flags::{Kind, Value};

use crate::document::Variation;
use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, any, clause, dotted, exists, ignoring_case, not, widened};

/// The attribute that people are distinguished by.
pub(super) const ID: &str = "id";

/// How deep conditions may nest.
const MAX_DEPTH: usize = 32;

/// What conditions refer to.
pub(super) struct Conditions<'a> {
    pub(super) builder: &'a Builder,
    /// Of each feature.
    pub(super) variations: &'a BTreeMap<&'a str, Vec<Variation>>,
    /// Features that have no value while a gate before their rules is closed.
    pub(super) gated: &'a BTreeSet<&'a str>,
}

/// A saved group is a list; as a segment it is one of some attribute's values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GroupUse {
    pub(super) group: String,
    pub(super) attribute: String,
}

impl GroupUse {
    /// What the segment is called.
    pub(super) fn name(&self) -> String {
        match self.attribute.as_str() {
            ID => self.group.clone(),
            attribute => format!("{}-{attribute}", self.group),
        }
    }
}

/// Finds the groups that a condition asks about.
pub(super) fn groups(condition: &Value, found: &mut BTreeSet<GroupUse>) {
    walk(condition, None, MAX_DEPTH, found);
}

fn walk(condition: &Value, attribute: Option<&str>, depth: usize, found: &mut BTreeSet<GroupUse>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    match condition {
        Value::Array(parts) => parts
            .iter()
            .for_each(|part| walk(part, attribute, depth, found)),
        Value::Object(members) => {
            for (name, value) in members {
                match (name.as_str(), attribute, value.as_str()) {
                    ("$inGroup" | "$notInGroup", Some(attribute), Some(group)) => {
                        found.insert(GroupUse {
                            group: group.to_owned(),
                            attribute: attribute.to_owned(),
                        });
                    }
                    (name, ..) if name.starts_with('$') => walk(value, attribute, depth, found),
                    (name, ..) => walk(value, Some(name), depth, found),
                }
            }
        }
        _ => {}
    }
}

impl Conditions<'_> {
    /// A condition on the context.
    pub(super) fn condition(&self, condition: &Value, notes: &mut Notes) -> Kept<Condition> {
        self.at(condition, MAX_DEPTH, notes)
    }

    /// A feature that must have a value that meets `{"value": …}`: our flag, and its variations that do.
    pub(super) fn parent(&self, feature: &str, condition: &Value) -> Kept<(String, Vec<String>)> {
        let flag = self.builder.flag_key(feature)?;
        let wanted = condition.as_object().filter(|members| members.len() == 1);
        let wanted = wanted.and_then(|members| members.get("value"));
        let unsupported = || {
            Unsupported(format!(
                "it needs the feature {feature} to match {condition}"
            ))
        };
        let wanted = wanted.ok_or_else(unsupported)?;
        let variations = self
            .variations
            .get(feature)
            .map(Vec::as_slice)
            .unwrap_or_default();
        // A gate that is closed leaves the parent without a value there; a condition on a flag does not hold then here.
        if self.gated.contains(feature) && meets(&Value::Null, wanted).ok_or_else(unsupported)? {
            return Err(Unsupported(format!(
                "it needs the feature {feature} to match {condition}, which that feature also does while its own gate is \
                 closed"
            )));
        }
        let mut met = Vec::new();
        for variation in variations {
            if meets(&variation.value, wanted).ok_or_else(unsupported)? {
                met.push(variation.key.clone());
            }
        }
        if met.is_empty() {
            return Err(Unsupported(format!(
                "it needs the feature {feature} to match {condition}, but none of its values does"
            )));
        }
        Ok((flag, met))
    }

    fn at(&self, condition: &Value, depth: usize, notes: &mut Notes) -> Kept<Condition> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Unsupported(format!(
                "its conditions are nested deeper than {MAX_DEPTH}"
            )));
        };
        let members = condition.as_object();
        let members = members
            .ok_or_else(|| Unsupported(format!("it has the unsupported condition {condition}")))?;
        let mut conditions = Vec::new();
        for (name, value) in members {
            let mut each = || {
                let parts = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let parts = parts.iter().map(|part| self.at(part, depth, notes));
                parts.collect::<Kept<Vec<_>>>()
            };
            conditions.push(match name.as_str() {
                "$and" => all(each()?),
                "$or" => or(each()?),
                "$nor" => not(or(each()?)),
                "$not" => not(self.at(value, depth, notes)?),
                name if name.starts_with('$') => return Err(unknown(name)),
                path => self.compare(path, value, depth, notes)?,
            });
        }
        Ok(all(conditions))
    }

    /// The conditions on one attribute.
    fn compare(
        &self,
        path: &str,
        wanted: &Value,
        depth: usize,
        notes: &mut Notes,
    ) -> Kept<Condition> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Unsupported(format!(
                "its conditions are nested deeper than {MAX_DEPTH}"
            )));
        };
        let attribute = dotted(path, ID);
        let operators = wanted.as_object().filter(|members| {
            !members.is_empty() && members.keys().all(|name| name.starts_with('$'))
        });
        let Some(operators) = operators else {
            return plain(&attribute, wanted, notes);
        };
        let mut conditions = Vec::new();
        for (operator, value) in operators {
            conditions.push(match operator.as_str() {
                "$not" => not(self.compare(path, value, depth, notes)?),
                "$inGroup" => self.group(path, value)?,
                "$notInGroup" => not(self.group(path, value)?),
                operator => operation(&attribute, operator, value, notes)?,
            });
        }
        Ok(all(conditions))
    }

    fn group(&self, path: &str, group: &Value) -> Kept<Condition> {
        let used = GroupUse {
            group: group.as_str().unwrap_or_default().to_owned(),
            attribute: path.to_owned(),
        };
        let key = self.builder.key(Kind::Segment, &used.name());
        let key = key.ok_or_else(|| {
            Unsupported(format!(
                "it uses the saved group {group}, which cannot be expressed as a segment"
            ))
        })?;
        Ok(Condition::Segment(key.to_owned()))
    }
}

fn unknown(operator: &str) -> Unsupported {
    Unsupported(format!("the operator {operator} is not supported"))
}

/// An empty `$or` holds in GrowthBook.
fn or(conditions: Vec<Condition>) -> Condition {
    if conditions.is_empty() {
        Condition::always()
    } else {
        any(conditions)
    }
}

/// `{"country": "SE"}`: GrowthBook compares as the value's own type.
fn plain(attribute: &str, wanted: &Value, notes: &mut Notes) -> Kept<Condition> {
    match wanted {
        Value::Null => Ok(not(exists(attribute))),
        Value::String(text) => {
            let equal = equals(attribute, text_and_number(attribute, text));
            // What is missing reads as the text "null" there.
            Ok(if text == "null" {
                or_missing(attribute, equal)
            } else {
                equal
            })
        }
        Value::Number(number) => {
            let equal = one_of(
                attribute,
                &[wanted.clone(), number.to_string().into()],
                notes,
            )?;
            // What is missing counts as 0 there.
            Ok(if number.as_f64() == Some(0.0) {
                or_missing(attribute, equal)
            } else {
                equal
            })
        }
        Value::Bool(value) => {
            notes.add(format!(
                "it compares {attribute} with {value}: give true or false in the context, where GrowthBook also takes \
                 other values as one of them"
            ));
            Ok(equals(attribute, vec![(*value).into()]))
        }
        Value::Array(_) | Value::Object(_) => Err(Unsupported(format!(
            "it compares {attribute} with {wanted}; only strings, numbers and booleans are supported"
        ))),
    }
}

fn text_and_number(attribute: &str, text: &str) -> Vec<Value> {
    if attribute == TARGETING_KEY {
        vec![text.into()]
    } else {
        widened(text)
    }
}

fn equals(attribute: &str, values: Vec<Value>) -> Condition {
    clause(attribute, Operator::In, values)
}

/// The attribute has one of these values, of the same type. Null stands for a missing attribute.
fn one_of(attribute: &str, values: &[Value], notes: &mut Notes) -> Kept<Condition> {
    scalars(attribute, values)?;
    let mut wanted: Vec<Value> = Vec::new();
    for value in values.iter().filter(|value| !value.is_null()) {
        let value = match value {
            Value::Number(number) if attribute == TARGETING_KEY => {
                notes.add(format!(
                    "it compares {ID} with the number {number}: the targeting key is text here, so that it is compared \
                     with \"{number}\""
                ));
                number.to_string().into()
            }
            value => value.clone(),
        };
        if !wanted.contains(&value) {
            wanted.push(value);
        }
    }
    let listed = if wanted.is_empty() {
        Condition::never()
    } else {
        equals(attribute, wanted)
    };
    Ok(match values.iter().any(Value::is_null) {
        true if listed == Condition::never() => not(exists(attribute)),
        true => or_missing(attribute, listed),
        false => listed,
    })
}

/// Who is in a saved group of some attribute's values.
pub(super) fn of_group(attribute: &str, values: &[Value], notes: &mut Notes) -> Kept<Condition> {
    one_of(&dotted(attribute, ID), values, notes)
}

/// The condition holds, or the attribute is missing.
fn or_missing(attribute: &str, condition: Condition) -> Condition {
    any(vec![condition, not(exists(attribute))])
}

fn operation(attribute: &str, operator: &str, value: &Value, notes: &mut Notes) -> Kept<Condition> {
    let compare = |op: Operator| clause(attribute, op, vec![value.clone()]);
    let version = |op: Operator, notes: &mut Notes| {
        let text = value.as_str().ok_or_else(|| {
            Unsupported(format!(
                "it compares {attribute} with {value}, which is not a version"
            ))
        })?;
        notes.add(format!(
            "it compares {attribute} as a semantic version; GrowthBook also accepts other text"
        ));
        let compared = clause(attribute, op, vec![text.into()]);
        // What is missing comes before every version there.
        Ok(match op {
            Operator::SemverLt | Operator::SemverLte => or_missing(attribute, compared),
            _ => compared,
        })
    };
    let number = |op: Operator, zero: fn(f64) -> bool, notes: &mut Notes| match value.as_f64() {
        Some(_) if attribute == TARGETING_KEY => Err(Unsupported(format!(
            "{operator} compares {ID} with {value}; the targeting key is a string, and strings cannot be ordered"
        ))),
        Some(number) => {
            notes.add(format!(
                "it compares {attribute} as a number: send a number in the context; GrowthBook also accepts a string"
            ));
            // What is missing counts as 0 there.
            Ok(if zero(number) {
                or_missing(attribute, compare(op))
            } else {
                compare(op)
            })
        }
        None => Err(Unsupported(format!(
            "{operator} compares {attribute} with {value}; only numbers can be ordered"
        ))),
    };
    // What is not a list holds for no one, negated or not.
    let Some(listed) = list_operator(operator, value) else {
        return Ok(Condition::never());
    };
    match operator {
        "$eq" => one_of(attribute, std::slice::from_ref(value), notes),
        "$ne" => Ok(not(one_of(attribute, std::slice::from_ref(value), notes)?)),
        "$in" => one_of(attribute, listed, notes),
        "$nin" => Ok(not(one_of(attribute, listed, notes)?)),
        "$ini" => Ok(folded(one_of(attribute, listed, notes)?)),
        "$nini" => Ok(not(folded(one_of(attribute, listed, notes)?))),
        "$all" => {
            let mut each = vec![exists(attribute)];
            for value in listed {
                each.push(plain(attribute, value, notes)?);
            }
            Ok(all(each))
        }
        "$elemMatch" => element(attribute, value, notes),
        "$lt" => number(Operator::Lt, |number| 0.0 < number, notes),
        "$lte" => number(Operator::Lte, |number| 0.0 <= number, notes),
        "$gt" => number(Operator::Gt, |number| 0.0 > number, notes),
        "$gte" => number(Operator::Gte, |number| 0.0 >= number, notes),
        "$veq" => version(Operator::SemverEq, notes),
        "$vne" => Ok(not(version(Operator::SemverEq, notes)?)),
        "$vlt" => version(Operator::SemverLt, notes),
        "$vlte" => version(Operator::SemverLte, notes),
        "$vgt" => version(Operator::SemverGt, notes),
        "$vgte" => version(Operator::SemverGte, notes),
        "$regex" => Ok(compare(Operator::Matches)),
        "$regexi" => Ok(ignoring_case(compare(Operator::Matches), true)),
        "$exists" => Ok(match value {
            Value::Bool(false) | Value::Null => not(exists(attribute)),
            _ => exists(attribute),
        }),
        operator => Err(unknown(operator)),
    }
}

/// The values of an operator that takes a list, none of any other; `None` where it takes a list and has none.
fn list_operator<'a>(operator: &str, value: &'a Value) -> Option<&'a [Value]> {
    match operator {
        "$in" | "$nin" | "$ini" | "$nini" | "$all" => value.as_array().map(Vec::as_slice),
        _ => Some(&[]),
    }
}

/// The same without regard to case, in whichever part compares.
fn folded(condition: Condition) -> Condition {
    match condition {
        Condition::Any(parts) => Condition::Any(parts.into_iter().map(folded).collect()),
        condition => ignoring_case(condition, true),
    }
}

/// An element that meets one plain comparison: here a clause asks that of any element anyway.
fn element(attribute: &str, wanted: &Value, notes: &mut Notes) -> Kept<Condition> {
    let operators = wanted
        .as_object()
        .map(|members| members.iter().collect::<Vec<_>>());
    match operators.as_deref() {
        Some([(operator, value)])
            if matches!(
                operator.as_str(),
                "$eq" | "$in" | "$lt" | "$lte" | "$gt" | "$gte" | "$regex"
            ) =>
        {
            let met = operation(attribute, operator, value, notes)?;
            Ok(all(vec![exists(attribute), met]))
        }
        _ => Err(Unsupported(format!(
            "$elemMatch of {attribute} has {wanted}; only a single comparison per element is supported"
        ))),
    }
}

fn scalars(attribute: &str, values: &[Value]) -> Kept<()> {
    match values
        .iter()
        .find(|value| value.is_array() || value.is_object())
    {
        None => Ok(()),
        Some(value) => Err(Unsupported(format!(
            "it compares {attribute} with {value}; only strings, numbers and booleans are supported"
        ))),
    }
}

/// Whether a feature's value matches a condition; `None` if that cannot be decided here.
fn meets(value: &Value, wanted: &Value) -> Option<bool> {
    let operators = wanted
        .as_object()
        .filter(|members| members.keys().all(|name| name.starts_with('$')));
    let Some(operators) = operators else {
        return Some(match wanted {
            Value::Bool(wanted) => !value.is_null() && truthy(value) == *wanted,
            Value::String(wanted) => text(value)? == *wanted,
            Value::Number(wanted) => number(value)? == wanted.as_f64(),
            wanted => value == wanted,
        });
    };
    let mut all = true;
    for (operator, wanted) in operators {
        let list = || wanted.as_array();
        all &= match operator.as_str() {
            "$eq" => value == wanted,
            "$ne" => value != wanted,
            "$in" => list()?.contains(value),
            "$nin" => !list()?.contains(value),
            "$exists" => value.is_null() != truthy(wanted),
            "$not" => !meets(value, wanted)?,
            _ => return None,
        };
    }
    Some(all)
}

/// A value as text, as GrowthBook compares it with one; none where that cannot be told here.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// A value as a number, as GrowthBook compares it with one; none where that cannot be told here.
#[expect(
    clippy::option_option,
    reason = "the message may say that it is not a number"
)]
fn number(value: &Value) -> Option<Option<f64>> {
    match value {
        Value::Null => Some(Some(0.0)),
        Value::Bool(value) => Some(Some(f64::from(u8::from(*value)))),
        Value::Number(number) => Some(number.as_f64()),
        Value::String(text) if text.trim().is_empty() => Some(Some(0.0)),
        Value::String(text) => Some(text.trim().parse().ok()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

fn truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}
