//! What a hub has: a document with the versions to write against.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::document::Document;

/// What a hub has in one environment, as its admin API exports it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Present {
    /// The flags and segments.
    pub document: Document,
    /// Of each flag, archived or not: the versions of its definition and of its targeting.
    pub(super) flags: BTreeMap<String, FlagVersions>,
    /// Of each segment.
    pub(super) segments: BTreeMap<String, i64>,
}

/// What a flag's changes are made against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FlagVersions {
    /// Of the definition.
    #[serde(rename = "definitionVersion")]
    pub(super) definition: i64,
    /// Of the targeting: rises with each change of the definition, too.
    #[serde(rename = "version")]
    pub(super) targeting: i64,
}

#[derive(Deserialize)]
struct SegmentVersion {
    version: i64,
}

#[derive(Deserialize)]
struct Versions {
    flags: BTreeMap<String, FlagVersions>,
    #[serde(default)]
    archived: BTreeMap<String, FlagVersions>,
    segments: BTreeMap<String, SegmentVersion>,
}

impl Present {
    /// Reads the answer of the admin API's export.
    pub fn read(text: &[u8]) -> serde_json::Result<Self> {
        let document = serde_json::from_slice(text)?;
        let Versions {
            mut flags,
            archived,
            segments,
        } = serde_json::from_slice(text)?;
        flags.extend(archived);
        let segments = segments.into_iter();
        Ok(Present {
            document,
            flags,
            segments: segments
                .map(|(key, segment)| (key, segment.version))
                .collect(),
        })
    }
}
