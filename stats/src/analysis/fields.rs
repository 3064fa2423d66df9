//! Reads the fields of an object, and names the one that is wrong.

use serde_json::{Map, Value};

use super::Error;
use crate::Result;

/// Numbers above have no exact count in JSON.
const MOST_UNITS: f64 = 9_007_199_254_740_992.0;

/// An object of a question, and what was read of it.
pub(super) struct Fields<'v> {
    path: String,
    object: &'v Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'v> Fields<'v> {
    /// The object at `path`; the question itself is at the empty path.
    pub(super) fn of(value: &'v Value, path: &str) -> Result<Self> {
        let Value::Object(object) = value else {
            let field = if path.is_empty() { "question" } else { path };
            return Err(wrong(field, &format!("must be an object, not {value}")));
        };
        Ok(Self {
            path: path.to_owned(),
            object,
            known: Vec::new(),
        })
    }

    /// An error about one field.
    pub(super) fn wrong(&self, name: &str, problem: &str) -> Error {
        wrong(&self.full(name), problem)
    }

    /// Where a field is, for those in it.
    pub(super) fn full(&self, name: &str) -> String {
        if self.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.path)
        }
    }

    /// A field's value; `null` counts as absent.
    pub(super) fn optional(&mut self, name: &'static str) -> Option<&'v Value> {
        self.known.push(name);
        self.object.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn required(&mut self, name: &'static str) -> Result<&'v Value> {
        self.optional(name)
            .ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(super) fn optional_number(&mut self, name: &'static str) -> Result<Option<f64>> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        let number = value.as_f64().filter(|number| number.is_finite());
        match number {
            Some(number) => Ok(Some(number)),
            None => Err(self.wrong(name, &format!("must be a number, not {value}"))),
        }
    }

    pub(super) fn number(&mut self, name: &'static str) -> Result<f64> {
        self.optional_number(name)?
            .ok_or_else(|| self.wrong(name, "is missing"))
    }

    /// A whole number from 0 on.
    pub(super) fn optional_count(&mut self, name: &'static str) -> Result<Option<u64>> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        match count(value) {
            Some(count) => Ok(Some(count)),
            None => Err(self.wrong(
                name,
                &format!("must be a whole number from 0 on, not {value}"),
            )),
        }
    }

    pub(super) fn count(&mut self, name: &'static str) -> Result<u64> {
        self.optional_count(name)?
            .ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(super) fn optional_text(&mut self, name: &'static str) -> Result<Option<&'v str>> {
        let Some(value) = self.optional(name) else {
            return Ok(None);
        };
        match value.as_str() {
            Some(text) => Ok(Some(text)),
            None => Err(self.wrong(name, &format!("must be a string, not {value}"))),
        }
    }

    pub(super) fn text(&mut self, name: &'static str) -> Result<&'v str> {
        self.optional_text(name)?
            .ok_or_else(|| self.wrong(name, "is missing"))
    }

    pub(super) fn flag(&mut self, name: &'static str, default: bool) -> Result<bool> {
        let Some(value) = self.optional(name) else {
            return Ok(default);
        };
        value
            .as_bool()
            .ok_or_else(|| self.wrong(name, &format!("must be true or false, not {value}")))
    }

    pub(super) fn list(&mut self, name: &'static str) -> Result<&'v [Value]> {
        let value = self.required(name)?;
        match value {
            Value::Array(values) => Ok(values),
            _ => Err(self.wrong(name, &format!("must be a list, not {value}"))),
        }
    }

    /// One of several words.
    pub(super) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&str, T)],
        default: Option<T>,
    ) -> Result<T> {
        let words = || {
            let words: Vec<_> = choices
                .iter()
                .map(|(word, _)| format!("\"{word}\""))
                .collect();
            words.join(", ")
        };
        let Some(text) = self.optional_text(name)? else {
            return default
                .ok_or_else(|| self.wrong(name, &format!("is missing; it is one of {}", words())));
        };
        let found = choices.iter().find(|(word, _)| *word == text);
        found
            .map(|(_, choice)| *choice)
            .ok_or_else(|| self.wrong(name, &format!("must be one of {}, not {text:?}", words())))
    }

    /// Refuses what was not asked for, so that a misspelled field is not passed over.
    pub(super) fn finish(self) -> Result<()> {
        let unknown = self
            .object
            .keys()
            .find(|name| !self.known.contains(&name.as_str()));
        match unknown {
            Some(name) => Err(self.wrong(name, "is not a known field")),
            None => Ok(()),
        }
    }
}

/// A whole number from 0 on, also where it is written as 3407.0.
pub(super) fn count(value: &Value) -> Option<u64> {
    let number = value.as_f64()?;
    let is_count = (0.0..=MOST_UNITS).contains(&number) && number.fract() == 0.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number in range"
    )]
    is_count.then_some(number as u64)
}

pub(super) fn wrong(field: &str, problem: &str) -> Error {
    Error::Field {
        field: field.to_owned(),
        problem: problem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal<T: std::fmt::Debug>(read: impl FnOnce(&mut Fields<'_>) -> Result<T>) -> String {
        let value = json!({"units": 1.5, "name": 7, "side": "up", "arms": {}, "none": null});
        let mut fields = Fields::of(&value, "arms[1]").expect("an object");
        read(&mut fields).expect_err("a refusal").to_string()
    }

    #[test]
    fn errors_name_the_field_the_value_and_the_fix() {
        assert_eq!(
            refusal(|fields| fields.count("units")),
            "arms[1].units: must be a whole number from 0 on, not 1.5"
        );
        assert_eq!(
            refusal(|fields| fields.text("name").map(str::len)),
            "arms[1].name: must be a string, not 7"
        );
        assert_eq!(
            refusal(|fields| fields.number("sum")),
            "arms[1].sum: is missing"
        );
        assert_eq!(
            refusal(|fields| fields.number("none")),
            "arms[1].none: is missing"
        );
        assert_eq!(
            refusal(|fields| fields.list("arms").map(<[_]>::len)),
            "arms[1].arms: must be a list, not {}"
        );
        assert_eq!(
            refusal(|fields| fields.choice("side", &[("two", 2), ("less", 1)], None)),
            "arms[1].side: must be one of \"two\", \"less\", not \"up\""
        );
        assert_eq!(
            refusal(|fields| fields.choice("method", &[("fixed", 1)], None)),
            "arms[1].method: is missing; it is one of \"fixed\""
        );
    }

    #[test]
    fn an_unused_field_is_refused() {
        let value = json!({"units": 3, "unit": 4});
        let mut fields = Fields::of(&value, "").expect("an object");
        assert_eq!(fields.count("units"), Ok(3));
        let refusal = fields.finish().expect_err("a refusal").to_string();
        assert_eq!(refusal, "unit: is not a known field");
    }

    #[test]
    fn counts_may_be_written_with_a_point() {
        assert_eq!(count(&json!(3407.0)), Some(3407));
        assert_eq!(count(&json!(-1)), None);
        assert_eq!(count(&json!(1e300)), None);
    }
}
