//! Why work was not done, by whether trying again helps.

use peekaboo_storage::BoxError;

/// The crate's one error.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It may succeed later: it is retried with growing pauses, and dead after the last attempt.
    #[error(transparent)]
    Temporary(BoxError),
    /// It never will: it is dead at once.
    #[error(transparent)]
    Permanent(BoxError),
}

impl From<peekaboo_storage::Error> for Failure {
    fn from(error: peekaboo_storage::Error) -> Self {
        Self::Temporary(error.into())
    }
}
