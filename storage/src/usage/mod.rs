//! What applications did with their flags: counts by the hour and by the day, who was exposed to what, and custom events.
//!
//! Written in batches, each counted once however often it arrives. Never notified of, and never part of an
//! environment's version. Targeting keys are kept as hashes alone.

mod batch;
mod counts;
mod erase;
mod events;
mod exposures;
mod impact;
mod period;
mod person;
mod record;
mod report;
mod retention;

use time::Duration;

pub use batch::{UsageBatch, UsageCount, UsageEvent, UsageExposure};
pub(crate) use erase::erase_person;
pub use period::{UsagePeriod, UsageResolution};
pub use report::{
    EventUsage, FlagUsage, FlagUsageSummary, Impact, MAX_BUCKETS, UsageBucket, UsageFilter,
    VariationUsage,
};
pub use retention::UsageTable;

/// How long a batch's id is remembered: one that is sent again within this time counts once.
pub const BATCH_MEMORY: Duration = Duration::hours(24);
