//! The conditions that imports make.

use peekaboo_flags::Value;
use peekaboo_flags::model::{BUCKETS, Bucket, Clause, Condition, Operator, TARGETING_KEY};

/// Compares an attribute with values.
pub(super) fn clause(attribute: impl Into<String>, op: Operator, values: Vec<Value>) -> Condition {
    Condition::Clause(Clause {
        attribute: attribute.into(),
        op,
        values,
        negate: false,
        ignore_case: false,
    })
}

/// The same without regard to case.
pub(super) fn ignoring_case(condition: Condition, ignore_case: bool) -> Condition {
    match condition {
        Condition::Clause(clause) => Condition::Clause(Clause {
            ignore_case,
            ..clause
        }),
        other => other,
    }
}

/// The attribute is there.
pub(super) fn exists(attribute: impl Into<String>) -> Condition {
    clause(attribute, Operator::Exists, Vec::new())
}

/// Plain logic: also where an attribute is missing.
pub(super) fn not(condition: Condition) -> Condition {
    match condition {
        Condition::Not(condition) => *condition,
        condition => Condition::Not(Box::new(condition)),
    }
}

/// All of them, without a list around one.
pub(super) fn all(mut conditions: Vec<Condition>) -> Condition {
    conditions.retain(|condition| *condition != Condition::always());
    match conditions.len() {
        1 => conditions.remove(0),
        _ => Condition::All(conditions),
    }
}

/// Any of them, without a list around one.
pub(super) fn any(mut conditions: Vec<Condition>) -> Condition {
    match conditions.len() {
        1 => conditions.remove(0),
        _ => Condition::Any(conditions),
    }
}

/// A share of the keys, from one bucket to before another.
pub(super) fn bucket(by: &str, seed: &str, from: u32, below: u32) -> Condition {
    if (from, below) == (0, BUCKETS) {
        // Everyone who has a key.
        return exists(by);
    }
    Condition::Bucket(Bucket {
        by: by.to_owned(),
        seed: Some(seed.to_owned()),
        from,
        below,
    })
}

/// A share between 0 and 1 in buckets.
pub(super) fn buckets(share: f64) -> u32 {
    let buckets = (share.clamp(0.0, 1.0) * f64::from(BUCKETS)).round();
    // Between 0 and 100,000 after the clamp; NaN, which no JSON has, reads as 0.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is a whole number from 0 to 100,000"
    )]
    let buckets = buckets as u32;
    buckets
}

/// Weights of any sum as weights that sum to [`BUCKETS`]: each rounded, the rest with the largest. None where all are 0
/// or one is negative.
pub(super) fn scaled(weights: &[f64]) -> Option<Vec<u32>> {
    let sum: f64 = weights.iter().sum();
    if weights.iter().any(|weight| *weight < 0.0) || !(sum.is_finite() && sum > 0.0) {
        return None;
    }
    let mut scaled: Vec<u32> = weights.iter().map(|weight| buckets(weight / sum)).collect();
    let total: u32 = scaled.iter().sum();
    let largest = scaled.iter_mut().max()?;
    *largest = (*largest + BUCKETS).checked_sub(total)?;
    Some(scaled)
}

/// An attribute's name as a clause takes it: a leading `/` would make it a JSON Pointer.
pub(super) fn attribute(name: &str) -> String {
    if name.starts_with('/') {
        pointer([name])
    } else {
        name.to_owned()
    }
}

/// A JSON Pointer into the context.
pub(super) fn pointer<'a>(tokens: impl IntoIterator<Item = &'a str>) -> String {
    let tokens = tokens.into_iter().map(crate::document::escape);
    tokens.fold(String::new(), |pointer, token| pointer + "/" + &token)
}

/// An attribute by a path with dots, the targeting key by the source's name for it.
pub(super) fn dotted(path: &str, targeting_key: &str) -> String {
    if path == targeting_key {
        TARGETING_KEY.to_owned()
    } else if path.contains('.') {
        pointer(path.split('.'))
    } else {
        attribute(path)
    }
}

/// A text that says a number, next to that number: for sources that compare them as one.
pub(super) fn widened(text: &str) -> Vec<Value> {
    let mut values = vec![Value::from(text)];
    if let Some(number) = text
        .parse()
        .ok()
        .filter(|number: &serde_json::Number| number.to_string() == text)
    {
        values.push(Value::Number(number));
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn weights_always_sum_to_the_buckets() {
        assert_eq!(scaled(&[1.0, 1.0, 1.0]), Some(vec![33_333, 33_333, 33_334]));
        assert_eq!(scaled(&[0.1, 0.9]), Some(vec![10_000, 90_000]));
        assert_eq!(scaled(&[500.0, 0.0, 500.0]), Some(vec![50_000, 0, 50_000]));
        assert_eq!(scaled(&[0.0, 0.0]), None);
        assert_eq!(scaled(&[2.0, -1.0]), None);
        let many = scaled(&[1.0; 7]).expect("weights");
        assert_eq!(many.iter().sum::<u32>(), BUCKETS);
    }

    #[test]
    fn attributes_are_named_as_clauses_take_them() {
        assert_eq!(dotted("id", "id"), "targetingKey");
        assert_eq!(dotted("company.plan", "id"), "/company/plan");
        assert_eq!(dotted("/odd", "id"), "/~1odd");
        assert_eq!(pointer(["org", "a/b"]), "/org/a~1b");
    }

    #[test]
    fn a_text_that_says_a_number_stands_beside_it() {
        assert_eq!(widened("42"), [json!("42"), json!(42)]);
        assert_eq!(widened("1.5"), [json!("1.5"), json!(1.5)]);
        assert_eq!(widened("042"), [json!("042")]);
        assert_eq!(widened("SE"), [json!("SE")]);
    }

    #[test]
    fn one_condition_needs_no_list() {
        let one = clause("a", Operator::In, vec![json!(1)]);
        assert_eq!(all(vec![Condition::always(), one.clone()]), one);
        assert_eq!(any(vec![one.clone()]), one);
        assert_eq!(not(not(one.clone())), one);
        assert_eq!(all(Vec::new()), Condition::always());
        assert_eq!(any(Vec::new()), Condition::never());
    }
}
