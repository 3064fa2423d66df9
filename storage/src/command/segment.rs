//! What commands say of a segment.

use peekaboo_flags::Value;
use peekaboo_flags::model::Condition;
use serde::{Deserialize, Serialize};

use super::given::given;
use crate::SubjectKey;

/// A segment to create.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSegment {
    /// Its key; it never changes.
    pub key: SubjectKey,
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

/// Members of a segment to add and to remove, list by list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SegmentMembers {
    /// Of the values that belong whatever else holds.
    #[serde(default)]
    pub included: ListChange,
    /// Of the values that do not belong unless included.
    #[serde(default)]
    pub excluded: ListChange,
}

/// Values to add to a list and to remove from it. A value that is there already is not added again, and one that is not
/// there need not be removed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListChange {
    /// To add, after those that are there.
    #[serde(default)]
    pub add: Vec<Value>,
    /// To remove.
    #[serde(default)]
    pub remove: Vec<Value>,
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
