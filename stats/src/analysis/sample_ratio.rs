//! The question whether units reached the arms as planned.

use serde_json::Value;

use super::{
    answer::SampleRatioAnswer,
    fields::{Fields, count, wrong},
};
use crate::{Result, chi_square, sequential_p_value};

type Test = fn(&[u64], &[f64]) -> Result<f64>;

pub(super) fn answer(mut fields: Fields<'_>) -> Result<SampleRatioAnswer> {
    let tests = [
        ("sequential", sequential_p_value as Test),
        ("fixed", chi_square as Test),
    ];
    let test = fields.choice("method", &tests, Some(tests[0].1))?;
    let observed = numbers(&mut fields, "observed", "a whole number from 0 on", count)?;
    let expected = numbers(&mut fields, "expected", "a number from 0 on", |value| {
        value
            .as_f64()
            .filter(|&weight| weight >= 0.0 && weight.is_finite())
    })?;
    let path = fields.full("expected");
    fields.finish()?;
    let p_value = test(&observed, &expected).map_err(|error| wrong(&path, &error.to_string()))?;
    Ok(SampleRatioAnswer { p_value })
}

fn numbers<T>(
    fields: &mut Fields<'_>,
    name: &'static str,
    range: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>> {
    let path = fields.full(name);
    let values = fields.list(name)?.iter().enumerate();
    values
        .map(|(index, value)| {
            read(value).ok_or_else(|| {
                wrong(
                    &format!("{path}[{index}]"),
                    &format!("must be {range}, not {value}"),
                )
            })
        })
        .collect()
}
