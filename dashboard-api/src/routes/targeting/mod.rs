//! A flag's targeting in one environment.

mod execute;
mod get;
mod replace;
mod restore;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

use execute::execute;
pub(super) use restore::RestoredState;

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(
            get::get_targeting,
            replace::replace_targeting,
            update::update_targeting
        ))
        .routes(routes!(restore::restore_targeting))
}
