//! How one flag is used in an environment, over time.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use peekaboo_storage::{MAX_BUCKETS, UsageBucket, UsagePeriod};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::VariationUsage;
use super::period::{PeriodQuery, Resolution, count};
use crate::ApiState;
use crate::auth::may;
use crate::http::{Path, Query};
use crate::problem::Problem;
use crate::routes::path::{EnvironmentPath, UsagePath};

/// How one flag is used in an environment, over time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "flag": "new-checkout", "from": "2026-11-23T15:00:00Z", "to": "2026-11-23T18:00:00Z", "resolution": "hour",
    "lastEvaluatedAt": "2026-11-23T17:44:00Z", "evaluations": 1209,
    "groupBy": "variation", "series": [
        {"key": "off", "evaluations": 1092, "points": [400, 400, 292]},
        {"key": "on", "evaluations": 117, "points": [0, 17, 100]}
    ],
    "variations": [{"variation": "off", "evaluations": 1092}, {"variation": "on", "evaluations": 117}],
    "reasons": [{"reason": "SPLIT", "evaluations": 1209}],
    "versions": [{"version": 7, "evaluations": 1209}]
}))]
pub(crate) struct FlagUsage {
    /// The flag's key.
    pub flag: String,
    /// The first bucket's beginning.
    #[serde(with = "time::serde::rfc3339")]
    pub from: OffsetDateTime,
    /// The end of the last bucket.
    #[serde(with = "time::serde::rfc3339")]
    pub to: OffsetDateTime,
    /// How long each bucket is.
    pub resolution: Resolution,
    /// When it was last evaluated, whenever that was, to the minute; null where that was never told.
    #[serde(with = "time::serde::rfc3339::option")]
    #[schema(required)]
    pub last_evaluated_at: Option<OffsetDateTime>,
    /// How often it was evaluated in all buckets together.
    pub evaluations: i64,
    /// What the series are of.
    pub group_by: GroupBy,
    /// The counts over time, the greatest series first.
    pub series: Vec<UsageSeries>,
    /// All buckets together by variation, the most served first.
    pub variations: Vec<VariationUsage>,
    /// All buckets together by reason, the most frequent first.
    pub reasons: Vec<ReasonUsage>,
    /// All buckets together by the flag's version, the newest first.
    pub versions: Vec<VersionUsage>,
}

/// Counts of one kind of outcome over time.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageSeries {
    /// The variation, the reason or the version that was counted; null where the caller's default was served, or where the
    /// version is not known.
    #[schema(required)]
    pub key: Option<String>,
    /// All points together.
    pub evaluations: i64,
    /// How often in each bucket, from the first to the last.
    pub points: Vec<i64>,
}

/// How often a flag was served for one reason.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReasonUsage {
    /// The reason.
    pub reason: String,
    /// How often.
    pub evaluations: i64,
}

/// How often one version of a flag was served.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionUsage {
    /// The version; null where the application did not know it.
    #[schema(required)]
    pub version: Option<i64>,
    /// How often.
    pub evaluations: i64,
}

/// What a series is of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum GroupBy {
    /// The variation served.
    #[default]
    Variation,
    /// Why.
    Reason,
    /// The flag's version.
    Version,
}

/// How the counts are told.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FlagUsageQuery {
    /// By the hour or by the day; hours where it is left out and the time is short.
    #[param(inline, nullable = false)]
    pub resolution: Option<Resolution>,
    /// What each series is of.
    #[serde(default, rename = "groupBy")]
    #[param(inline)]
    pub group_by: GroupBy,
}

