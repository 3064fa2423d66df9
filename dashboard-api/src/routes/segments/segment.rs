//! A segment as this API shows it.

use peekaboo_storage::Outcome;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::http::{Page, Tagged};
use crate::model::Condition;
use crate::problem::Problem;

/// A segment: a key belongs if it is included; else not if it is excluded; else if `when` holds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Segment {
    /// Its id.
    pub id: Uuid,
    /// Its key in conditions and URLs; never changes.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    pub description: String,
    /// The attribute of which `included` and `excluded` list values.
    pub attribute: String,
    /// Keys that belong whatever else holds.
    pub included: Vec<Value>,
    /// Keys that do not belong unless included.
    pub excluded: Vec<Value>,
    /// Decides for all others.
    pub when: Condition,
    /// Rises with each change; also the `ETag`.
    pub version: i64,
    /// When it was made.
    #[serde(rename = "createdAt", with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it last changed.
    #[serde(rename = "updatedAt", with = "time::serde::rfc3339")]
    pub updated_at: OffsetDateTime,
}

/// A page of segments.
pub(crate) type SegmentPage = Page<Segment>;

/// A whole segment, to replace what is there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Beta testers", "included": ["user-1"], "excluded": [],
    "when": {"attribute": "email", "op": "endsWith", "values": ["@example.com"]}
}))]
pub(crate) struct ReplaceSegment {
    /// Its name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is about.
    #[serde(default)]
    #[schema(max_length = 5000)]
    pub description: String,
    /// The attribute of which `included` and `excluded` list values.
    #[serde(default = "crate::model::targeting_key")]
    #[schema(default = "targetingKey")]
    pub attribute: String,
    /// Keys that belong whatever else holds.
    #[serde(default)]
    pub included: Vec<Value>,
    /// Keys that do not belong unless included.
    #[serde(default)]
    pub excluded: Vec<Value>,
    /// Decides for all others; nobody where it is left out.
    #[serde(default = "crate::model::nobody")]
    pub when: Condition,
}

impl From<peekaboo_storage::Segment> for Segment {
    fn from(segment: peekaboo_storage::Segment) -> Self {
        Self {
            id: segment.id.as_uuid(),
            key: segment.key.into(),
            name: segment.name,
            description: segment.description,
            attribute: segment.attribute,
            included: segment.included,
            excluded: segment.excluded,
            when: segment.when.into(),
            version: segment.version,
            created_at: segment.created_at,
            updated_at: segment.updated_at,
        }
    }
}

impl Segment {
    /// The segment that a command answered.
    pub(super) fn of(outcome: Outcome) -> Result<Self, Problem> {
        let segment = outcome.segment().map(Segment::from);
        segment.ok_or_else(|| Problem::unexpected("a command on a segment"))
    }

    pub(super) fn tagged(self) -> Tagged<Self> {
        Tagged::ok(self.version, self)
    }
}
