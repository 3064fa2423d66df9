//! JsonLogic as conditions.

use std::collections::BTreeMap;

use peekaboo_flags::Kind;
use peekaboo_flags::Value;
use peekaboo_flags::model::{Condition, Operator, TARGETING_KEY};
use serde_json::json;

use crate::import::build::{Builder, Kept, Notes, Unsupported};
use crate::import::condition::{all, any, clause, dotted, exists, not, widened};

/// What evaluates to the flag's own key.
const FLAG_KEY: &str = "$flagd.flagKey";

/// How deep logic may nest.
const MAX_DEPTH: usize = 32;

/// JsonLogic of one flag.
pub(super) struct Logic<'a> {
    flag: &'a str,
    evaluators: &'a BTreeMap<String, Value>,
    builder: &'a Builder,
}

/// An operation and its arguments: one argument may stand without a list.
pub(super) fn operation(logic: &Value) -> Option<(&str, &[Value])> {
    let mut members = logic.as_object()?.iter();
    let (name, arguments) = members.next()?;
    if members.next().is_some() {
        return None;
    }
    let arguments = match arguments {
        Value::Array(list) => list.as_slice(),
        one => std::slice::from_ref(one),
    };
    Some((name, arguments))
}

/// When logic yields true or false, and not null or a value of the context.
pub(super) fn decides(logic: &Value) -> Option<Condition> {
    let (name, arguments) = operation(logic)?;
    match name {
        "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" | "!" | "!!" | "in" => {
            Some(Condition::always())
        }
        "starts_with" | "ends_with" => Some(exists(variable(arguments.first()?).ok()?)),
        _ => None,
    }
}

/// The attribute that a `fractional` splits by, and the seed. As in flagd, flags that split by the attribute only assign
/// people in the same way; with the flag's key, they do not.
pub(super) fn bucket_by(key: Option<&Value>) -> Kept<(String, Option<String>)> {
    let Some(key) = key else {
        return Ok((TARGETING_KEY.to_owned(), None));
    };
    let unsupported = || {
        Unsupported(format!(
            "its fractional uses {key}; a split can only use one attribute"
        ))
    };
    match operation(key).ok_or_else(unsupported)? {
        ("var", _) => Ok((variable(key)?, Some("flagd".to_owned()))),
        ("cat", parts) => {
            let own = |part: &&Value| {
                operation(part).is_some_and(|(name, path)| {
                    name == "var" && path.first() == Some(&json!(FLAG_KEY))
                })
            };
            let (keys, others): (Vec<_>, Vec<_>) = parts.iter().partition(own);
            match others.as_slice() {
                [attribute] if !keys.is_empty() => Ok((variable(attribute)?, None)),
                [attribute, salt] | [salt, attribute] if salt.is_string() && keys.is_empty() => {
                    let salt = salt.as_str().unwrap_or_default();
                    Ok((variable(attribute)?, Some(format!("flagd:{salt}"))))
                }
                _ => Err(unsupported()),
            }
        }
        _ => Err(unsupported()),
    }
}

impl<'a> Logic<'a> {
    pub(super) fn new(
        flag: &'a str,
        evaluators: &'a BTreeMap<String, Value>,
        builder: &'a Builder,
    ) -> Self {
        Logic {
            flag,
            evaluators,
            builder,
        }
    }

