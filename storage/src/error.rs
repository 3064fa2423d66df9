//! What can go wrong, by what the caller can do about it.

use std::error::Error as StdError;
use std::fmt;

use peekaboo_policy::Refusal;
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::keyring::KeyringError;
use crate::model::Outcome;
use crate::text_enum::text_enum;
use crate::{Key, SubjectKey};

/// The crate's one error. That a read found nothing is not one: it answers `None`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// What the write is about, or a thing on the way to it, does not exist.
    #[error("{what} not found")]
    NotFound {
        /// The kind of thing.
        what: Entity,
    },
    /// The key is taken.
    #[error("{what} `{key}` already exists")]
    AlreadyExists {
        /// The kind of thing.
        what: Entity,
        /// Its key, email or the like.
        key: String,
    },
    /// The caller expected another version than is there: somebody was faster.
    #[error("the version is not the expected one")]
    VersionConflict {
        /// What is there now.
        current: Box<Current>,
    },
    /// What was written makes no sense; every reason at once.
    #[error("invalid: {}", Joined(.0))]
    Invalid(Vec<Problem>),
    /// Others depend on what would go.
    #[error("in use by {} other(s)", .0.len())]
    InUse(Vec<Dependent>),
    /// A configured limit is reached.
    #[error("at most {max} {limit}")]
    LimitExceeded {
        /// What is counted, as the configuration calls it.
        limit: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// An idempotency key was used before, for something else.
    #[error("the idempotency key was used for another request")]
    IdempotencyKeyReused,
    /// The answer to a request with an idempotency key could not be kept, so nothing was committed.
    #[error("the answer cannot be kept: {0}")]
    Unanswerable(#[source] BoxError),
    /// A stored command is of a format that this version does not read.
    #[error("unreadable command: {0}")]
    UnreadableCommand(String),
    /// The policy does not allow it. Says why, in words for the person who asked.
    #[error("{0}")]
    Denied(String),
    /// The hub's secret key is missing, or another one.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The organization would be left without an owner.
    #[error("an organization keeps at least one owner")]
    LastOwner,
    /// A role is granted, so it cannot be deleted.
    #[error("the role is granted {0} times; revoke these grants first")]
    RoleInUse(usize),
    /// Whoever makes the change may not.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database cannot be reached, or did not answer in time. Worth trying again.
    #[error("the database is unavailable: {0}")]
    Unavailable(#[source] BoxError),
    /// The database is there and did not finish in the time that a statement may take, waiting for locks included.
    /// Nothing of the statement's transaction took effect. Worth trying again.
    #[error("the database took too long: {0}")]
    TimedOut(#[source] BoxError),
    /// The database answers but has no room: its disk is full, or its file may not grow. Nothing was committed. Worth
    /// trying again once there is room; no restart is needed.
    #[error("the database has no room left: {0}")]
    Full(#[source] BoxError),
    /// The database answers and takes no writes: its file, its disk or its server is read-only. Nothing was committed.
    #[error("the database is read-only: {0}")]
    ReadOnly(#[source] BoxError),
    /// The database holds what this version of the software cannot read, or refused what it should have taken.
    #[error("the database holds or refused something unexpected: {0}")]
    Corrupt(#[source] BoxError),
}

impl Error {
    /// Whether the same may succeed later, without anybody changing anything.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            Error::Unavailable(_) | Error::TimedOut(_) | Error::Full(_) | Error::ReadOnly(_)
        )
    }

    /// Whether the database refused what was to be written, and always will: a number is too large for its column, or a
    /// constraint does not hold.
    pub fn refuses_data(&self) -> bool {
        let Error::Corrupt(source) = self else {
            return false;
        };
        let Some(sqlx::Error::Database(error)) = source.downcast_ref::<sqlx::Error>() else {
            return false;
        };
        error.code().is_some_and(|code| {
            if error.try_downcast_ref::<PgDatabaseError>().is_some() {
                code.starts_with("22") || code.starts_with("23")
            } else {
                // The low byte: TOOBIG, CONSTRAINT, MISMATCH.
                [18, 19, 20].contains(&(code.parse::<i32>().unwrap_or(0) & 0xff))
            }
        })
    }
}

/// An error of any kind underneath.
pub type BoxError = Box<dyn StdError + Send + Sync>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_timeout(&error) {
            Error::TimedOut(error.into())
        } else if is_disk_full(&error) {
            Error::Full(error.into())
        } else if is_read_only(&error) {
            Error::ReadOnly(error.into())
        } else if is_away(&error) {
            Error::Unavailable(error.into())
        } else {
            Error::Corrupt(error.into())
        }
    }
}

/// Whether the database answers, and needed longer for a statement than it may.
fn is_timeout(error: &sqlx::Error) -> bool {
    match error {
        // Nothing else makes these: the `Any` driver is not used.
        sqlx::Error::AnyDriverError(error) => error.is::<Overrun>(),
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            if error.try_downcast_ref::<PgDatabaseError>().is_some() {
                code == "57014"
            } else {
                // The low byte: BUSY, after waiting for another process's lock.
                code.parse::<i32>().unwrap_or(0) & 0xff == 5
            }
        }),
        _ => false,
    }
}

/// A statement, or the wait for SQLite's one writer, took longer than it may.
#[derive(Debug, thiserror::Error)]
#[error("a statement took longer than it may, or waited too long for those before it")]
pub(crate) struct Overrun;

