//! What applications do with flags in an environment: how often each is evaluated, with what outcome, and what people do
//! who were served one variation or another.

mod events;
mod flag;
mod impact;
mod list;
mod period;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::ApiState;

/// How often a variation was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct VariationUsage {
    /// The variation; null where applications used their own default.
    #[schema(required)]
    pub variation: Option<String>,
    /// How often.
    pub evaluations: i64,
}

impl From<peekaboo_storage::VariationUsage> for VariationUsage {
    fn from(usage: peekaboo_storage::VariationUsage) -> Self {
        Self {
            variation: usage.variation,
            evaluations: usage.count,
        }
    }
}

pub(super) fn router() -> OpenApiRouter<ApiState> {
    OpenApiRouter::new()
        .routes(routes!(list::list_usage))
        .routes(routes!(flag::get_flag_usage))
        .routes(routes!(impact::get_impact))
        .routes(routes!(events::list_custom_events))
}

#[cfg(test)]
mod tests;