    /// What a `$ref` stands for.
    pub(super) fn evaluator(&self, arguments: &[Value]) -> Kept<&'a Value> {
        let name = arguments
            .first()
            .and_then(Value::as_str)
            .unwrap_or_default();
        let evaluator = self.evaluators.get(name);
        evaluator.ok_or_else(|| {
            Unsupported(format!(
                "it refers to the evaluator {name}, which is missing in the file"
            ))
        })
    }

    /// Logic as a condition.
    pub(super) fn condition(&self, logic: &Value, notes: &mut Notes) -> Kept<Condition> {
        self.at(logic, MAX_DEPTH, notes)
    }

    fn at(&self, logic: &Value, depth: usize, notes: &mut Notes) -> Kept<Condition> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Unsupported(format!(
                "its conditions are nested deeper than {MAX_DEPTH}"
            )));
        };
        if let Value::Bool(value) = logic {
            return Ok(if *value {
                Condition::always()
            } else {
                Condition::never()
            });
        }
        let unsupported = || {
            Unsupported(format!(
                "its targeting has the unsupported condition {logic}"
            ))
        };
        let (name, arguments) = operation(logic).ok_or_else(unsupported)?;
        let mut each = |logics: &[Value]| {
            let conditions = logics.iter().map(|logic| self.at(logic, depth, notes));
            conditions.collect::<Kept<Vec<_>>>()
        };
        match (name, arguments) {
            ("and", parts) => Ok(all(each(parts)?)),
            ("or", parts) => Ok(any(each(parts)?)),
            ("!", [part]) => Ok(not(self.at(part, depth, notes)?)),
            ("!!", [part]) => self.at(part, depth, notes),
            ("if" | "?:", [test, then, otherwise]) => {
                let [test, then, otherwise] = [
                    self.at(test, depth, notes)?,
                    self.at(then, depth, notes)?,
                    self.at(otherwise, depth, notes)?,
                ];
                Ok(any(vec![
                    all(vec![test.clone(), then]),
                    all(vec![not(test), otherwise]),
                ]))
            }
            ("var", _) => truthy(logic, notes),
            ("missing", names) => {
                let names = names
                    .iter()
                    .map(|name| name.as_str().ok_or_else(unsupported));
                let missing = names.map(|name| Ok(not(exists(dotted(name?, TARGETING_KEY)))));
                Ok(any(missing.collect::<Kept<_>>()?))
            }
            ("$ref", names) => self.reference(names, depth, notes),
            ("==" | "===", [left, right]) => self
                .equal(left, right, name == "==")
                .ok_or_else(unsupported)?,
            ("!=" | "!==", [left, right]) => {
                let equal = self.equal(left, right, name == "!=");
                Ok(not(equal.ok_or_else(unsupported)??))
            }
            ("<" | "<=" | ">" | ">=", [left, middle, right]) => {
                let conditions = [
                    compare(name, left, middle, notes),
                    compare(name, middle, right, notes),
                ];
                let conditions = conditions
                    .into_iter()
                    .map(|condition| condition.ok_or_else(unsupported)?);
                Ok(all(conditions.collect::<Kept<_>>()?))
            }
            ("<" | "<=" | ">" | ">=", [left, right]) => {
                compare(name, left, right, notes).ok_or_else(unsupported)?
            }
            ("in", [needle, haystack]) => {
                member(needle, haystack, notes).ok_or_else(unsupported)?
            }
            ("starts_with", [attribute, Value::String(prefix)]) => {
                let values = vec![Value::from(prefix.as_str())];
                Ok(clause(variable(attribute)?, Operator::StartsWith, values))
            }
            ("ends_with", [attribute, Value::String(suffix)]) => {
                let values = vec![Value::from(suffix.as_str())];
                Ok(clause(variable(attribute)?, Operator::EndsWith, values))
            }
            ("sem_ver", [attribute, Value::String(operator), Value::String(version)]) => {
                sem_ver(&variable(attribute)?, operator, version, notes)
            }
            _ => Err(unsupported()),
        }
    }

    /// A shared condition: by its segment, or in place where it needs this flag's key.
    fn reference(&self, names: &[Value], depth: usize, notes: &mut Notes) -> Kept<Condition> {
        let evaluator = self.evaluator(names)?;
        let name = names.first().and_then(Value::as_str).unwrap_or_default();
        match self.builder.key(Kind::Segment, name) {
            Some(key) if !self.flag.is_empty() => Ok(Condition::Segment(key.to_owned())),
            _ => self.at(evaluator, depth, notes),
        }
    }

    /// `None` if this does not compare an attribute with a value. A loose comparison treats a number and its text as equal.
    fn equal(&self, left: &Value, right: &Value, loose: bool) -> Option<Kept<Condition>> {
        if let Some(own) = self.own_key(left, right) {
            return Some(Ok(own));
        }
        let (attribute, value) = match (operation(left), operation(right)) {
            (Some(("var", _)), None) => (left, right),
            (None, Some(("var", _))) => (right, left),
            _ => return None,
        };
        let attribute = match variable(attribute) {
            Ok(attribute) => attribute,
            Err(reason) => return Some(Err(reason)),
        };
        match value {
            Value::Null => Some(Ok(not(exists(attribute)))),
            Value::Array(_) | Value::Object(_) => None,
            Value::String(text) if loose => {
                Some(Ok(clause(attribute, Operator::In, widened(text))))
            }
            Value::Number(number) if loose => {
                let values = vec![value.clone(), number.to_string().into()];
                let equal = clause(attribute.as_str(), Operator::In, values);
                let zero = number.as_f64() == Some(0.0);
                Some(Ok(if zero {
                    or_missing(&attribute, equal)
                } else {
                    equal
                }))
            }
            Value::Bool(false) if loose => {
                let equal = clause(attribute.as_str(), Operator::In, vec![value.clone()]);
                Some(Ok(or_missing(&attribute, equal)))
            }
            value => Some(Ok(clause(attribute, Operator::In, vec![value.clone()]))),
        }
    }

    /// A comparison of the flag's own key is decided here.
    fn own_key(&self, left: &Value, right: &Value) -> Option<Condition> {
        let own = json!({"var": FLAG_KEY});
        let other = match (left == &own, right == &own) {
            (true, false) => right,
            (false, true) => left,
            _ => return None,
        };
        let same = other.as_str()? == self.flag;
        Some(if same {
            Condition::always()
        } else {
            Condition::never()
        })
    }
}

