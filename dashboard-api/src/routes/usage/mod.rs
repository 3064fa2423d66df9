//! What applications do with flags in an environment: how often each is evaluated, with what outcome, and what people do
//! who were served one variation or another.

mod events;
mod flag;
mod impact;
mod list;
mod period;
mod variation;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

use variation::VariationUsage;

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_usage))
        .routes(routes!(flag::get_flag_usage))
        .routes(routes!(impact::get_impact))
        .routes(routes!(events::list_custom_events))
}

#[cfg(test)]
mod tests;
