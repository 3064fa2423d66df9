//! Flags: their definition, which is the same in every environment.

mod create;
mod delete;
mod flag;
mod get;
mod list;
mod tags;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

pub(crate) use flag::Flag;
use flag::FlagPage;
pub(super) use flag::{FlagType, Variation};

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_flags, create::create_flag))
        .routes(routes!(
            get::get_flag,
            update::update_flag,
            delete::delete_flag
        ))
        .routes(routes!(tags::list_tags))
}
