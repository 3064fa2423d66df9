//! Conditions in the syntax of Mongo.

use std::collections::{BTreeMap, BTreeSet};

use peekaboo_flags::model::{Condition, Operator};
use peekaboo_flags::{Kind, Value};

use crate::document::Variation;
use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, any, clause, dotted, exists, ignoring_case, not, widened};

/// The attribute that people are told apart by.
pub(super) const ID: &str = "id";

/// How deep conditions may nest.
const MAX_DEPTH: usize = 32;

/// What conditions refer to.
pub(super) struct Conditions<'a> {
    pub(super) builder: &'a Builder,
    /// Of each feature.
    pub(super) variations: &'a BTreeMap<&'a str, Vec<Variation>>,
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
                "it needs the feature {feature} to meet {condition}"
            ))
        };
        let wanted = wanted.ok_or_else(unsupported)?;
        let variations = self
            .variations
            .get(feature)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut met = Vec::new();
        for variation in variations {
            if meets(&variation.value, wanted).ok_or_else(unsupported)? {
                met.push(variation.key.clone());
            }
        }
        if met.is_empty() {
            return Err(Unsupported(format!(
                "it needs the feature {feature} to meet {condition}, which no value of it does"
            )));
        }
        Ok((flag, met))
    }

    fn at(&self, condition: &Value, depth: usize, notes: &mut Notes) -> Kept<Condition> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Unsupported(format!(
                "its conditions nest deeper than {MAX_DEPTH}"
            )));
        };
        let members = condition.as_object();
        let members =
            members.ok_or_else(|| Unsupported(format!("one of its conditions is {condition}")))?;
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

    /// What is asked of one attribute.
    fn compare(
        &self,
        path: &str,
        wanted: &Value,
        depth: usize,
        notes: &mut Notes,
    ) -> Kept<Condition> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Unsupported(format!(
                "its conditions nest deeper than {MAX_DEPTH}"
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
                "it uses the saved group {group}, which cannot be a segment here"
            ))
        })?;
        Ok(Condition::Segment(key.to_owned()))
    }
}

fn unknown(operator: &str) -> Unsupported {
    Unsupported(format!("the operator {operator} has no counterpart here"))
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
        Value::String(text) => Ok(equals(attribute, text_and_number(attribute, text))),
        Value::Number(number) => {
            let equal = equals(attribute, vec![wanted.clone(), number.to_string().into()]);
            // What is missing counts as 0 there.
            if number.as_f64() == Some(0.0) {
                return Ok(any(vec![equal, not(exists(attribute))]));
            }
            Ok(equal)
        }
        Value::Bool(value) => {
            notes.add(format!(
                "it compares {attribute} with {value}: give true or false in the context, where GrowthBook also takes \
                 other values as one of them"
            ));
            Ok(equals(attribute, vec![(*value).into()]))
        }
        Value::Array(_) | Value::Object(_) => Err(Unsupported(format!(
            "it compares {attribute} with {wanted}; clauses compare with text, numbers and booleans here"
        ))),
    }
}

fn text_and_number(attribute: &str, text: &str) -> Vec<Value> {
    if attribute == peekaboo_flags::model::TARGETING_KEY {
        vec![text.into()]
    } else {
        widened(text)
    }
}

fn equals(attribute: &str, values: Vec<Value>) -> Condition {
    clause(attribute, Operator::In, values)
}

fn operation(attribute: &str, operator: &str, value: &Value, notes: &mut Notes) -> Kept<Condition> {
    let compare = |op: Operator| clause(attribute, op, vec![value.clone()]);
    let listed = |ignore_case: bool| {
        let values = value.as_array().cloned().unwrap_or_default();
        scalars(attribute, &values)?;
        let values: Vec<_> = values
            .into_iter()
            .filter(|value| !value.is_null())
            .collect();
        if values.is_empty() {
            return Ok(Condition::never());
        }
        Ok(ignoring_case(equals(attribute, values), ignore_case))
    };
    let version = |op: Operator, notes: &mut Notes| {
        let text = value.as_str().ok_or_else(|| {
            Unsupported(format!(
                "it compares {attribute} with {value}, which is no version"
            ))
        })?;
        notes.add(format!(
            "it compares {attribute} as a semantic version; GrowthBook also takes what is none"
        ));
        Ok(clause(attribute, op, vec![text.into()]))
    };
    let number = |op: Operator| match value {
        Value::Number(_) => Ok(compare(op)),
        _ => Err(Unsupported(format!(
            "{operator} compares {attribute} with {value}; here only numbers have an order"
        ))),
    };
    match operator {
        "$eq" | "$ne" => {
            let equal = match value {
                Value::Null => not(exists(attribute)),
                value => {
                    scalars(attribute, std::slice::from_ref(value))?;
                    compare(Operator::In)
                }
            };
            Ok(if operator == "$eq" { equal } else { not(equal) })
        }
        "$in" => listed(false),
        "$nin" => Ok(not(listed(false)?)),
        "$ini" => listed(true),
        "$nini" => Ok(not(listed(true)?)),
        "$all" => {
            let values = value.as_array().map(Vec::as_slice).unwrap_or_default();
            scalars(attribute, values)?;
            let each = values
                .iter()
                .map(|value| equals(attribute, vec![value.clone()]));
            Ok(all(each.collect()))
        }
        "$elemMatch" => element(attribute, value, notes),
        "$lt" => number(Operator::Lt),
        "$lte" => number(Operator::Lte),
        "$gt" => number(Operator::Gt),
        "$gte" => number(Operator::Gte),
        "$veq" => version(Operator::SemverEq, notes),
        "$vne" => Ok(not(version(Operator::SemverEq, notes)?)),
        "$vlt" => version(Operator::SemverLt, notes),
        "$vlte" => version(Operator::SemverLte, notes),
        "$vgt" => version(Operator::SemverGt, notes),
        "$vgte" => version(Operator::SemverGte, notes),
        "$regex" => Ok(compare(Operator::Matches)),
        "$regexi" => Ok(ignoring_case(compare(Operator::Matches), true)),
        "$notRegex" => Ok(not(compare(Operator::Matches))),
        "$notRegexi" => Ok(not(ignoring_case(compare(Operator::Matches), true))),
        "$exists" => Ok(match value {
            Value::Bool(false) | Value::Null => not(exists(attribute)),
            _ => exists(attribute),
        }),
        operator => Err(unknown(operator)),
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
            operation(attribute, operator, value, notes)
        }
        _ => Err(Unsupported(format!(
            "$elemMatch of {attribute} asks {wanted}; here one comparison can be asked of an element"
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
            "it compares {attribute} with {value}; clauses compare with text, numbers and booleans here"
        ))),
    }
}

/// Whether a value of a feature meets what is asked of it; none where that cannot be told here.
fn meets(value: &Value, wanted: &Value) -> Option<bool> {
    let operators = wanted
        .as_object()
        .filter(|members| members.keys().all(|name| name.starts_with('$')));
    let Some(operators) = operators else {
        return Some(match wanted {
            Value::Bool(wanted) => truthy(value) == *wanted,
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
            "$exists" => *wanted != Value::Bool(false),
            "$not" => !meets(value, wanted)?,
            _ => return None,
        };
    }
    Some(all)
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
