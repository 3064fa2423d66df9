//! What can go wrong, by what the caller can do about it.

/// The crate's one error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such organisation.
    #[error("organisation not found")]
    OrganizationNotFound,
    /// The organisation has no such environment.
    #[error("environment not found")]
    EnvironmentNotFound,
    /// What was asked for is not in memory, and the database cannot be reached. Worth trying again.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The storage refused or failed; a command has not been committed.
    #[error(transparent)]
    Storage(#[from] peekaboo_storage::Error),
    /// The actor failed while it worked on this: whether a command was committed is not known.
    #[error("interrupted; look whether it was done before trying again")]
    Interrupted,
    /// An edge was asked to change something.
    #[error("an edge changes nothing; ask the hub that it follows")]
    ReadOnly,
    /// The hub is shutting down.
    #[error("the hub is shutting down")]
    ShuttingDown,
}

impl Error {
    /// Whether the same may succeed later, without anybody changing anything.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::ShuttingDown => true,
            Self::Storage(error) => matches!(error, peekaboo_storage::Error::Unavailable(_)),
            Self::OrganizationNotFound
            | Self::EnvironmentNotFound
            | Self::Interrupted
            | Self::ReadOnly => false,
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
