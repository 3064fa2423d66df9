//! A flag's targeting in one environment.

mod get;
mod replace;
mod restore;
mod update;

use peekaboo_storage::{Command, Outcome};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;
use crate::auth::Member;
use crate::http::{Tagged, WriteComment};
use crate::model::Targeting;
use crate::problem::Problem;

/// Carries out a command on a flag's targeting.
async fn execute(
    state: &ApiState,
    member: &Member,
    comment: WriteComment,
    command: Command,
) -> Result<Tagged<Targeting>, Problem> {
    let by = member.attribution(state, comment.comment);
    let committed = state.hub().execute(member.tenant(), command, by).await?;
    match committed.outcome {
        Outcome::Targeting(targeting) => Ok(Tagged::ok(targeting.version, (*targeting).into())),
        _ => Err(Problem::unexpected("a command on a targeting")),
    }
}

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(
            get::get_targeting,
            replace::replace_targeting,
            update::update_targeting
        ))
        .routes(routes!(restore::restore_targeting))
}