/// What a timeout on this side means for SQLite, which is in this process and cannot be away.
pub(crate) fn overrun(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::AnyDriverError(Overrun.into()),
        sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::TimedOut => {
            sqlx::Error::AnyDriverError(Overrun.into())
        }
        other => other,
    }
}

/// Whether a database that answers has no room for a write.
pub(crate) fn is_disk_full(error: &sqlx::Error) -> bool {
    has_code(error, "53100", 13)
}

/// Whether a database that answers takes no writes.
pub(crate) fn is_read_only(error: &sqlx::Error) -> bool {
    has_code(error, "25006", 8)
}

/// Whether it is the database that refused, with PostgreSQL's code or with one whose low byte is SQLite's.
fn has_code(error: &sqlx::Error, postgres: &str, sqlite: i32) -> bool {
    let sqlx::Error::Database(error) = error else {
        return false;
    };
    error.code().is_some_and(|code| {
        if error.try_downcast_ref::<PgDatabaseError>().is_some() {
            code == postgres
        } else {
            code.parse::<i32>().unwrap_or(0) & 0xff == sqlite
        }
    })
}

/// Whether no connection could be had in time, or a server fell silent: the next call would wait as long.
pub(crate) fn is_unreachable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::TimedOut,
        _ => false,
    }
}

/// Whether the database cannot be reached, or will not answer for now.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        sqlx::Error::Database(error) => {
            let code = error.code();
            code.is_some_and(|code| {
                if let Some(error) = error.try_downcast_ref::<PgDatabaseError>() {
                    // What ended the connection; resources, the operator's intervention; a deadlock, a lock.
                    matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic)
                        || ["53", "57"].iter().any(|class| code.starts_with(class))
                        || ["40001", "40P01", "55P03"].contains(&code.as_ref())
                } else {
                    // The low byte: LOCKED, IOERR, CANTOPEN.
                    let primary = code.parse::<i32>().unwrap_or(0) & 0xff;
                    [6, 10, 14].contains(&primary)
                }
            })
        }
        _ => false,
    }
}

/// Names what a unique constraint refused.
pub(crate) trait OrTaken<T> {
    /// Turns the violation of a unique constraint into [`Error::AlreadyExists`].
    fn or_taken(self, what: Entity, key: impl fmt::Display) -> Result<T>;
}

impl<T> OrTaken<T> for sqlx::Result<T> {
    fn or_taken(self, what: Entity, key: impl fmt::Display) -> Result<T> {
        self.map_err(|error| match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                let key = key.to_string();
                Error::AlreadyExists { what, key }
            }
            _ => error.into(),
        })
    }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

text_enum! {
    /// The kinds of things stored, as messages call them.
    pub enum Entity {
        /// An organisation.
        Organization = "organization",
        /// A person.
        User = "user",
        /// A person's place in an organisation.
        Member = "member",
        /// A project.
        Project = "project",
        /// An environment.
        Environment = "environment",
        /// A key that applications connect with.
        SdkKey = "key",
        /// A machine's token.
        ApiToken = "token",
        /// A role that an organization made.
        Role = "role",
        /// A team.
        Team = "team",
        /// Somebody's place in a team.
        TeamMember = "team member",
        /// A machine's account.
        ServiceAccount = "service account",
        /// A role on a scope, for somebody.
        Grant = "grant",
        /// A flag.
        Flag = "flag",
        /// A segment.
        Segment = "segment",
        /// An entry of the audit log.
        AuditEntry = "audit entry",
        /// A first-run setup code.
        SetupCode = "setup code",
        /// Work that is queued.
        Task = "task",
        /// An invitation to an organization.
        Invitation = "invitation",
        /// A link that changes an account.
        AccountLink = "link",
        /// A session of a person.
        Session = "session",
        /// A person at an identity provider.
        Identity = "identity",
        /// A person's second factor.
        SecondFactor = "second factor",
    }
}

/// The state that a version conflict reports.
#[derive(Clone, Debug, PartialEq)]
pub enum Current {
    /// Of what a command is about.
    Outcome(Outcome),
    /// Of an organization.
    Organization(crate::Organization),
    /// Of a role.
    Role(crate::CustomRole),
    /// Of a team.
    Team(crate::Team),
    /// Of a service account.
    ServiceAccount(crate::ServiceAccount),
}

/// One reason why something is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where, as a JSON Pointer into what was written: `/rules/0/serve`.
    pub pointer: String,
    /// A word for machines, such as `unknown_variation`.
    pub code: String,
    /// A sentence that says what is wrong and how to mend it.
    pub detail: String,
}

impl Problem {
    pub(crate) fn new(
        pointer: impl Into<String>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Problem {
            pointer: pointer.into(),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }
}

impl From<peekaboo_flags::Problem> for Problem {
    fn from(problem: peekaboo_flags::Problem) -> Self {
        Problem::new(problem.pointer, problem.code, problem.message)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.detail)
    }
}

struct Joined<'a>(&'a [Problem]);

impl fmt::Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{problem}")?;
        }
        Ok(())
    }
}

text_enum! {
    /// What depends on a flag or a segment.
    pub enum DependentKind {
        /// A flag's targeting.
        Flag = "flag",
        /// A segment.
        Segment = "segment",
    }
}

/// Something that refers to a flag or a segment, which therefore cannot go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependent {
    /// A flag or a segment.
    pub kind: DependentKind,
    /// Its key.
    pub key: SubjectKey,
    /// Where a flag refers to it; segments are the same everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<Key>,
    /// The place, as a JSON Pointer into the targeting or segment.
    #[serde(rename = "where")]
    pub pointer: String,
}
