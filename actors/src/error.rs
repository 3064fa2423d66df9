//! What can go wrong, by what the caller can do about it.

/// The crate's one error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such organization.
    #[error("organization not found")]
    OrganizationNotFound,
    /// The organization has no such environment.
    #[error("environment not found")]
    EnvironmentNotFound,
    /// What was asked for is not in memory, and the database cannot be reached. Worth trying again.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The storage refused or failed. A command has not been committed, except that
    /// [`peekaboo_storage::Error::Unavailable`] leaves that open.
    #[error(transparent)]
    Storage(#[from] peekaboo_storage::Error),
    /// The actor failed while it worked on this: whether a command was committed is not known.
    #[error("interrupted; check whether it took effect before you retry")]
    Interrupted,
    /// An edge was asked to change something.
    #[error("an edge cannot make changes; send them to its hub")]
    ReadOnly,
    /// The hub is shutting down.
    #[error("the hub is shutting down")]
    ShuttingDown,
}

impl Error {
    /// The same for another caller who waited for the same thing.
    pub(crate) fn for_another(&self) -> Self {
        match self {
            Self::OrganizationNotFound => Self::OrganizationNotFound,
            Self::EnvironmentNotFound => Self::EnvironmentNotFound,
            Self::Interrupted => Self::Interrupted,
            Self::ShuttingDown => Self::ShuttingDown,
            Self::ReadOnly => Self::ReadOnly,
            Self::Unavailable(reason) => Self::Unavailable(reason.clone()),
            Self::Storage(error) => Self::Unavailable(error.to_string()),
        }
    }

    /// Whether one of several items that were written together may have caused the error, so that the others can be retried
    /// without it.
    pub(crate) fn may_concern_one_of_many(&self) -> bool {
        match self {
            Self::Storage(error) => {
                error.refuses_data() || matches!(error, peekaboo_storage::Error::TimedOut(_))
            }
            _ => false,
        }
    }

    /// Whether the storage will never take what was written.
    pub(crate) fn refuses_data(&self) -> bool {
        matches!(self, Self::Storage(error) if error.refuses_data())
    }

    /// Whether the same may succeed later, without anyone changing anything.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::ShuttingDown => true,
            Self::Storage(error) => error.is_temporary(),
            Self::OrganizationNotFound
            | Self::EnvironmentNotFound
            | Self::Interrupted
            | Self::ReadOnly => false,
        }
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;
