//! The requests that make a change.

use peekaboo_flags::FlagType;
use peekaboo_flags::model::Metadata;
use serde::Serialize;

use crate::document::{SegmentDocument, Targeting, Variation};
use crate::subject::Subject;

/// One request of the admin API.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Whom it concerns.
    pub subject: Subject,
    /// What to do.
    pub kind: StepKind,
}

/// A request to the admin API. Versions are for `If-Match`.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Makes a flag, disabled everywhere.
    CreateFlag(NewDefinition),
    /// Changes a flag's definition.
    UpdateFlag {
        /// What changes.
        patch: DefinitionPatch,
        /// The definition's version.
        version: i64,
    },
    /// Replaces a flag's targeting in the environment.
    ReplaceTargeting {
        /// Who gets what.
        targeting: Targeting,
        /// The targeting's version.
        version: i64,
    },
    /// Deletes a flag everywhere.
    DeleteFlag {
        /// The definition's version.
        version: i64,
    },
    /// Makes a segment.
    CreateSegment(SegmentDocument),
    /// Replaces a segment.
    ReplaceSegment {
        /// What it should be.
        segment: SegmentDocument,
        /// The segment's version.
        version: i64,
    },
    /// Deletes a segment.
    DeleteSegment {
        /// The segment's version.
        version: i64,
    },
}

/// A flag to make, as the admin API takes it next to its key.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewDefinition {
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// Of what type its values are.
    #[serde(rename = "type")]
    pub type_: FlagType,
    /// What it can serve.
    pub variations: Vec<Variation>,
    /// To find it by.
    pub tags: Vec<String>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What people note about it for their tools.
    pub metadata: Metadata,
    /// Seeds its splits; none leaves it to the hub.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub salt: Option<String>,
}

/// Changes of a flag's definition, as the admin API takes them.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefinitionPatch {
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// All variations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variations: Option<Vec<Variation>>,
    /// All tags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Vec<String>>,
    /// Whether client keys see its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_visible: Option<bool>,
    /// Whether evaluations are reported as exposures.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track: Option<bool>,
    /// All that people note about it for their tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// Whether it is kept from applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
}
