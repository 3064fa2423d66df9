//! What commands say of a key for applications.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::given::{given, rfc3339_given};
use crate::model::SdkKeyKind;

/// A key to create.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewSdkKey {
    /// Server or client.
    pub kind: SdkKeyKind,
    /// For people.
    pub name: String,
    /// Origins that a client key may be used from; empty means any. A server key has none.
    pub origins: Vec<String>,
    /// When it stops working.
    #[serde(
        default,
        with = "time::serde::rfc3339::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<OffsetDateTime>,
}

impl NewSdkKey {
    /// A key without origins or end.
    pub fn named(kind: SdkKeyKind, name: impl Into<String>) -> Self {
        NewSdkKey {
            kind,
            name: name.into(),
            origins: Vec::new(),
            expires_at: None,
        }
    }
}

/// Changes to a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SdkKeyPatch {
    /// What it is for.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub name: Option<String>,
    /// All origins.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    pub origins: Option<Vec<String>>,
    /// When it stops working; `Some(None)`, in JSON null, means never.
    #[serde(
        default,
        with = "rfc3339_given",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_at: Option<Option<OffsetDateTime>>,
}