/// The attribute that a `var` names.
pub(super) fn variable(logic: &Value) -> Kept<String> {
    let unsupported = || {
        Unsupported(format!(
            "its targeting reads {logic}, which is not an attribute"
        ))
    };
    match operation(logic) {
        Some(("var", [Value::String(path)] | [Value::String(path), Value::Null]))
            if !path.is_empty() =>
        {
            if path.starts_with("$flagd.") {
                return Err(Unsupported(format!(
                    "its targeting reads {path}, which is not available here"
                )));
            }
            Ok(dotted(path, TARGETING_KEY))
        }
        _ => Err(unsupported()),
    }
}

/// The condition holds, or the attribute is missing, which counts as 0 and as false there.
fn or_missing(attribute: &str, condition: Condition) -> Condition {
    any(vec![condition, not(exists(attribute))])
}

/// Neither missing, nor false, nor 0, nor empty text.
fn truthy(logic: &Value, notes: &mut Notes) -> Kept<Condition> {
    let attribute = variable(logic)?;
    notes.add(format!(
        "it checks whether {attribute} is truthy: an empty list is truthy here, but not in flagd"
    ));
    let falsy = vec![json!(false), json!(0), json!("")];
    let falsy = clause(attribute.as_str(), Operator::In, falsy);
    Ok(all(vec![exists(attribute), not(falsy)]))
}

