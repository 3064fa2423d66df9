//! Why there is no demo.

use peekaboo_storage::{Error, InvalidKey};

use super::story::InvalidStory;

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database refused or failed.
    #[error(transparent)]
    Storage(#[from] Error),
    /// What this binary carries is wrong.
    #[error("the demo's data is invalid: {0}")]
    Data(String),
}

impl From<InvalidKey> for DemoError {
    fn from(error: InvalidKey) -> Self {
        Self::Data(error.to_string())
    }
}

impl From<InvalidStory> for DemoError {
    fn from(error: InvalidStory) -> Self {
        Self::Data(error.to_string())
    }
}
