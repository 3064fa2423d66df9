//! Where two JSON values differ, in the terms in which people think of flags: rules by their ids, lists by what they
//! hold.

use std::collections::BTreeSet;

use peekaboo_flags::Value;
use serde::Serialize;

use crate::document::escape;

/// One place where two values differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// JSON Pointer; an element of a list of objects with ids is called by its id.
    pub pointer: String,
    /// What is there now; absent where there is nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What should be there; absent where there should be nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// Every difference, outermost members in the order of their names.
pub(super) fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("", before, after, &mut found);
    found
}

fn compare(at: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
            for name in names {
                let at = format!("{at}/{}", escape(name));
                either(&at, before.get(name), after.get(name), found);
            }
        }
        (Value::Array(old), Value::Array(new)) if has_ids(old) && has_ids(new) => {
            by_id(at, old, new, found);
        }
        (Value::Array(old), Value::Array(new)) if are_scalars(old) && are_scalars(new) => {
            as_set(at, (before, old), (after, new), found);
        }
        (Value::Array(before), Value::Array(after)) => {
            for index in 0..before.len().max(after.len()) {
                let at = format!("{at}/{index}");
                either(&at, before.get(index), after.get(index), found);
            }
        }
        _ => found.push(Difference {
            pointer: at.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        }),
    }
}

fn either(at: &str, before: Option<&Value>, after: Option<&Value>, found: &mut Vec<Difference>) {
    match (before, after) {
        (Some(before), Some(after)) => compare(at, before, after, found),
        _ => found.push(Difference {
            pointer: at.to_owned(),
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

/// Elements by their ids, then their order where the same ones changed places.
fn by_id(at: &str, before: &[Value], after: &[Value], found: &mut Vec<Difference>) {
    let element = |list: &[Value], id: &str| {
        let found = list.iter().find(|element| self::id(element) == Some(id));
        found.cloned()
    };
    let (old, new) = (ids(before), ids(after));
    let added = new.iter().filter(|id| !old.contains(*id));
    for id in old.iter().chain(added) {
        let at = format!("{at}/{}", escape(id));
        either(
            &at,
            element(before, id).as_ref(),
            element(after, id).as_ref(),
            found,
        );
    }
    let staying: Vec<_> = old.iter().filter(|id| new.contains(*id)).collect();
    let stayed: Vec<_> = new.iter().filter(|id| old.contains(*id)).collect();
    if staying != stayed {
        found.push(order(at, old.into(), new.into()));
    }
}

/// A change of order, told by names.
fn order(at: &str, before: Value, after: Value) -> Difference {
    Difference {
        pointer: format!("{at} (order)"),
        before: Some(before),
        after: Some(after),
    }
}

/// What came and what went; the whole lists where they hold the same in another order.
fn as_set(
    at: &str,
    (before, old): (&Value, &[Value]),
    (after, new): (&Value, &[Value]),
    found: &mut Vec<Difference>,
) {
    let text = |values: &[Value]| values.iter().map(Value::to_string).collect::<BTreeSet<_>>();
    let (had, has) = (text(old), text(new));
    if had == has {
        found.push(Difference {
            pointer: at.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        });
        return;
    }
    let gone = old.iter().filter(|value| !has.contains(&value.to_string()));
    found.extend(gone.map(|value| Difference {
        pointer: at.to_owned(),
        before: Some(value.clone()),
        after: None,
    }));
    let come = new.iter().filter(|value| !had.contains(&value.to_string()));
    found.extend(come.map(|value| Difference {
        pointer: at.to_owned(),
        before: None,
        after: Some(value.clone()),
    }));
}

fn id(element: &Value) -> Option<&str> {
    element.get("id")?.as_str()
}

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().filter_map(id).collect()
}

fn has_ids(list: &[Value]) -> bool {
    list.iter().all(|element| id(element).is_some())
}

fn are_scalars(list: &[Value]) -> bool {
    list.iter()
        .all(|value| !value.is_object() && !value.is_array())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(before: &Value, after: &Value) -> Vec<String> {
        let differences = differences(before, after).into_iter();
        let side =
            |value: Option<Value>| value.map_or("nothing".to_owned(), |value| value.to_string());
        differences
            .map(|difference| {
                let (before, after) = (side(difference.before), side(difference.after));
                format!("{}: {before} → {after}", difference.pointer)
            })
            .collect()
    }

    #[test]
    fn members_are_named_by_their_pointers() {
        let before = json!({"enabled": false, "same": 1, "gone": "x", "deep": {"a/b": 1}});
        let after = json!({"enabled": true, "same": 1, "come": null, "deep": {"a/b": 2}});
        assert_eq!(
            told(&before, &after),
            [
                "/come: nothing → null",
                "/deep/a~1b: 1 → 2",
                "/enabled: false → true",
                "/gone: \"x\" → nothing",
            ]
        );
    }

    #[test]
    fn rules_are_named_by_their_ids_and_their_order() {
        let rule = |id: &str, serve: &str| json!({"id": id, "serve": serve});
        let before = json!({"rules": [rule("a", "on"), rule("b", "on"), rule("c", "on")]});
        let after = json!({"rules": [rule("b", "off"), rule("a", "on"), rule("d", "on")]});
        assert_eq!(
            told(&before, &after),
            [
                "/rules/b/serve: \"on\" → \"off\"",
                "/rules/c: {\"id\":\"c\",\"serve\":\"on\"} → nothing",
                "/rules/d: nothing → {\"id\":\"d\",\"serve\":\"on\"}",
                "/rules (order): [\"a\",\"b\",\"c\"] → [\"b\",\"a\",\"d\"]",
            ]
        );
    }

    #[test]
    fn lists_of_values_show_added_and_removed_values() {
        assert_eq!(
            told(&json!(["a", "b", 1]), &json!(["b", "c", "1"])),
            [
                ": \"a\" → nothing",
                ": 1 → nothing",
                ": nothing → \"c\"",
                ": nothing → \"1\""
            ]
        );
        assert_eq!(
            told(&json!(["a", "b"]), &json!(["b", "a"])),
            [": [\"a\",\"b\"] → [\"b\",\"a\"]"]
        );
    }

    #[test]
    fn equal_values_have_no_differences() {
        let value = json!({"rules": [{"id": "a"}], "list": [1, 2]});
        assert!(differences(&value, &value).is_empty());
    }
}
