//! What operators compare: the kinds of value, each read in exactly one way.

pub(crate) mod network;
pub(crate) mod pattern;
pub(crate) mod timestamp;
pub(crate) mod values;
pub(crate) mod version;

use std::borrow::Cow;

use crate::model::{Operator, Value};
use values::Scalar;

/// What a clause's values must be, and its attribute as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Text,
    Pattern,
    Number,
    Instant,
    Version,
    Network,
    Nothing,
}

impl Kind {
    pub(crate) fn of(op: Operator) -> Self {
        match op {
            Operator::In => Kind::Scalar,
            Operator::StartsWith | Operator::EndsWith | Operator::Contains => Kind::Text,
            Operator::Matches => Kind::Pattern,
            Operator::Lt | Operator::Lte | Operator::Gt | Operator::Gte => Kind::Number,
            Operator::Before | Operator::After => Kind::Instant,
            Operator::SemverEq
            | Operator::SemverLt
            | Operator::SemverLte
            | Operator::SemverGt
            | Operator::SemverGte => Kind::Version,
            Operator::InCidr => Kind::Network,
            Operator::Exists => Kind::Nothing,
        }
    }

    /// Whether `ignoreCase` says anything about it.
    pub(crate) fn has_case(self) -> bool {
        matches!(self, Kind::Scalar | Kind::Text | Kind::Pattern)
    }

    /// Why a clause may not hold this value, if it may not: such a clause is false when loaded.
    pub(crate) fn refusal(self, value: &Value, ignore_case: bool) -> Option<Cow<'static, str>> {
        let expected = match (self, value) {
            (Kind::Scalar, _) if Scalar::of(value).is_some() => return None,
            (Kind::Text, Value::String(_)) | (Kind::Number, Value::Number(_)) => return None,
            (Kind::Pattern, Value::String(pattern)) => {
                let error = pattern::Pattern::compile(pattern, ignore_case).err()?;
                return Some(format!("the regular expression is not portable: {error}").into());
            }
            (Kind::Instant, _) if instant(value).is_some() => return None,
            (Kind::Version, Value::String(text)) if version::Version::parse(text).is_some() => {
                return None;
            }
            (Kind::Network, Value::String(text)) if network::Network::parse(text).is_some() => {
                return None;
            }
            (Kind::Scalar, _) => "a string, a number or a boolean",
            (Kind::Text, _) => "a string",
            (Kind::Pattern, _) => "a regular expression, as a string",
            (Kind::Number, _) => "a number",
            (Kind::Instant, _) => {
                r#"an RFC 3339 time such as "2026-01-31T09:00:00Z", or a number of epoch milliseconds"#
            }
            (Kind::Version, _) => r#"a semantic version such as "2.4.0", without a leading v"#,
            (Kind::Network, _) => {
                r#"a network such as "10.0.0.0/8" or "2001:db8::/32", or a single address"#
            }
            (Kind::Nothing, _) => "nothing: exists takes no values",
        };
        Some(format!("{} is not {expected}", brief(value)).into())
    }
}

/// Epoch milliseconds of a time written either way.
pub(crate) fn instant(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => instant_of_text(text),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of years 0 to 9999 are below 2^53"
)]
pub(crate) fn instant_of_text(text: &str) -> Option<f64> {
    timestamp::parse(text).map(|millis| millis as f64)
}

/// A value as JSON, cut where it is long.
pub(crate) fn brief(value: &Value) -> String {
    const CHARS: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
