//! Converts a flag's value to the requested type.

use peekaboo_flags::describe_json_error;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

/// Why a value does not have the requested type.
pub(crate) type Mismatch = String;

/// Reads a value as any type that can be deserialized from JSON.
pub(crate) fn read<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    let error = match T::deserialize(value) {
        Ok(read) => return Ok(read),
        Err(error) => error,
    };
    // A flag's numbers are doubles, however they were written: 3.0 can be read as the whole number 3.
    let whole = whole(value).map(|whole| T::deserialize(Value::Number(whole)));
    whole
        .and_then(Result::ok)
        .ok_or_else(|| describe_json_error(&error))
}

pub(crate) fn boolean(value: &Value) -> Result<bool, Mismatch> {
    value.as_bool().ok_or_else(|| not("a boolean", value))
}

pub(crate) fn number(value: &Value) -> Result<f64, Mismatch> {
    value.as_f64().ok_or_else(|| not("a number", value))
}

pub(crate) fn string(value: &Value) -> Result<String, Mismatch> {
    let text = value.as_str().ok_or_else(|| not("a string", value))?;
    Ok(text.to_owned())
}

/// Reads an object, or a list, as the caller's type.
pub(crate) fn object<T: DeserializeOwned>(value: &Value) -> Result<T, Mismatch> {
    if value.is_object() || value.is_array() {
        T::deserialize(value).map_err(|error| describe_json_error(&error))
    } else {
        Err(not("an object", value))
    }
}

fn not(wanted: &str, value: &Value) -> Mismatch {
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("expected {wanted}, found {found}")
}

/// The whole number equal to a double, if a double can represent its neighbors too.
fn whole(value: &Value) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let number = value.as_f64()?;
    if number.fract() != 0.0 || number.abs() >= EXACT {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and within what both types hold"
    )]
    Some(Number::from(number as i64))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Theme {
        Dawn,
        Fjord,
    }

    #[test]
    fn values_are_read_as_what_they_are_and_as_nothing_else() {
        assert_eq!(read::<bool>(&json!(true)), Ok(true));
        assert!(read::<bool>(&json!("true")).is_err());
        assert!(read::<String>(&json!(1)).is_err());
        assert_eq!(read::<Theme>(&json!("fjord")), Ok(Theme::Fjord));
        assert!(read::<Theme>(&json!("dusk")).is_err());
        assert_eq!(read::<Vec<u8>>(&json!([1, 2])), Ok(vec![1, 2]));
        assert_eq!(number(&json!(3)), Ok(3.0));
        assert_eq!(
            string(&json!(3)),
            Err("expected a string, found a number".to_owned())
        );
        assert!(object::<bool>(&json!(true)).is_err());
    }

    #[test]
    fn a_whole_number_is_one_however_it_was_written() {
        assert_eq!(read::<u32>(&json!(3.0)), Ok(3));
        assert_eq!(read::<i64>(&json!(-3.0)), Ok(-3));
        assert_eq!(read::<f64>(&json!(3)), Ok(3.0));
        assert!(read::<u32>(&json!(3.5)).is_err());
        assert!(read::<u8>(&json!(256.0)).is_err());
        assert!(read::<i64>(&json!(1e300)).is_err());
    }
}
