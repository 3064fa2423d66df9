//! How much each flag is used in an environment, and which are not.

use axum::Json;
use axum::extract::State;
use peekaboo_storage::UsageFilter;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::VariationUsage;
use super::period::PeriodQuery;
use crate::ApiState;
use crate::auth::may;
use crate::http::{Page, PageQuery, Path, Query};
use crate::problem::Problem;
use crate::routes::path::EnvironmentPath;

/// How much a flag is used in an environment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "flag": "new-checkout", "lastEvaluatedAt": "2026-11-23T17:44:00Z", "evaluations": 1209,
    "variations": [{"variation": "off", "evaluations": 1092}, {"variation": "on", "evaluations": 117}]
}))]
pub(crate) struct Usage {
    /// The flag's key.
    pub flag: String,
    /// When it was last evaluated, whenever that was, to the minute; null where that was never told.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_evaluated_at: Option<OffsetDateTime>,
    /// How often it was evaluated in the time asked for.
    pub evaluations: i64,
    /// What it served, by variation.
    pub variations: Vec<VariationUsage>,
}

/// A page of flags' usage.
pub(crate) type UsagePage = Page<Usage>;

impl From<peekaboo_storage::FlagUsageSummary> for Usage {
    fn from(summary: peekaboo_storage::FlagUsageSummary) -> Self {
        Self {
            flag: summary.flag.into(),
            last_evaluated_at: summary.last_evaluated_at,
            evaluations: summary.variations.iter().map(|usage| usage.count).sum(),
            variations: summary.variations.into_iter().map(Into::into).collect(),
        }
    }
}

/// Which flags.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UsageQuery {
    /// Only flags that were not evaluated since, or never: what may be thrown away.
    #[serde(
        default,
        rename = "unusedSince",
        deserialize_with = "crate::model::given_time"
    )]
    #[param(nullable = false)]
    pub unused_since: Option<OffsetDateTime>,
}

/// List flags' usage
///
/// Of every flag that is not archived, by key: how often applications evaluated it in whole hours, and when last.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/usage",
    tag = "usage", operation_id = "listUsage", extensions(("x-permission" = json!("environment.read"))),
    params(EnvironmentPath, PeriodQuery, UsageQuery, PageQuery),
    responses((status = 200, description = "The flags' usage.", body = UsagePage)),
)]
pub(crate) async fn list_usage(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<EnvironmentPath>,
    Query(period): Query<PeriodQuery>,
    Query(query): Query<UsageQuery>,
    page: PageQuery,
) -> Result<Json<UsagePage>, Problem> {
    let environment = state
        .environment(member.tenant(), &path.project, &path.environment)
        .await?;
    let (period, _) = period.whole(Some(super::period::Resolution::Hour), state.now())?;
    let filter = UsageFilter {
        from: period.from,
        to: period.to,
        unused_since: query.unused_since,
    };
    let usage = state
        .storage()
        .usage_of_flags(
            member.tenant(),
            &path.project,
            environment,
            &filter,
            &page.into(),
        )
        .await?;
    Ok(Json(Page::of(usage)))
}