/// A number on one side, an attribute on the other; none where it is neither.
fn compare(
    operator: &str,
    left: &Value,
    right: &Value,
    notes: &mut Notes,
) -> Option<Kept<Condition>> {
    let (attribute, value, turned) = match (left, right) {
        (attribute, Value::Number(_)) => (attribute, right, false),
        (Value::Number(_), attribute) => (attribute, left, true),
        _ => return None,
    };
    let op = match (operator, turned) {
        ("<", false) | (">", true) => Operator::Lt,
        ("<=", false) | (">=", true) => Operator::Lte,
        (">", false) | ("<", true) => Operator::Gt,
        _ => Operator::Gte,
    };
    let number = value.as_f64().unwrap_or_default();
    // What is missing counts as 0 there.
    let zero = match op {
        Operator::Lt => 0.0 < number,
        Operator::Lte => 0.0 <= number,
        Operator::Gt => 0.0 > number,
        _ => 0.0 >= number,
    };
    Some(variable(attribute).and_then(|attribute| {
        if attribute == TARGETING_KEY {
            return Err(Unsupported(format!(
                "it compares the targeting key with {value}; the targeting key is a string, and strings cannot be ordered"
            )));
        }
        notes.add(format!(
            "it compares {attribute} as a number: send a number in the context; flagd also accepts a string"
        ));
        let compared = clause(attribute.as_str(), op, vec![value.clone()]);
        Ok(if zero {
            or_missing(&attribute, compared)
        } else {
            compared
        })
    }))
}

/// An attribute among values, or a text within an attribute.
fn member(needle: &Value, haystack: &Value, notes: &mut Notes) -> Option<Kept<Condition>> {
    match (needle, haystack) {
        (attribute, Value::Array(values)) if operation(attribute).is_some() => {
            if values.is_empty() {
                return Some(Ok(Condition::never()));
            }
            let plain = values.iter().all(|value| !value.is_array() && !value.is_object() && !value.is_null());
            plain.then(|| Ok(clause(variable(attribute)?, Operator::In, values.clone())))
        }
        (Value::String(part), attribute) if operation(attribute).is_some() => {
            Some(variable(attribute).map(|attribute| {
                notes.add(format!(
                    "it looks for {part:?} in {attribute} as in a text; were it a list, an element that has it within \
                     would do here"
                ));
                clause(attribute, Operator::Contains, vec![part.as_str().into()])
            }))
        }
        _ => None,
    }
}

fn sem_ver(attribute: &str, operator: &str, version: &str, notes: &mut Notes) -> Kept<Condition> {
    notes.add(format!(
        "it compares {attribute} as a semantic version: give it as text and without a v, where flagd also takes v1.2.0 and \
         numbers"
    ));
    let is_none = || {
        Unsupported(format!(
            "it compares with {version:?}, which is not a version"
        ))
    };
    let given = version.trim_start_matches(['v', 'V']);
    let core = given.split(['-', '+']).next().unwrap_or_default();
    let numbers: Option<Vec<u64>> = core.split('.').map(|number| number.parse().ok()).collect();
    let numbers = numbers.ok_or_else(is_none)?;
    // A version in part is one whose other numbers are 0.
    let (major, minor, full) = match numbers.as_slice() {
        [major] if core == given => (*major, 0, format!("{given}.0.0")),
        [major, minor] if core == given => (*major, *minor, format!("{given}.0")),
        [major, minor, _] => (*major, *minor, given.to_owned()),
        _ => return Err(is_none()),
    };
    let compare = |op: Operator, version: &str| clause(attribute, op, vec![version.into()]);
    // The lowest of all that begin so: a pre-release comes before its release.
    let range = |from: String, below: String| {
        all(vec![
            compare(Operator::SemverGte, &format!("{from}-0")),
            compare(Operator::SemverLt, &format!("{below}-0")),
        ])
    };
    Ok(match operator {
        "=" => compare(Operator::SemverEq, &full),
        // In flagd, text that is not a version equals no version.
        "!=" => any(vec![
            compare(Operator::SemverLt, &full),
            compare(Operator::SemverGt, &full),
        ]),
        "<" => compare(Operator::SemverLt, &full),
        "<=" => compare(Operator::SemverLte, &full),
        ">" => compare(Operator::SemverGt, &full),
        ">=" => compare(Operator::SemverGte, &full),
        "^" => range(format!("{major}.0.0"), format!("{}.0.0", major + 1)),
        "~" => range(
            format!("{major}.{minor}.0"),
            format!("{major}.{}.0", minor + 1),
        ),
        operator => {
            return Err(Unsupported(format!(
                "the operator {operator} of sem_ver is not supported"
            )));
        }
    })
}
