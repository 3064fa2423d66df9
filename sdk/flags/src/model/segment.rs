//! A named group of contexts that flags and other segments refer to.

use serde::{Deserialize, Deserializer, Serialize};

use super::{Condition, Value, integer};

/// A context belongs if its key is included; else not if it is excluded; else if `when` holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// The attribute that `included` and `excluded` list values of.
    #[serde(default = "super::value::targeting_key")]
    pub attribute: String,
    /// Belong whatever else holds; compared as by the operator `in`.
    #[serde(default)]
    pub included: Vec<Value>,
    /// Do not belong unless included.
    #[serde(default)]
    pub excluded: Vec<Value>,
    /// Decides for all others; no one when absent.
    #[serde(default = "Condition::never", deserialize_with = "never_when_null")]
    pub when: Condition,
    /// Advances with every change of this segment.
    #[serde(default, deserialize_with = "integer::u64")]
    pub version: u64,
}

impl Default for Segment {
    /// No one, by targeting key.
    fn default() -> Self {
        Segment {
            attribute: super::value::targeting_key(),
            included: Vec::new(),
            excluded: Vec::new(),
            when: Condition::never(),
            version: 0,
        }
    }
}

fn never_when_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Condition, D::Error> {
    let when = Option::<Condition>::deserialize(deserializer)?;
    Ok(when.unwrap_or_else(Condition::never))
}
