//! What to keep in mind about an answer.

use std::fmt;

/// Below this many units in an arm the dashboard gives no verdict.
pub(super) const FEWEST_UNITS: u64 = 100;

/// A reason to doubt an answer, or why it is empty. Each concerns an arm by its name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Caution {
    /// No units, or a ratio's denominators add up to 0.
    NoEstimate(String),
    FewUnits(String, u64),
    NoVariance(String),
    /// A quantile that has too few observations for its interval.
    NoInterval(String),
    /// The control's mean is 0.
    NoBaseline(String),
    UnstableBaseline(String),
    UnstableDenominator(String),
    /// A quantile that is looked at more than once.
    OneLookOnly,
    /// A result that no number holds.
    OutOfRange(String),
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEstimate(arm) => write!(
                f,
                "{arm}: there is nothing to estimate from, so it cannot be compared"
            ),
            Self::FewUnits(arm, units) => write!(
                f,
                "{arm}: has {units} units; below {FEWEST_UNITS} the interval and the p-value are not reliable"
            ),
            Self::NoVariance(arm) => write!(
                f,
                "{arm}: shows no variance, so nothing can be concluded from the difference yet"
            ),
            Self::NoInterval(arm) => write!(
                f,
                "{arm}: has too few observations for an interval of this quantile"
            ),
            Self::NoBaseline(arm) => write!(
                f,
                "{arm}: is 0, so there is no relative difference; ask for the absolute one"
            ),
            Self::UnstableBaseline(arm) => write!(
                f,
                "{arm}: is within 5 standard errors of 0, so the relative difference is not reliable; decide by the \
                 absolute one"
            ),
            Self::UnstableDenominator(arm) => write!(
                f,
                "{arm}: the denominator's mean is within 5 standard errors of 0, so the ratio is not reliable"
            ),
            Self::OneLookOnly => write!(
                f,
                "a quantile's interval is valid for one look at a planned time; to look at any time, compare the share \
                 of units above a threshold"
            ),
            Self::OutOfRange(arm) => write!(f, "{arm}: the result is too large to compute"),
        }
    }
}
