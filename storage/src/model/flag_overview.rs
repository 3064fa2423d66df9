//! Flags as lists show them: the definition, with its targeting in short.

use time::OffsetDateTime;

use super::flag::Flag;
use crate::key::Key;

/// A flag as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagOverview {
    /// The definition.
    pub flag: Flag,
    /// In the project's order of environments.
    pub environments: Vec<TargetingSummary>,
}

/// A flag's targeting in one environment, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetingSummary {
    /// The environment's key.
    pub environment: Key,
    /// Whether it is on.
    pub enabled: bool,
    /// See [`FlagTargeting::version`](super::FlagTargeting::version).
    pub version: i64,
    /// How many rules there are.
    pub rule_count: i64,
    /// How many values are targeted, in all lists together.
    pub target_count: i64,
    /// When the targeting last changed.
    pub updated_at: OffsetDateTime,
    /// When an application last reported an evaluation of the flag there, to the minute.
    pub last_evaluated_at: Option<OffsetDateTime>,
}
