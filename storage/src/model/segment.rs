//! Segments: named groups of contexts, the same in every environment of a project.

use peekaboo_flags::Value;
use peekaboo_flags::model::Condition;
use sqlx::FromRow;
use time::OffsetDateTime;

use crate::id::{ProjectId, SegmentId};
use crate::key::SubjectKey;

/// A segment.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Segment {
    /// Identifies it.
    pub id: SegmentId,
    /// Where it belongs.
    pub project: ProjectId,
    /// Its key, which never changes.
    pub key: SubjectKey,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// The attribute that `included` and `excluded` list values of.
    pub attribute: String,
    /// Belong whatever else holds.
    #[sqlx(json)]
    pub included: Vec<Value>,
    /// Do not belong unless included.
    #[sqlx(json)]
    pub excluded: Vec<Value>,
    /// Decides for all others.
    #[sqlx(json, rename = "condition")]
    pub when: Condition,
    /// Rises by one with every change: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it last changed.
    pub updated_at: OffsetDateTime,
}

impl Segment {
    /// The segment as rulesets have it.
    pub(crate) fn ruleset_segment(&self) -> peekaboo_flags::Segment {
        peekaboo_flags::Segment {
            attribute: self.attribute.clone(),
            included: self.included.clone(),
            excluded: self.excluded.clone(),
            when: self.when.clone(),
            version: self.version.unsigned_abs(),
        }
    }
}
