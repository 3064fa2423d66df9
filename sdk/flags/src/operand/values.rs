//! Sets of scalars, for the operator `in`, target lists and segments' lists.

use std::collections::HashSet;

use serde_json::Value;

use crate::bytes::equal;

/// A string, a number or a boolean: what can equal another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar<'v> {
    Text(&'v str),
    Number(f64),
    Boolean(bool),
}

impl<'v> Scalar<'v> {
    /// None for null, arrays and objects.
    pub(crate) fn of(value: &'v Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Scalar::Text(text)),
            Value::Number(number) => number.as_f64().map(Scalar::Number),
            Value::Bool(boolean) => Some(Scalar::Boolean(*boolean)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// A set of scalars; values of different types are never equal.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Values {
    texts: Texts,
    /// The bits of doubles, with -0 as 0.
    numbers: Set<u64>,
    booleans: [bool; 2],
}

type Set<T> = HashSet<T, foldhash::fast::RandomState>;

/// A handful is compared faster than it is hashed.
#[derive(Clone, Debug, PartialEq)]
enum Texts {
    Few(Box<[Box<str>]>),
    Many(Set<Box<str>>),
}

const FEW: usize = 4;

impl Default for Texts {
    fn default() -> Self {
        Texts::Few(Box::default())
    }
}

impl Values {
    /// None if any value is null, an array or an object. With `fold`, texts are put in ASCII lower case.
    pub(crate) fn parse(values: &[Value], fold: bool) -> Option<Self> {
        let mut texts: Vec<Box<str>> = Vec::new();
        let mut numbers = Set::default();
        let mut booleans = [false; 2];
        for value in values {
            match Scalar::of(value)? {
                Scalar::Text(text) if fold => texts.push(text.to_ascii_lowercase().into()),
                Scalar::Text(text) => texts.push(text.into()),
                Scalar::Number(number) => _ = numbers.insert(bits(number)),
                Scalar::Boolean(boolean) => booleans[usize::from(boolean)] = true,
            }
        }
        let texts = if texts.len() > FEW {
            Texts::Many(texts.into_iter().collect())
        } else {
            Texts::Few(texts.into())
        };
        Some(Values {
            texts,
            numbers,
            booleans,
        })
    }

    #[inline]
    pub(crate) fn contains(&self, scalar: Scalar<'_>) -> bool {
        match scalar {
            Scalar::Text(text) => match &self.texts {
                Texts::Few(texts) => texts
                    .iter()
                    .any(|known| equal(known.as_bytes(), text.as_bytes())),
                Texts::Many(texts) => texts.contains(text),
            },
            Scalar::Number(number) => {
                !self.numbers.is_empty() && self.numbers.contains(&bits(number))
            }
            Scalar::Boolean(boolean) => self.booleans[usize::from(boolean)],
        }
    }
}

fn bits(number: f64) -> u64 {
    // -0 + 0 is 0.
    (number + 0.0).to_bits()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_only_equal_values_of_their_type() {
        let texts: Vec<_> = (0..10)
            .map(|index| json!(format!("text-{index}")))
            .collect();
        for extra in [&texts[..], &[]] {
            let mut values = vec![
                json!("1"),
                json!(2),
                json!(true),
                json!(0.0),
                json!(9_007_199_254_740_993_u64),
            ];
            values.extend_from_slice(extra);
            let set = Values::parse(&values, false).unwrap();
            for value in [
                json!("1"),
                json!(2.0),
                json!(true),
                json!(-0.0),
                json!(0),
                json!(9_007_199_254_740_992_u64),
            ] {
                assert!(set.contains(Scalar::of(&value).unwrap()), "{value}");
            }
            for value in [
                json!(1),
                json!("2"),
                json!(false),
                json!("true"),
                json!(2.5),
                json!(""),
            ] {
                assert!(!set.contains(Scalar::of(&value).unwrap()), "{value}");
            }
        }
    }

    #[test]
    fn a_list_with_a_non_scalar_is_malformed() {
        for value in [json!(null), json!([]), json!({})] {
            assert!(Values::parse(&[json!("a"), value], false).is_none());
        }
    }
}
