//! A flag's targeting in one environment.

mod get;
mod replace;
mod restore;
mod update;

use peekaboo_storage::Command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;
use crate::auth::Member;
use crate::commands;
use crate::http::{Tagged, WriteComment};
use crate::model::Targeting;
use crate::problem::Problem;

pub(super) use restore::RestoredState;

/// Carries out a command on a flag's targeting.
async fn execute(
    state: &ApiState,
    member: &Member,
    comment: WriteComment,
    command: Command,
) -> Result<Tagged<Targeting>, Problem> {
    let outcome = commands::execute(state, member, comment, command).await?;
    let targeting = outcome.targeting();
    let targeting = targeting.ok_or_else(|| Problem::unexpected("a command on a targeting"))?;
    Ok(Tagged::ok(targeting.version, targeting.into()))
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
