//! Times that a body gives.

use time::OffsetDateTime;

use crate::problem::Problem;

/// An end that is over before it begins is a mistake.
pub(super) fn in_future(
    pointer: &str,
    at: Option<OffsetDateTime>,
    now: OffsetDateTime,
) -> Result<(), Problem> {
    match at {
        Some(at) if at <= now => Err(Problem::field(
            pointer,
            "out_of_range",
            "the time is in the past; choose a future time, or omit it",
        )),
        _ => Ok(()),
    }
}
