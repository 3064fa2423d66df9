//! What an audit entry records of two states: both whole while they are small, their difference where they are large.
//!
//! Of each long list, the state before keeps the values that went and the state after those that came, so that comparing
//! the two says the same as comparing the whole ones. [`Elided`] says how many values were left out of both.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// States of more bytes of JSON together are recorded by their difference.
const MAX_WHOLE_BYTES: usize = 16 * 1024;

/// Lists of more values are long.
const LONG: usize = 100;

/// Values that went, and values that came, that an entry names of one list.
const NAMED: usize = 1_000;

/// What was left out of a long list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elided {
    /// Where the list is, as a JSON Pointer into the state after, or into the one before where the list is only there.
    pub pointer: String,
    /// Values that both states have.
    pub unchanged: usize,
    /// Further values that only the state before has.
    pub removed: usize,
    /// Further values that only the state after has.
    pub added: usize,
}

/// Leaves out of two states what makes them large, if they are; says what that was.
pub(crate) fn reduce(before: &mut Option<Value>, after: &mut Option<Value>) -> Vec<Elided> {
    let size = |state: &Option<Value>| state.as_ref().map_or(0, |state| state.to_string().len());
    let mut elided = Vec::new();
    if size(before) + size(after) > MAX_WHOLE_BYTES {
        walk(before.as_mut(), after.as_mut(), "", &mut elided);
    }
    elided
}

fn walk(
    before: Option<&mut Value>,
    after: Option<&mut Value>,
    pointer: &str,
    elided: &mut Vec<Elided>,
) {
    let is_long = |value: &Option<&mut Value>| value.as_ref().is_some_and(|value| long(value));
    if is_long(&before) || is_long(&after) {
        elide(before, after, pointer, elided);
        return;
    }
    match (before, after) {
        (Some(Value::Object(before)), Some(Value::Object(after))) => {
            for (name, after) in after.iter_mut() {
                walk(
                    before.get_mut(name),
                    Some(after),
                    &at(pointer, name),
                    elided,
                );
            }
            for (name, before) in before.iter_mut() {
                if !after.contains_key(name) {
                    walk(Some(before), None, &at(pointer, name), elided);
                }
            }
        }
        (Some(Value::Array(before)), Some(Value::Array(after))) => {
            pairs(before, after, pointer, elided);
        }
        (before, after) => {
            if let Some(before) = before {
                parts(before, pointer, |part, at| {
                    walk(Some(part), None, at, elided);
                });
            }
            if let Some(after) = after {
                parts(after, pointer, |part, at| {
                    walk(None, Some(part), at, elided);
                });
            }
        }
    }
}

/// Visits what a state consists of.
fn parts(state: &mut Value, pointer: &str, mut visit: impl FnMut(&mut Value, &str)) {
    match state {
        Value::Object(members) => {
            for (name, member) in members {
                visit(member, &at(pointer, name));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                visit(item, &format!("{pointer}/{index}"));
            }
        }
        _ => {}
    }
}

/// Items that are the same thing: of one `id` where they have one, otherwise in one place.
fn pairs(before: &mut [Value], after: &mut [Value], pointer: &str, elided: &mut Vec<Elided>) {
    let id = |item: &Value| item.get("id").and_then(Value::as_str).map(str::to_owned);
    let ids: Vec<_> = before.iter().map(id).collect();
    let mut paired = vec![false; before.len()];
    for (index, item) in after.iter_mut().enumerate() {
        let own = id(item);
        let place = match &own {
            Some(_) => ids.iter().position(|known| *known == own),
            None => Some(index).filter(|index| ids.get(*index).is_some_and(Option::is_none)),
        };
        let partner = place.filter(|place| !std::mem::replace(&mut paired[*place], true));
        let partner = partner.and_then(|place| before.get_mut(place));
        walk(partner, Some(item), &format!("{pointer}/{index}"), elided);
    }
    for (index, item) in before.iter_mut().enumerate() {
        if !paired[index] {
            walk(Some(item), None, &format!("{pointer}/{index}"), elided);
        }
    }
}

