//! Commands on a targeting.

use peekaboo_storage::Command;

use crate::ApiState;
use crate::auth::Member;
use crate::commands;
use crate::http::{Tagged, WriteComment};
use crate::model::Targeting;
use crate::problem::Problem;

/// Executes a command on a flag's targeting.
pub(super) async fn execute(
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
