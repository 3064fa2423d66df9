//! Flags: what is the same in every environment.

use std::collections::BTreeMap;

use peekaboo_flags::model::Metadata;
use peekaboo_flags::{FlagType, Value};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use time::OffsetDateTime;

use super::stored_type::StoredType;
use crate::id::{FlagId, ProjectId};
use crate::key::SubjectKey;

/// A flag's definition: what is the same in every environment.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Flag {
    /// Identifies it.
    pub id: FlagId,
    /// Where it belongs.
    pub project: ProjectId,
    /// Its key, which never changes.
    pub key: SubjectKey,
    /// For people.
    pub name: String,
    /// For people.
    pub description: String,
    /// The type of every variation's value, which never changes.
    #[sqlx(rename = "type", try_from = "StoredType")]
    pub type_: FlagType,
    /// In the order that people gave them.
    #[sqlx(json)]
    pub variations: Vec<Variation>,
    /// To find it by; sorted, each once.
    #[sqlx(json)]
    pub tags: Vec<String>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What people note about it for their tools.
    #[sqlx(json)]
    pub metadata: Metadata,
    /// Seeds its splits, in every environment alike.
    pub salt: String,
    /// An archived flag is in no ruleset.
    pub archived_at: Option<OffsetDateTime>,
    /// Rises by one with every change of the definition: its entity tag.
    pub version: i64,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When its definition last changed.
    pub updated_at: OffsetDateTime,
}

/// One of the values that a flag can serve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Variation {
    /// What rules call it.
    pub key: String,
    /// What applications get.
    pub value: Value,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Flag {
    /// The variations as a ruleset has them.
    pub(crate) fn variation_map(&self) -> BTreeMap<String, Value> {
        let variations = self.variations.iter();
        variations
            .map(|variation| (variation.key.clone(), variation.value.clone()))
            .collect()
    }
}