/// Get a flag's usage
///
/// Answers of a flag that has gone too, for as long as its counts are kept.
#[utoipa::path(
    get, path = "/organizations/{org}/projects/{project}/environments/{environment}/usage/flags/{flag}",
    tag = "usage", operation_id = "getFlagUsage", extensions(("x-permission" = json!("environment.read"))),
    params(UsagePath, PeriodQuery, FlagUsageQuery),
    responses((status = 200, description = "The flag's usage.", body = FlagUsage)),
)]
pub(crate) async fn get_flag_usage(
    State(state): State<ApiState>,
    may::EnvironmentRead(member): may::EnvironmentRead,
    Path(path): Path<UsagePath>,
    Query(period): Query<PeriodQuery>,
    Query(query): Query<FlagUsageQuery>,
) -> Result<Json<FlagUsage>, Problem> {
    let (place, flag): (EnvironmentPath, _) = path.apart();
    let environment = state
        .environment(member.tenant(), &place.project, &place.environment)
        .await?;
    let (period, resolution) = period.whole(query.resolution, state.now())?;
    let usage = state
        .storage()
        .flag_usage(environment, &flag, &period)
        .await?;
    if usage.buckets.len() > MAX_BUCKETS {
        return Err(Problem::field(
            "?from",
            "out_of_range",
            "the flag has too many results in this period; choose a shorter one, or resolution=day",
        ));
    }
    let told = Sums::of(&usage.buckets);
    Ok(Json(FlagUsage {
        flag: flag.into(),
        from: period.from,
        to: period.to,
        resolution,
        last_evaluated_at: usage.last_evaluated_at,
        evaluations: usage.buckets.iter().map(|bucket| bucket.count).sum(),
        group_by: query.group_by,
        series: series(&usage.buckets, &period, query.group_by),
        variations: told.variations,
        reasons: told.reasons,
        versions: told.versions,
    }))
}

/// All buckets together, by each kind of outcome.
struct Sums {
    variations: Vec<VariationUsage>,
    reasons: Vec<ReasonUsage>,
    versions: Vec<VersionUsage>,
}

impl Sums {
    fn of(buckets: &[UsageBucket]) -> Self {
        let mut variations: BTreeMap<_, i64> = BTreeMap::new();
        let mut reasons: BTreeMap<_, i64> = BTreeMap::new();
        let mut versions: BTreeMap<_, i64> = BTreeMap::new();
        for bucket in buckets {
            *variations.entry(bucket.variation.clone()).or_default() += bucket.count;
            *reasons.entry(bucket.reason.clone()).or_default() += bucket.count;
            *versions.entry(bucket.flag_version).or_default() += bucket.count;
        }
        let variations = variations.into_iter();
        let mut variations: Vec<_> = variations
            .map(|(variation, evaluations)| VariationUsage {
                variation,
                evaluations,
            })
            .collect();
        variations.sort_by_key(|usage| -usage.evaluations);
        let reasons = reasons.into_iter();
        let mut reasons: Vec<_> = reasons
            .map(|(reason, evaluations)| ReasonUsage {
                reason,
                evaluations,
            })
            .collect();
        reasons.sort_by_key(|usage| -usage.evaluations);
        let versions = versions.into_iter().rev();
        Self {
            variations,
            reasons,
            versions: versions
                .map(|(version, evaluations)| VersionUsage {
                    version,
                    evaluations,
                })
                .collect(),
        }
    }
}

fn series(buckets: &[UsageBucket], period: &UsagePeriod, group_by: GroupBy) -> Vec<UsageSeries> {
    let length = usize::try_from(count(period)).unwrap_or_default();
    let mut by_key: BTreeMap<Option<String>, Vec<i64>> = BTreeMap::new();
    for bucket in buckets {
        let key = match group_by {
            GroupBy::Variation => bucket.variation.clone(),
            GroupBy::Reason => Some(bucket.reason.clone()),
            GroupBy::Version => bucket.flag_version.map(|version| version.to_string()),
        };
        let before = UsagePeriod {
            to: bucket.at,
            ..*period
        };
        let points = by_key.entry(key).or_insert_with(|| vec![0; length]);
        let place = usize::try_from(count(&before)).ok();
        if let Some(point) = place.and_then(|place| points.get_mut(place)) {
            *point += bucket.count;
        }
    }
    let mut series: Vec<_> = by_key
        .into_iter()
        .map(|(key, points)| UsageSeries {
            key,
            evaluations: points.iter().sum(),
            points,
        })
        .collect();
    series.sort_by_key(|series| -series.evaluations);
    series
}
