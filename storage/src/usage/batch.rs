//! What a batch of usage says, with its times made absolute.

use time::OffsetDateTime;

use crate::EnvironmentId;

/// What one batch says.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageBatch {
    /// Where it happened.
    pub environment: EnvironmentId,
    /// The sender's name for the batch.
    pub id: String,
    /// When it arrived.
    pub at: OffsetDateTime,
    /// When its counts were made, which is the hour that they belong to.
    pub counted_at: OffsetDateTime,
    /// How often what was served.
    pub counts: Vec<UsageCount>,
    /// Who was served what.
    pub exposures: Vec<UsageExposure>,
    /// What the application reported by itself.
    pub events: Vec<UsageEvent>,
}

/// Evaluations of one flag with one outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageCount {
    /// The flag's key.
    pub flag: String,
    /// The flag's version, where known.
    pub flag_version: Option<i64>,
    /// The variation, where one was served.
    pub variation: Option<String>,
    /// Why.
    pub reason: String,
    /// How often.
    pub count: i64,
}

/// That somebody was served a variation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageExposure {
    /// The flag's key.
    pub flag: String,
    /// The flag's version.
    pub flag_version: i64,
    /// The variation.
    pub variation: String,
    /// Whom; hashed before it is kept.
    pub targeting_key: String,
    /// When.
    pub at: OffsetDateTime,
}

/// A custom event.
#[derive(Clone, Debug, PartialEq)]
pub struct UsageEvent {
    /// Its name.
    pub event: String,
    /// Its value, where it has one.
    pub value: Option<f64>,
    /// Who did it, where known; hashed before it is kept.
    pub targeting_key: Option<String>,
    /// When.
    pub at: OffsetDateTime,
}
