//! Durations: a number and a unit, such as `250ms`, `30s`, `10m`, `12h`, `30d` or `1h 30m`.

use std::time::Duration;

use humantime::DurationError;

use crate::config::value::Value;

/// The units a duration is written in, largest first, in nanoseconds.
///
/// Not `humantime::format_duration`, which splits what it writes: 90 days as two months, 29 days and some hours.
const UNITS: [(u128, &str); 7] = [
    (86_400_000_000_000, "d"),
    (3_600_000_000_000, "h"),
    (60_000_000_000, "m"),
    (1_000_000_000, "s"),
    (1_000_000, "ms"),
    (1_000, "us"),
    (1, "ns"),
];

/// The longest that is read: a hundred years, which can be added to any present time.
const LONGEST: Duration = Duration::from_hours(36_500 * 24);

impl Value for Duration {
    const KIND: &'static str = "duration";

    fn read(text: &str) -> Result<Self, String> {
        const EXAMPLES: &str = "write for example 250ms, 30s, 10m, 12h or 30d";
        // humantime reads `M` as a month of 30.44 days, where its author most likely meant minutes.
        if text.contains('M') {
            return Err(format!("has the unknown unit `M`; {EXAMPLES}"));
        }
        let too_long = || format!("is too long; use at most {}", LONGEST.write());
        let duration = humantime::parse_duration(text).map_err(|error| match error {
            DurationError::UnknownUnit { unit, .. } if unit.is_empty() => {
                format!("has no unit; {EXAMPLES}")
            }
            DurationError::UnknownUnit { unit, .. } => {
                format!("has the unknown unit `{unit}`; {EXAMPLES}")
            }
            DurationError::NumberOverflow => too_long(),
            DurationError::InvalidCharacter(_)
            | DurationError::NumberExpected(_)
            | DurationError::Empty => format!("is not a duration; {EXAMPLES}"),
        })?;
        if duration > LONGEST {
            return Err(too_long());
        }
        Ok(duration)
    }

    fn write(&self) -> String {
        let nanos = self.as_nanos();
        let exact = UNITS
            .into_iter()
            .find(|(size, _)| nanos > 0 && nanos.is_multiple_of(*size));
        exact.map_or_else(
            || "0s".to_owned(),
            |(size, unit)| format!("{}{unit}", nanos / size),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Duration, String> {
        Duration::read(text)
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        for text in [
            "0s", "250ms", "30s", "90s", "10m", "12h", "30d", "90d", "5us",
        ] {
            assert_eq!(read(text).expect(text).write(), text);
        }
    }

    #[test]
    fn units_may_be_combined_and_spelled_out() {
        for (text, written) in [
            ("1h 30m", "90m"),
            ("1.5s", "1500ms"),
            ("10 minutes", "10m"),
            ("2weeks", "14d"),
            (" 5s ", "5s"),
        ] {
            assert_eq!(read(text).expect(text).write(), written);
        }
    }

    #[test]
    fn a_hundred_years_are_the_longest() {
        assert_eq!(read("36500d"), Ok(LONGEST));
        for text in ["36500d 1ns", "100000000000y", "99999999999999999999s"] {
            let problem = "is too long; use at most 36500d".to_owned();
            assert_eq!(read(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn an_error_says_what_is_wrong_and_what_to_write() {
        let examples = "write for example 250ms, 30s, 10m, 12h or 30d";
        for (text, problem) in [
            ("10", "has no unit"),
            ("30M", "has the unknown unit `M`"),
            ("5 fortnights", "has the unknown unit `fortnights`"),
            ("", "is not a duration"),
            ("s", "is not a duration"),
            ("-1s", "is not a duration"),
            ("soon", "is not a duration"),
        ] {
            assert_eq!(read(text), Err(format!("{problem}; {examples}")), "{text}");
        }
    }
}
