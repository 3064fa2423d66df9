//! Times that callers give, in bodies and queries.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;
use time::{OffsetDateTime, UtcOffset};

/// The first time that is accepted.
const FIRST: OffsetDateTime = datetime!(1970-01-01 00:00 UTC);

/// The last time that is accepted: a year before what dates can hold, so that adding to one never overflows.
const LAST: OffsetDateTime = datetime!(9998-12-31 23:59:59 UTC);

/// Reads a time as RFC 3339 writes it, or null. The result is in UTC, between the years 1970 and 9998: arithmetic on it
/// cannot overflow. A document may name any offset, so another offset could put the same text outside of what dates hold.
pub(crate) fn given_time<'de, D>(deserializer: D) -> Result<Option<OffsetDateTime>, D::Error>
where
    D: Deserializer<'de>,
{
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let time = OffsetDateTime::parse(&text, &Rfc3339).map_err(|_| {
        D::Error::custom("must be a time such as `2026-01-31T12:00:00Z` (RFC 3339)")
    })?;
    // Comparing instants does no arithmetic on dates; changing the offset does.
    if time < FIRST || time > LAST {
        return Err(D::Error::custom("must be between the years 1970 and 9998"));
    }
    Ok(Some(time.to_offset(UtcOffset::UTC)))
}

/// The same, where absent (`None`, by `#[serde(default)]`) and null differ.
#[expect(clippy::option_option, reason = "absent and null differ")]
pub(crate) fn present_time<'de, D>(
    deserializer: D,
) -> Result<Option<Option<OffsetDateTime>>, D::Error>
where
    D: Deserializer<'de>,
{
    given_time(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::datetime;

    use super::given_time;

    fn read(value: Value) -> Result<Option<time::OffsetDateTime>, String> {
        given_time(value).map_err(|error| error.to_string())
    }

    #[test]
    fn a_time_of_any_offset_is_read_as_utc() {
        let read = read(json!("2026-01-31T12:00:00+02:00"));
        assert_eq!(read, Ok(Some(datetime!(2026-01-31 10:00 UTC))));
    }

    #[test]
    fn null_is_no_time() {
        assert_eq!(read(Value::Null), Ok(None));
    }

    #[test]
    fn times_that_could_overflow_are_refused() {
        for text in [
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-23:59",
            "0000-01-01T00:00:01Z",
            "0000-01-01T00:00:01+23:59",
            "1969-12-31T23:59:59Z",
        ] {
            let refused = read(json!(text)).unwrap_err();
            assert_eq!(refused, "must be between the years 1970 and 9998", "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused_with_an_example() {
        for value in [json!("tomorrow"), json!("2026-01-31"), json!("")] {
            let refused = read(value).unwrap_err();
            assert!(refused.contains("2026-01-31T12:00:00Z"), "{refused}");
        }
    }
}
