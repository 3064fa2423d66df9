//! Why a flag serves nothing, for any context.

use crate::detail::ErrorCode;

/// How many flags and segments one evaluation enters in addition to the one asked for, counting repeats, before it gives up
/// with GENERAL.
///
/// Chains are short, but without a bound a few dozen flags that each need the next one twice would take forever.
pub const MAX_VISITS: u32 = 10_000;

/// Why a flag serves nothing.
#[derive(Clone, Copy)]
pub(crate) enum Failure<'r> {
    /// It names a variation that it does not have.
    Lacks(&'r str),
    /// The attribute that its fallthrough splits by is missing.
    KeyMissing(&'r str),
    /// The whole evaluation is over, also for everything that depends on it.
    Stop(Stop),
}

#[derive(Clone, Copy)]
pub(crate) enum Stop {
    Cycle,
    TooDeep,
    TooMuch,
}

impl From<Stop> for Failure<'_> {
    fn from(stop: Stop) -> Self {
        Failure::Stop(stop)
    }
}

impl Failure<'_> {
    pub(crate) fn code(self) -> ErrorCode {
        match self {
            Failure::KeyMissing(_) => ErrorCode::TargetingKeyMissing,
            Failure::Lacks(_) | Failure::Stop(_) => ErrorCode::General,
        }
    }
}
