//! Of when usage is asked for: whole hours or days that hold the times given, and not too many.

use peekaboo_storage::{UsagePeriod, UsageResolution};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// What is told of where nothing is asked.
const DEFAULT: Duration = Duration::days(7);

/// Up to this long, hours are told where nothing is asked.
const BY_THE_HOUR: Duration = Duration::days(8);

/// The most buckets that an answer has.
const MOST: i64 = 1_000;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Resolution {
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

impl From<Resolution> for UsageResolution {
    fn from(resolution: Resolution) -> Self {
        match resolution {
            Resolution::Hour => Self::Hour,
            Resolution::Day => Self::Day,
        }
    }
}

/// Of when.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PeriodQuery {
    /// From when, as RFC 3339 has it; seven days before the end where it is left out.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    #[param(nullable = false)]
    pub from: Option<OffsetDateTime>,
    /// Until when; now where it is left out. What lies in the same hour (or day) belongs to it.
    #[serde(default, deserialize_with = "crate::model::given_time")]
    #[param(nullable = false)]
    pub to: Option<OffsetDateTime>,
}

impl PeriodQuery {
    /// The whole hours or days that hold the times asked for.
    pub(super) fn whole(
        self,
        resolution: Option<Resolution>,
        now: OffsetDateTime,
    ) -> Result<(UsagePeriod, Resolution), Problem> {
        let to = self.to.unwrap_or(now);
        let from = self.from.unwrap_or(to - DEFAULT);
        if from >= to {
            return Err(out_of_range("`from` must be before `to`".to_owned()));
        }
        let resolution = resolution.unwrap_or(if to - from <= BY_THE_HOUR {
            Resolution::Hour
        } else {
            Resolution::Day
        });
        let buckets = UsageResolution::from(resolution);
        let period = UsagePeriod {
            from: buckets.floor(from),
            to: buckets.floor(to - Duration::NANOSECOND) + buckets.length(),
            resolution: buckets,
        };
        if count(&period) > MOST {
            return Err(out_of_range(format!(
                "the period is longer than {MOST} {}s; choose a shorter one{}",
                match resolution {
                    Resolution::Hour => "hour",
                    Resolution::Day => "day",
                },
                match resolution {
                    Resolution::Hour => ", or resolution=day",
                    Resolution::Day => "",
                },
            )));
        }
        Ok((period, resolution))
    }
}

/// How many buckets a period has.
pub(super) fn count(period: &UsagePeriod) -> i64 {
    (period.to - period.from).whole_seconds() / period.resolution.length().whole_seconds()
}

fn out_of_range(detail: String) -> Problem {
    Problem::field("?from", "out_of_range", detail)
}
