//! When a credential expires, as an argument.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads a time in the future.
pub(super) fn time_to_come(text: &str) -> Result<OffsetDateTime, String> {
    let time = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "not a time; write for example 2027-01-01T00:00:00Z".to_owned())?;
    if time <= OffsetDateTime::now_utc() {
        return Err("the time is in the past".to_owned());
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_is_over_is_refused() {
        assert!(time_to_come("2020-01-01T00:00:00Z").is_err());
        assert!(time_to_come("tomorrow").is_err());
        assert!(time_to_come("2999-01-01T00:00:00Z").is_ok());
    }
}
