//! The one place that maps the errors below to problem documents.

use peekaboo_storage::{
    Current, DependentKind, Entity, Error as StorageError, KeyringError, Outcome,
};
use serde_json::Value;

use crate::problem::{self, Dependent, FieldProblem, Limit, Problem};
use crate::{model, routes};

/// After how many seconds it is worth asking again while the database is away.
const RETRY_DATABASE: u64 = 2;

/// After how many seconds somebody may have made room.
const RETRY_FULL: u64 = 30;

/// After how many seconds another node, or this one started anew, will answer.
const RETRY_SHUTDOWN: u64 = 1;

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound { what } => Self::not_found(what.as_str()),
            StorageError::AlreadyExists { what, key } => Self::already_exists(what.as_str(), &key),
            StorageError::VersionConflict { current } => Self::version_conflict(&state(*current)),
            StorageError::Invalid(problems) => {
                Self::invalid(problems.into_iter().map(FieldProblem::from).collect())
            }
            StorageError::InUse(dependents) => {
                Self::in_use(dependents.into_iter().map(Dependent::from).collect())
            }
            StorageError::LimitExceeded { limit, max } => Self::limit_exceeded(Limit {
                name: limit.to_owned(),
                max: max as u64,
            }),
            StorageError::LastOwner => Self::conflict("last_owner", error.to_string()),
            StorageError::RoleInUse(_) => Self::conflict("role_in_use", error.to_string()),
            StorageError::Refused(refusal) => Self::refused(&refusal),
            StorageError::Denied(reason) => Self::forbidden(reason),
            StorageError::Keyring(KeyringError::NoKey) => {
                Self::conflict("no_secret_key", error.to_string())
            }
            StorageError::IdempotencyKeyReused => Self::field(
                "Idempotency-Key",
                "reused",
                "this key was already used for another request; use a new key for each request",
            ),
            StorageError::Unavailable(source) => {
                tracing::warn!(error = %source, "the database is unavailable");
                database_away()
            }
            StorageError::Full(source) => {
                tracing::error!(error = %source, "the database has no room left");
                Self::unavailable(
                    "database_full",
                    "the database's disk is full, so nothing was changed; an operator has to make room",
                    RETRY_FULL,
                )
            }
            StorageError::ReadOnly(source) => {
                tracing::error!(error = %source, "the database is read-only");
                Self::unavailable(
                    "database_read_only",
                    "the database takes no changes, so nothing was changed; an operator has to make it writable",
                    RETRY_FULL,
                )
            }
            StorageError::TimedOut(source) => {
                tracing::warn!(error = %source, "the database took too long");
                database_slow()
            }
            error => {
                tracing::error!(%error, "unexpected data in the database, or an unexpected refusal");
                Self::internal()
            }
        }
    }
}

impl From<peekaboo_storage::Problem> for FieldProblem {
    fn from(problem: peekaboo_storage::Problem) -> Self {
        // The one thing below that is not in a body.
        let pointer = match problem.pointer.as_str() {
            "/cursor" => "?cursor".to_owned(),
            _ => problem.pointer,
        };
        Self {
            pointer,
            code: problem.code,
            detail: problem.detail,
        }
    }
}

impl From<peekaboo_storage::Dependent> for Dependent {
    fn from(dependent: peekaboo_storage::Dependent) -> Self {
        Self {
            kind: match dependent.kind {
                DependentKind::Flag => problem::DependentKind::Flag,
                DependentKind::Segment => problem::DependentKind::Segment,
            },
            key: dependent.key.into(),
            environment: dependent.environment.map(Into::into),
            location: dependent.pointer,
        }
    }
}

/// What is there now, as this API shows it.
fn state(current: Current) -> Value {
    let shown = match current {
        Current::Outcome(Outcome::Project(project)) => {
            serde_json::to_value(routes::Project::from(*project))
        }
        Current::Outcome(Outcome::Environment(environment)) => {
            serde_json::to_value(routes::Environment::from(*environment))
        }
        Current::Outcome(Outcome::Flag(flag)) => serde_json::to_value(routes::Flag::from(*flag)),
        Current::Outcome(Outcome::Targeting(targeting)) => {
            serde_json::to_value(model::Targeting::from(*targeting))
        }
        Current::Outcome(Outcome::Segment(segment)) => {
            serde_json::to_value(routes::Segment::from(*segment))
        }
        Current::Role(role) => serde_json::to_value(routes::Role::from(role)),
        Current::Team(team) => serde_json::to_value(routes::Team::from(team)),
        Current::ServiceAccount(account) => {
            serde_json::to_value(routes::ServiceAccount::from(account))
        }
        // How the first two are shown depends on who asks, and when: their handlers do it. Nothing has a version before
        // it exists, or afterwards.
        Current::Organization(_)
        | Current::Outcome(
            Outcome::SdkKey(_)
            | Outcome::CreatedProject(_)
            | Outcome::CreatedSdkKey(_)
            | Outcome::Deleted,
        ) => Ok(Value::Null),
    };
    shown.unwrap_or_default()
}

impl From<peekaboo_actors::Error> for Problem {
    fn from(error: peekaboo_actors::Error) -> Self {
        use peekaboo_actors::Error as HubError;
        match error {
            HubError::Storage(error) => error.into(),
            HubError::OrganizationNotFound => Self::not_found(Entity::Organization.as_str()),
            HubError::EnvironmentNotFound => Self::not_found(Entity::Environment.as_str()),
            HubError::Unavailable(reason) => {
                tracing::warn!(reason, "the database is unavailable");
                database_away()
            }
            HubError::ShuttingDown => Self::unavailable(
                "shutting_down",
                "this node is shutting down; retry, and another node will respond",
                RETRY_SHUTDOWN,
            ),
            HubError::Interrupted => Self::unavailable(
                "interrupted",
                "the request was interrupted; check whether it took effect before you retry",
                RETRY_SHUTDOWN,
            ),
            error => {
                tracing::error!(%error, "internal error");
                Self::internal()
            }
        }
    }
}

fn database_slow() -> Problem {
    Problem::unavailable(
        "database_timeout",
        "the database took too long, so nothing was changed; retry, and tell an operator if it happens again",
        RETRY_DATABASE,
    )
}

fn database_away() -> Problem {
    Problem::unavailable(
        "database_unavailable",
        "the database is unavailable; applications keep their flags, but changes cannot be saved; retry later",
        RETRY_DATABASE,
    )
}
