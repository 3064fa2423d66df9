//! From a handler to a command: the one way in which this API changes flags, segments, projects, environments and keys.

use axum::response::{IntoResponse as _, Response};
use peekaboo_actors::Error as HubError;
use peekaboo_storage::{Command, Outcome};

use crate::ApiState;
use crate::auth::Member;
use crate::http::{Once, Reply, WriteComment};
use crate::problem::Problem;

/// Executes a command in the name of a member.
///
/// Work on the database makes large futures, so they come boxed.
pub(crate) async fn execute(
    state: &ApiState,
    member: &Member,
    comment: WriteComment,
    command: Command,
) -> Result<Outcome, HubError> {
    #[cfg(test)]
    state.note_command(&command);
    let by = member.attribution(state, comment.comment);
    let executed = state.hub().execute(member.tenant(), command, by);
    Ok(Box::pin(executed).await?.outcome)
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
    #[cfg(test)]
    state.note_command(&command);
    let by = member.attribution(state, comment.comment);
    let request = once.request(reply);
    let executed = state
        .hub()
        .execute_once(member.tenant(), command, by, request);
    once.respond(Box::pin(executed).await?)
}
