//! Times as they are bound: in UTC, to the microsecond, and on SQLite as text that sorts.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgTypeInfo;
use sqlx::sqlite::SqliteTypeInfo;
use sqlx::{Database, Encode, Postgres, Sqlite, Type};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// Cuts a time to what both databases keep: microseconds, in UTC.
pub(crate) fn truncate(at: OffsetDateTime) -> OffsetDateTime {
    let at = at.to_offset(UtcOffset::UTC);
    at.replace_microsecond(at.microsecond()).unwrap_or(at)
}

/// The time in UTC with six decimals always, so that text sorts as times do and is the same wherever it is written.
pub(crate) fn text(at: OffsetDateTime) -> String {
    let format =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");
    truncate(at).format(&format).unwrap_or_default()
}

/// The time in whole microseconds since 1970.
pub(crate) fn micros(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos().div_euclid(1_000)).unwrap_or(i64::MAX)
}

/// A time to bind.
///
/// On SQLite it has six decimals always: `RFC 3339` text as sqlx writes it drops trailing zeros, and `…:00Z` then sorts
/// after `…:00.5Z`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp(pub(crate) OffsetDateTime);

impl Type<Postgres> for Stamp {
    fn type_info() -> PgTypeInfo {
        <OffsetDateTime as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for Stamp {
    fn encode_by_ref(
        &self,
        buffer: &mut <Postgres as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        <OffsetDateTime as Encode<'_, Postgres>>::encode(truncate(self.0), buffer)
    }
}

impl Type<Sqlite> for Stamp {
    fn type_info() -> SqliteTypeInfo {
        <String as Type<Sqlite>>::type_info()
    }
}

impl Encode<'_, Sqlite> for Stamp {
    fn encode_by_ref(
        &self,
        buffer: &mut <Sqlite as Database>::ArgumentBuffer,
    ) -> Result<IsNull, BoxDynError> {
        let format = format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z"
        );
        <String as Encode<'_, Sqlite>>::encode(truncate(self.0).format(&format)?, buffer)
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn what_is_kept_of_a_time_is_what_both_databases_can_keep() {
        let at = datetime!(2026-01-01 02:00:00.123_456_789 +2);
        assert_eq!(truncate(at), datetime!(2026-01-01 00:00:00.123_456 UTC));
        assert_eq!(micros(at), 1_767_225_600_123_456);
        assert_eq!(micros(truncate(at)), micros(at));
    }
}
