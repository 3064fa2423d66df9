//! What applications report by themselves, with `track`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::period::{PeriodQuery, Resolution};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Path, Query};
use crate::problem::Problem;
use crate::routes::path::EnvironmentPath;

/// How often a custom event was reported.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "event": "purchase", "count": 74, "sum": 3182.5, "lastHour": "2026-11-23T17:00:00Z"
}))]
pub(crate) struct CustomEvent {
    /// Its name, as applications give it to `track`.
    pub event: String,
    /// How often.
    pub count: i64,
    /// What the values add up to.
    pub sum: f64,
    /// The beginning of the last hour in which it happened.
    #[serde(with = "time::serde::rfc3339")]
    pub last_hour: OffsetDateTime,
}

/// A page of custom events.
pub(crate) type CustomEventPage = Page<CustomEvent>;

impl From<peekaboo_storage::EventUsage> for CustomEvent {
    fn from(usage: peekaboo_storage::EventUsage) -> Self {
        Self {
            event: usage.event,
            count: usage.count,
            sum: usage.sum,
            last_hour: usage.last_hour,
        }
    }
}

/// List custom events
///
/// What applications reported with `track` in whole hours, by name.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/usage/events",
    tag = "usage", operation_id = "listCustomEvents", extensions(("x-permission" = json!("environment.read"))),
    params(EnvironmentPath, PeriodQuery, PageQuery),
    responses((status = 200, description = "The events.", body = CustomEventPage)),
)]
pub(crate) async fn list_custom_events(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
    Query(period): Query<PeriodQuery>,
    page: PageQuery,
) -> Result<Json<CustomEventPage>, Problem> {
    let environment = state
        .environment(member.tenant(), &path.project, &path.environment)
        .await?;
    let (period, _) = period.whole(Some(Resolution::Hour), state.now())?;
    let events = state
        .storage()
        .events(environment, period.from, period.to, &page.into())
        .await?;
    Ok(Json(Page::of(events)))
}
