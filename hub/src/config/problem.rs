//! What is wrong with one setting.

use std::fmt::Display;

use super::source::Source;

/// What is wrong with one setting, and how to fix it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The setting, or the name that is none.
    pub field: String,
    /// Who gave it.
    pub source: Source,
    /// What is wrong with it and what would be right.
    pub detail: String,
}

impl Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} (from {})", self.field, self.detail, self.source)
    }
}
