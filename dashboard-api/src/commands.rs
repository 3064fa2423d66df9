//! From a handler to a command: the one way in which this API changes flags, segments, projects, environments and keys.

use axum::response::{IntoResponse as _, Response};
use peekaboo_actors::Error as HubError;
use peekaboo_policy::Grant;
use peekaboo_storage::{Command, Current, Error as StorageError, Key, Outcome};

use crate::ApiState;
use crate::auth::Member;
use crate::auth::member::sees_environment;
use crate::http::{Once, Reply, WriteComment};
use crate::problem::Problem;

/// Why a command was not carried out.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The member may not do this.
    Refused(Problem),
    /// The hub refused or failed.
    Failed(HubError),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(problem) => problem,
            Failure::Failed(error) => error.into(),
        }
    }
}

/// Executes a command in the name of a member.
///
/// Work on the database makes large futures, so they come boxed.
pub(crate) async fn execute(
    state: &ApiState,
    member: &Member,
    comment: WriteComment,
    command: Command,
) -> Result<Outcome, Failure> {
    authorize(member, &command).map_err(Failure::Refused)?;
    #[cfg(test)]
    state.note_command(&command);
    let by = member.attribution(state, comment.comment);
    let project = project(&command);
    let executed = state.hub().execute(member.tenant(), command, by);
    match Box::pin(executed).await {
        Ok(committed) => Ok(narrowed(&member.grants, &project, committed.outcome)),
        Err(HubError::Storage(StorageError::VersionConflict { current })) => {
            let current = match *current {
                Current::Outcome(current) => {
                    Current::Outcome(narrowed(&member.grants, &project, current))
                }
                current => current,
            };
            let current = Box::new(current);
            let conflict = StorageError::VersionConflict { current };
            Err(Failure::Failed(conflict.into()))
        }
        Err(HubError::Storage(StorageError::InUse(mut dependents))) => {
            let seen = |environment: &Key| {
                sees_environment(&member.grants, &project, environment.as_str())
            };
            dependents.retain(|dependent| dependent.environment.as_ref().is_none_or(seen));
            Err(Failure::Failed(StorageError::InUse(dependents).into()))
        }
        Err(error) => Err(Failure::Failed(error)),
    }
}

/// The key of the project that a command is about; none of a new one.
fn project(command: &Command) -> String {
    let needed = command.requirements().into_iter();
    let mut projects = needed.filter_map(|one| one.scope.project_key().map(ToOwned::to_owned));
    projects.next().unwrap_or_default()
}

/// What came of a command, without the environments that its issuer does not see.
fn narrowed(grants: &[Grant], project: &str, outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Flag(mut flag) => {
            flag.environments
                .retain(|one| sees_environment(grants, project, one.environment.as_str()));
            Outcome::Flag(flag)
        }
        Outcome::Project(mut overview) => {
            overview
                .environments
                .retain(|one| sees_environment(grants, project, one.key.as_str()));
            Outcome::Project(overview)
        }
        other => other,
    }
}

/// Refuses a command that requires more than the member may do.
fn authorize(member: &Member, command: &Command) -> Result<(), Problem> {
    let requirements = command.requirements();
    let mut requirements = requirements.iter();
    requirements.try_for_each(|needed| member.require(needed.permission, &needed.scope))
}

/// Executes a command of a request that may be sent twice, and answers with what `reply` makes of its outcome.
pub(crate) async fn execute_once(
    state: &ApiState,
    member: &Member,
    once: Option<Once>,
    comment: WriteComment,
    command: Command,
    reply: impl FnOnce(Outcome) -> Result<Reply, Problem> + Send + 'static,
) -> Result<Response, Problem> {
    let Some(once) = once else {
        let outcome = execute(state, member, comment, command).await?;
        return Ok(reply(outcome)?.into_response());
    };
    authorize(member, &command)?;
    #[cfg(test)]
    state.note_command(&command);
    let by = member.attribution(state, comment.comment);
    let (grants, project) = (member.grants.clone(), project(&command));
    let request = once.request(move |outcome| reply(narrowed(&grants, &project, outcome)));
    let executed = state
        .hub()
        .execute_once(member.tenant(), command, by, request);
    once.respond(Box::pin(executed).await?)
}