fn long(value: &Value) -> bool {
    let is_plain = |item: &Value| !item.is_object() && !item.is_array();
    value
        .as_array()
        .is_some_and(|items| items.len() > LONG && items.iter().all(is_plain))
}

/// Leaves in each list only what the other has not, and of that no more than is worth naming.
fn elide(
    before: Option<&mut Value>,
    after: Option<&mut Value>,
    pointer: &str,
    elided: &mut Vec<Elided>,
) {
    let values = |state: &Option<&mut Value>| -> HashSet<String> {
        let items = state.as_ref().and_then(|state| state.as_array());
        items
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .collect()
    };
    let (were, are) = (values(&before), values(&after));
    let unchanged = were.intersection(&are).count();
    let removed = keep(before, &are);
    let added = keep(after, &were);
    if unchanged + removed + added > 0 {
        elided.push(Elided {
            pointer: pointer.to_owned(),
            unchanged,
            removed,
            added,
        });
    }
}

/// Keeps the first values that `others` has not; returns how many more there were.
fn keep(state: Option<&mut Value>, others: &HashSet<String>) -> usize {
    let Some(items) = state.and_then(Value::as_array_mut) else {
        return 0;
    };
    items.retain(|item| !others.contains(&item.to_string()));
    let more = items.len().saturating_sub(NAMED);
    items.truncate(NAMED);
    more
}

fn at(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn users(range: std::ops::Range<usize>) -> Value {
        range.map(|nth| json!(format!("user-{nth}"))).collect()
    }

    fn reduced(before: Value, after: Value) -> (Value, Value, Vec<Elided>) {
        let (mut before, mut after) = (Some(before), Some(after));
        let elided = reduce(&mut before, &mut after);
        let or_null = |state: Option<Value>| state.unwrap_or_default();
        (or_null(before), or_null(after), elided)
    }

    fn elided(pointer: &str, unchanged: usize, removed: usize, added: usize) -> Elided {
        Elided {
            pointer: pointer.to_owned(),
            unchanged,
            removed,
            added,
        }
    }

    #[test]
    fn small_states_are_recorded_whole() {
        let (before, after) = (json!({"included": users(0..200)}), json!({"included": []}));
        assert_eq!(
            reduced(before.clone(), after.clone()),
            (before, after, Vec::new())
        );
    }

    #[test]
    fn of_a_long_list_only_what_went_and_what_came_is_recorded() {
        let before = json!({"name": "Beta", "included": users(0..50_000)});
        let after = json!({"name": "Beta", "included": users(1..50_001)});
        let (before, after, left_out) = reduced(before, after);
        assert_eq!(before, json!({"name": "Beta", "included": ["user-0"]}));
        assert_eq!(after, json!({"name": "Beta", "included": ["user-50000"]}));
        assert_eq!(left_out, [elided("/included", 49_999, 0, 0)]);
    }

    #[test]
    fn what_changes_by_the_thousand_is_counted() {
        let (before, after, left_out) = reduced(Value::Null, json!({"included": users(0..50_000)}));
        assert_eq!(before, Value::Null);
        assert_eq!(after["included"].as_array().map(Vec::len), Some(1_000));
        assert_eq!(left_out, [elided("/included", 0, 0, 49_000)]);
    }

    #[test]
    fn rules_are_compared_by_their_ids() {
        let rule = |id: &str, values: Value| json!({"id": id, "when": {"attribute": "key", "op": "in", "values": values}});
        let before = json!({"rules": [rule("a", users(0..2_000)), rule("b", json!([1]))]});
        let after = json!({"rules": [rule("new", json!([])), rule("a", users(0..2_001))]});
        let (before, after, left_out) = reduced(before, after);
        assert_eq!(before["rules"][0]["when"]["values"], json!([]));
        assert_eq!(after["rules"][1]["when"]["values"], json!(["user-2000"]));
        assert_eq!(left_out, [elided("/rules/1/when/values", 2_000, 0, 0)]);
    }
}
