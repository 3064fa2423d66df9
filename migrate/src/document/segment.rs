//! A segment of a document.

use peekaboo_flags::{Segment, Value, model::Condition};
use serde::{Deserialize, Serialize};

/// A segment: the same in every environment of a project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentDocument {
    /// For people; none leaves it as it is, and to a new segment gives its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people; none leaves it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The attribute that `included` and `excluded` list values of.
    #[serde(default = "targeting_key")]
    pub attribute: String,
    /// Belong whatever else holds.
    #[serde(default)]
    pub included: Vec<Value>,
    /// Do not belong unless included.
    #[serde(default)]
    pub excluded: Vec<Value>,
    /// Decides for all others; no one when absent.
    #[serde(default = "Condition::never")]
    pub when: Condition,
}

impl SegmentDocument {
    /// The segment as rulesets have it.
    pub fn ruleset_segment(&self) -> Segment {
        Segment {
            attribute: self.attribute.clone(),
            included: self.included.clone(),
            excluded: self.excluded.clone(),
            when: self.when.clone(),
            version: 0,
        }
    }
}

impl Default for SegmentDocument {
    /// No one, by targeting key.
    fn default() -> Self {
        SegmentDocument {
            name: None,
            description: None,
            attribute: targeting_key(),
            included: Vec::new(),
            excluded: Vec::new(),
            when: Condition::never(),
        }
    }
}

fn targeting_key() -> String {
    peekaboo_flags::model::TARGETING_KEY.to_owned()
}
