//! What an import returns.

use thiserror::Error;

use super::report::Report;
use crate::document::Document;

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
    #[error("the file has the environments {}; choose one with --source-environment", .0.join(", "))]
    Environments(Vec<String>),
}
