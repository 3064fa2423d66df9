//! What is to be known of an import.

use serde::Serialize;

use crate::subject::Subject;

/// What is to be known of an import, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Flags and segments that were imported with a difference.
    pub notes: Vec<Note>,
    /// What was left out.
    pub omissions: Vec<Omission>,
    /// What has another key here than at the source.
    pub renamed: Vec<Renaming>,
    /// What concerns no flag of its own.
    pub remarks: Vec<String>,
}

/// A flag or segment that was imported with a difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Note {
    /// What.
    #[serde(flatten)]
    pub subject: Subject,
    /// How it differs, and what to do about it.
    pub message: String,
}

/// Something that has another key here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Renaming {
    /// What, by its key at the source.
    #[serde(flatten)]
    pub subject: Subject,
    /// Its key here.
    pub to: String,
    /// Whether the hub has it under this key from an import of an earlier release; otherwise the source's key cannot be
    /// one here.
    pub earlier: bool,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Omission {
    /// What, by its key at the source.
    #[serde(flatten)]
    pub subject: Subject,
    /// What cannot be expressed, and why.
    pub reason: String,
}
