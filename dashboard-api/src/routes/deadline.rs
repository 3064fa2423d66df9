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
            "this is in the past; give a time to come, or leave it out",
        )),
        _ => Ok(()),
    }
}
