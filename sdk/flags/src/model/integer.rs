//! Whole numbers as every language reads them: `7` and `7.0` are one number, in JSON and in MessagePack alike.

use std::fmt;

use serde::Deserializer;
use serde::de::{self, Visitor};

/// The largest integer that a double holds exactly, along with all below it: 2^53 - 1. However a larger one is written,
/// languages with one type of number cannot tell it from its neighbors.
pub(crate) const MAX_SAFE: u64 = (1 << 53) - 1;

struct Whole {
    max: u64,
}

impl Visitor<'_> for Whole {
    type Value = u64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from 0 to {}", self.max)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
        if number > self.max {
            return Err(E::invalid_value(de::Unexpected::Unsigned(number), &self));
        }
        Ok(number)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<u64, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(number), &self)),
        }
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<u64, E> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "guarded: a whole number within the exact range of a double"
        )]
        if number.fract() == 0.0 && (0.0..=MAX_SAFE as f64).contains(&number) {
            return self.visit_u64(number as u64);
        }
        Err(E::invalid_value(de::Unexpected::Float(number), &self))
    }
}

pub(crate) fn u64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    deserializer.deserialize_any(Whole { max: MAX_SAFE })
}

pub(crate) fn u32<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let number = deserializer.deserialize_any(Whole {
        max: u64::from(u32::MAX),
    })?;
    u32::try_from(number).map_err(de::Error::custom)
}
