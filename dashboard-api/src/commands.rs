//! From a handler to a command: the one way in which this API changes flags, segments, projects, environments and keys.

use axum::response::{IntoResponse as _, Response};
use peekaboo_actors::Error as HubError;
use peekaboo_storage::{Command, Outcome};

use crate::ApiState;
use crate::auth::Member;
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
    let executed = state.hub().execute(member.tenant(), command, by);
    let committed = Box::pin(executed).await.map_err(Failure::Failed)?;
    Ok(committed.outcome)
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
    authorize(member, &command)?;
    let Some(once) = once else {
        let outcome = execute(state, member, comment, command).await?;
        return Ok(reply(outcome)?.into_response());
    };
    #[cfg(test)]
    state.note_command(&command);
    let by = member.attribution(state, comment.comment);
    let request = once.request(reply);
    let executed = state
        .hub()
        .execute_once(member.tenant(), command, by, request);
    once.respond(Box::pin(executed).await?)
}
