//! What commands say of a segment.

use peekaboo_flags::Value;
use peekaboo_flags::model::Condition;
use serde::{Deserialize, Serialize};

use super::given::given;
use crate::Key;

/// A segment to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSegment {
    /// Its key; it never changes.
    pub key: Key,
    /// Its display name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The attribute that `included` and `excluded` list values of.
    pub attribute: String,
    /// Always in the segment.
    pub included: Vec<Value>,
    /// Not in the segment, unless included.
    pub excluded: Vec<Value>,
    /// Decides for everyone else.
    pub when: Condition,
}

/// Changes to a segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentPatch {
    /// Its display name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// What it is about.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub description: Option<String>,
    /// The attribute that `included` and `excluded` list values of.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub attribute: Option<String>,
    /// All included values.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub included: Option<Vec<Value>>,
    /// All excluded values.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub excluded: Option<Vec<Value>>,
    /// Decides for everyone else.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub when: Option<Condition>,
}
