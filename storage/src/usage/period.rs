//! Hours and days, which usage is counted by. Days are those of UTC, wherever the reader is.

use time::{Duration, OffsetDateTime};

/// How long a bucket of counts is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UsageResolution {
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

impl UsageResolution {
    /// How long it is.
    pub fn length(self) -> Duration {
        match self {
            Self::Hour => Duration::HOUR,
            Self::Day => Duration::DAY,
        }
    }

    /// The beginning of the bucket that a time lies in.
    pub fn floor(self, at: OffsetDateTime) -> OffsetDateTime {
        let (seconds, length) = (at.unix_timestamp(), self.length().whole_seconds());
        let begin = seconds - seconds.rem_euclid(length);
        OffsetDateTime::from_unix_timestamp(begin).unwrap_or(at)
    }

    /// The first beginning of a bucket that is not before a time.
    pub fn ceil(self, at: OffsetDateTime) -> OffsetDateTime {
        let begin = self.floor(at);
        if begin == at {
            begin
        } else {
            begin + self.length()
        }
    }
}

/// Whole buckets, from the beginning of one up to and without that of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsagePeriod {
    /// The first bucket's beginning.
    pub from: OffsetDateTime,
    /// The end.
    pub to: OffsetDateTime,
    /// How long each bucket is.
    pub resolution: UsageResolution,
}

/// The hour that a time lies in.
pub(super) fn hour(at: OffsetDateTime) -> OffsetDateTime {
    UsageResolution::Hour.floor(at)
}

/// The day that a time lies in.
pub(super) fn day(at: OffsetDateTime) -> OffsetDateTime {
    UsageResolution::Day.floor(at)
}
