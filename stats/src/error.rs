//! What can be wrong with what a caller asks.

use thiserror::Error;

/// Why there is no answer.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum Error {
    /// The error rate is not between 0 and ½.
    #[error("alpha must be above 0 and below 0.5, not {0}")]
    Alpha(f64),
    /// A sequence was planned for no units.
    #[error("the planned number of units must be above 0")]
    PlannedUnits,
    /// A prior's variance is not a positive number.
    #[error("the prior's variance must be above 0, not {0}")]
    PriorVariance(f64),
    /// Counts and weights differ in number, fewer than two weights are positive, or one is negative.
    #[error("{0}")]
    Weights(&'static str),
    /// A number for a sample size is out of its range.
    #[error("{name} must be {range}")]
    Plan {
        /// Which number.
        name: &'static str,
        /// What it may be.
        range: &'static str,
    },
    /// No number of units that a computer can count has the power that was asked for.
    #[error("no sample is large enough to detect this effect")]
    NotDetectable,
    /// A field of a question cannot be used as it is.
    #[error("{field}: {problem}")]
    Field {
        /// Where it is, such as `arms[1].units`.
        field: String,
        /// What is wrong, with the value and what would be right.
        problem: String,
    },
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
