//! Other systems' exports as documents.
//!
//! An import keeps what means the same here. What does not is named in the report, flag by flag: a note where a flag was
//! brought with a difference, an omission where it was left out. Nothing is brought that would give anybody another
//! value without the report saying so.

mod build;
mod condition;
mod flagd;
mod growthbook;
mod launchdarkly;
mod read;
mod report;
mod unleash;

use peekaboo_flags::Value;
use thiserror::Error;

use crate::document::Document;

pub use report::{Note, Omission, Report};

/// A system that flags come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Unleash: the export of its admin API, or what its client API answers.
    Unleash,
    /// LaunchDarkly: its REST API's flags and segments, or what its SDKs receive.
    LaunchDarkly,
    /// flagd: its flag definitions.
    Flagd,
    /// GrowthBook: what its SDKs receive.
    GrowthBook,
}

/// What became of an export.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// The flags and segments that were brought.
    pub document: Document,
    /// What is to be known of them, and of those that were not.
    pub report: Report,
}

/// Why there is nothing to import.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file is of another system, or of another form.
    #[error("{0}")]
    Form(String),
    /// The file has several environments.
    #[error("the file has the environments {}; name one with --source-environment", .0.join(", "))]
    Environments(Vec<String>),
}

impl Source {
    /// Turns an export, in as many files as it comes in, into flags and segments. `environment` is the source's, where
    /// an export has several.
    pub fn import(self, files: &[Value], environment: Option<&str>) -> Result<Import, ImportError> {
        match self {
            Source::Unleash => unleash::import(files, environment),
            Source::LaunchDarkly => launchdarkly::import(files, environment),
            Source::Flagd => flagd::import(files),
            Source::GrowthBook => growthbook::import(files),
        }
    }
}
