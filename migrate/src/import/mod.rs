//! Other systems' exports as documents.
//!
//! An import keeps what means the same here. The report names everything else, flag by flag: a note for a flag that was
//! imported with a difference, an omission for a flag that was skipped. No import changes anyone's value without a note.

mod build;
mod condition;
mod flagd;
mod growthbook;
mod keys;
mod launchdarkly;
mod outcome;
mod read;
mod report;
mod unleash;

use peekaboo_flags::Value;

use crate::document::Document;

pub use outcome::{Import, ImportError};
pub use report::{Note, Omission, Renaming, Report};

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

impl Source {
    /// Turns an export, in as many files as it comes in, into flags and segments. `environment` is the source's, where
    /// an export has several. `present` is what the hub has, where one is asked: flags that an earlier release renamed
    /// keep the keys that they got then.
    pub fn import(
        self,
        files: &[Value],
        environment: Option<&str>,
        present: Option<&Document>,
    ) -> Result<Import, ImportError> {
        match self {
            Source::Unleash => unleash::import(files, environment, present),
            Source::LaunchDarkly => launchdarkly::import(files, environment, present),
            Source::Flagd => flagd::import(files, present),
            Source::GrowthBook => growthbook::import(files, present),
        }
    }
}
