//! What people did who were served one variation of a flag or another.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::period::{PeriodQuery, Resolution};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, Query};
use crate::problem::Problem;
use crate::routes::path::UsagePath;

/// What people did who were served one variation of a flag or another.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "flag": "new-checkout", "event": "purchase", "from": "2026-11-16T00:00:00Z", "to": "2026-11-24T00:00:00Z",
    "variations": [{"variation": "on", "exposed": 412, "converted": 61, "events": 74, "sum": 3182.5}]
}))]
pub(crate) struct Impact {
    /// The flag's key.
    pub flag: String,
    /// The event's name.
    pub event: String,
    /// The first day's beginning, in UTC.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The end of the last day.
    #[serde(with = "time::serde::rfc3339")]
    pub to: OffsetDateTime,
    /// By variation.
    pub variations: Vec<VariationImpact>,
}

/// What those did who were served one variation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VariationImpact {
    /// The variation.
    pub variation: String,
    /// How many were first served it in this time, each targeting key once.
    pub exposed: i64,
    /// How many of them did it afterwards.
    pub converted: i64,
    /// How often they did it.
    pub events: i64,
    /// What the events' values add up to.
    pub sum: f64,
}

/// Of which event.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ImpactQuery {
    /// The name that applications give to `track`.
    #[param(min_length = 1, max_length = 100, example = "purchase")]
    pub event: String,
}

/// Get what a flag's variations led to
///
/// Counts the people who were first served each variation on whole days in UTC, and what they did from then until the
/// end of the last day, as applications report it with `track`. Somebody who was served several variations is counted
/// with each. Only flags whose `track` is set have an impact.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/usage/flags/{flag}/impact",
    tag = "usage", operation_id = "getImpact", extensions(("x-permission" = json!("environment.read"))),
    params(UsagePath, PeriodQuery, ImpactQuery),
    responses((status = 200, description = "What the variations led to.", body = Impact)),
)]
pub(crate) async fn get_impact(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<UsagePath>,
    Query(period): Query<PeriodQuery>,
    Query(query): Query<ImpactQuery>,
) -> Result<Json<Impact>, Problem> {
    let (place, flag) = path.apart();
    if query.event.is_empty() || query.event.contains('\0') {
        return Err(Problem::field(
            "?event",
            "malformed_value",
            "name an event, as your applications pass it to `track`",
        ));
    }
    let environment = state
        .environment(member.tenant(), &place.project, &place.environment)
        .await?;
    let (period, _) = period.whole(Some(Resolution::Day), state.now())?;
    let impacts = state
        .storage()
        .impact(environment, &flag, &query.event, period.from, period.to)
        .await?;
    let variations = impacts.into_iter().map(|impact| VariationImpact {
        variation: impact.variation,
        exposed: impact.exposed,
        converted: impact.converted,
        events: impact.events,
        sum: impact.sum,
    });
    Ok(Json(Impact {
        flag: flag.into(),
        event: query.event,
        from: period.from,
        to: period.to,
        variations: variations.collect(),
    }))
}
