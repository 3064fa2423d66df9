//! What values have in common.

use std::collections::BTreeMap;

use peekaboo_flags::Value;

/// The type of some JSON values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Boolean,
    Number,
    String,
    /// Of elements of this shape; none where every list is empty.
    List(Option<Box<Shape>>),
    Object(BTreeMap<String, Member>),
    /// Null, or values of several types.
    Any,
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) shape: Shape,
    /// Not every object has it.
    pub(super) optional: bool,
}

/// The shape of all of these; none of none.
pub(super) fn of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<Shape> {
    values.into_iter().map(one).reduce(joined)
}

fn one(value: &Value) -> Shape {
    match value {
        Value::Null => Shape::Any,
        Value::Bool(_) => Shape::Boolean,
        Value::Number(_) => Shape::Number,
        Value::String(_) => Shape::String,
        Value::Array(elements) => Shape::List(of(elements).map(Box::new)),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let member = Member {
                    shape: one(value),
                    optional: false,
                };
                (name.clone(), member)
            });
            Shape::Object(members.collect())
        }
    }
}

fn joined(left: Shape, right: Shape) -> Shape {
    match (left, right) {
        (Shape::List(left), Shape::List(right)) => Shape::List(match (left, right) {
            (Some(left), Some(right)) => Some(Box::new(joined(*left, *right))),
            (left, right) => left.or(right),
        }),
        (Shape::Object(left), Shape::Object(right)) => Shape::Object(members(left, right)),
        (left, right) if left == right => left,
        _ => Shape::Any,
    }
}

fn members(
    left: BTreeMap<String, Member>,
    mut right: BTreeMap<String, Member>,
) -> BTreeMap<String, Member> {
    let mut all = BTreeMap::new();
    for (name, own) in left {
        let member = match right.remove(&name) {
            Some(other) => Member {
                shape: joined(own.shape, other.shape),
                optional: own.optional || other.optional,
            },
            None => Member {
                optional: true,
                ..own
            },
        };
        all.insert(name, member);
    }
    let others = right.into_iter().map(|(name, own)| {
        let optional = true;
        (name, Member { optional, ..own })
    });
    all.extend(others);
    all
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_that_not_all_have_are_optional() {
        let Some(Shape::Object(members)) =
            of(&[json!({"a": 1, "b": [1]}), json!({"b": [], "c": null})])
        else {
            panic!("they are objects")
        };
        assert_eq!(
            members["a"],
            Member {
                shape: Shape::Number,
                optional: true
            }
        );
        let numbers = Shape::List(Some(Box::new(Shape::Number)));
        assert_eq!(
            members["b"],
            Member {
                shape: numbers,
                optional: false
            }
        );
        assert_eq!(
            members["c"],
            Member {
                shape: Shape::Any,
                optional: true
            }
        );
    }

    #[test]
    fn values_of_several_types_may_be_anything() {
        assert_eq!(of(&[json!(1), json!("1")]), Some(Shape::Any));
        assert_eq!(of(&[json!(1), json!(2.5)]), Some(Shape::Number));
        assert_eq!(of(&[]), None);
    }
}
