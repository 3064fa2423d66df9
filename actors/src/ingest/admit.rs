//! Decides which parts of a batch are counted.
//!
//! A client key is public, so its data may be made up: only flags that it can see, their variations and known reasons
//! are counted, so that no one can fill the database with names.

use peekaboo_flags::{CompiledFlag, Reason, describe_json_error};
use peekaboo_protocol::{Batch, BatchError, Count, Event, Exposure, MAX_BATCH_ID};
use peekaboo_storage::SdkKeyKind;
use time::OffsetDateTime;

use crate::live::LiveKey;
use crate::metrics::Metrics;
use crate::source::usage::{Admitted, MAX_COUNT, MAX_VALUE};
use crate::state::EnvironmentSnapshot;

/// The maximum length of an event's name, in bytes.
const MAX_EVENT: usize = 100;

/// The maximum length of a targeting key, in bytes.
const MAX_TARGETING_KEY: usize = 1_024;

/// The reasons that are counted by name; all others are counted as UNKNOWN.
const REASONS: [&str; 8] = [
    "STATIC",
    "DEFAULT",
    "TARGETING_MATCH",
    "SPLIT",
    "DISABLED",
    "PREREQUISITE_FAILED",
    "ERROR",
    "UNKNOWN",
];

/// What is wrong with a batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: {detail}")]
pub struct InvalidBatch {
    /// The position, as a JSON Pointer into the batch.
    pub pointer: String,
    /// What is wrong and how to fix it.
    pub detail: String,
}

impl InvalidBatch {
    pub(super) fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            detail: detail.into(),
        }
    }

    /// A batch with invalid members.
    pub(crate) fn unreadable(error: &BatchError) -> Self {
        Self::new(
            "",
            format!("not a batch of events: {}", describe_json_error(error)),
        )
    }
}

/// Checks a batch, and removes entries about flags that its key does not know.
pub(super) fn admit(
    key: &LiveKey,
    mut batch: Batch,
    now: OffsetDateTime,
) -> Result<Admitted, InvalidBatch> {
    check(&batch)?;
    let environment = key.environment();
    let snapshot = environment.snapshot();
    let filter = UsageFilter {
        snapshot: &snapshot,
        kind: key.kind(),
    };
    batch.dropped = batch.dropped.min(MAX_COUNT);
    if batch.dropped > 0 {
        Metrics::events_dropped_by_senders(batch.dropped);
    }
    batch.counts.retain_mut(|count| filter.count(count));
    batch
        .exposures
        .retain_mut(|exposure| filter.exposure(exposure));
    Ok(Admitted {
        environment: environment.id,
        at: now,
        batch,
    })
}

fn check(batch: &Batch) -> Result<(), InvalidBatch> {
    if batch.id.is_empty() || batch.id.len() > MAX_BATCH_ID || batch.id.contains('\0') {
        return Err(InvalidBatch::new(
            "/id",
            format!("an id must have 1 to {MAX_BATCH_ID} bytes and no NUL"),
        ));
    }
    for (index, Count(.., count)) in batch.counts.iter().enumerate() {
        if *count > MAX_COUNT {
            return Err(InvalidBatch::new(
                format!("/counts/{index}/4"),
                format!("a count must be at most {MAX_COUNT}"),
            ));
        }
    }
    for (index, event) in batch.events.iter().enumerate() {
        let Event { event, value, .. } = event;
        if event.is_empty() || event.len() > MAX_EVENT || event.contains('\0') {
            return Err(InvalidBatch::new(
                format!("/events/{index}/event"),
                format!("an event's name must have 1 to {MAX_EVENT} bytes and no NUL"),
            ));
        }
        // Infinity and NaN are outside of the range.
        if value.is_some_and(|value| !(-MAX_VALUE..=MAX_VALUE).contains(&value)) {
            return Err(InvalidBatch::new(
                format!("/events/{index}/value"),
                format!(
                    "a value must be a number from {:e} to {MAX_VALUE:e}",
                    -MAX_VALUE
                ),
            ));
        }
    }
    let exposed = batch.exposures.iter().map(|it| Some(&it.targeting_key));
    let units = batch.exposures.iter().map(|it| it.unit.as_ref());
    let acted = batch.events.iter().map(|it| it.targeting_key.as_ref());
    for (list, member, noun, keys) in [
        (
            "exposures",
            "targetingKey",
            "targeting key",
            exposed.collect::<Vec<_>>(),
        ),
        ("exposures", "unit", "unit", units.collect()),
        ("events", "targetingKey", "targeting key", acted.collect()),
    ] {
        let long = keys
            .iter()
            .position(|key| key.is_some_and(|key| key.len() > MAX_TARGETING_KEY));
        if let Some(index) = long {
            return Err(InvalidBatch::new(
                format!("/{list}/{index}/{member}"),
                format!("a {noun} must have at most {MAX_TARGETING_KEY} bytes"),
            ));
        }
    }
    Ok(())
}

/// Keeps the entries that a key may report, and drops the rest.
struct UsageFilter<'a> {
    snapshot: &'a EnvironmentSnapshot,
    kind: SdkKeyKind,
}

impl UsageFilter<'_> {
    /// Whether a count is kept.
    fn count(&self, count: &mut Count) -> bool {
        let Count(flag, version, variation, reason, _) = count;
        let Some(known) = self.known(flag, variation.as_deref()) else {
            return false;
        };
        *version = version.map(|version| version.min(newest(known)));
        if !REASONS.contains(&reason.as_str()) {
            "UNKNOWN".clone_into(reason);
        }
        true
    }

    /// Whether an exposure is kept: only for tracked flags. Browsers do not know which flags are tracked.
    fn exposure(&self, exposure: &mut Exposure) -> bool {
        let known = self.known(&exposure.flag, Some(&exposure.variation));
        let Some(known) = known.filter(|known| known.is_tracked()) else {
            return false;
        };
        exposure.flag_version = exposure.flag_version.min(newest(known));
        self.assignment(known, exposure)
    }

    /// Whether what is said of the split that assigned the variation is possible. Where it cannot be known, the exposure
    /// says nothing of it any more.
    ///
    /// A client key's client does not know the rules. Its exposure is of the one split that assigns the variation to its
    /// targeting key, if there is one only.
    fn assignment(&self, flag: &CompiledFlag, exposure: &mut Exposure) -> bool {
        if exposure.reason.as_deref() != Some(Reason::Split.as_str()) {
            return true;
        }
        let is_current = flag.version() == Some(exposure.flag_version);
        if self.kind == SdkKeyKind::Server {
            let unit = exposure.unit.as_ref().unwrap_or(&exposure.targeting_key);
            let mut splits = flag.assignments();
            return !is_current
                || splits.any(|split| {
                    split.rule() == exposure.rule.as_deref()
                        && split.variation(unit) == Some(exposure.variation.as_str())
                });
        }
        exposure.unit = None;
        let assigns = flag.assignments().filter(|split| {
            is_current
                && split.is_by_targeting_key()
                && split.variation(&exposure.targeting_key) == Some(exposure.variation.as_str())
        });
        let assigns: Vec<_> = assigns.collect();
        if let [split] = &assigns[..] {
            exposure.rule = split.rule().map(str::to_owned);
        } else {
            (exposure.reason, exposure.rule) = (None, None);
        }
        true
    }

    /// The flag, if this key can see it and it has the variation.
    fn known(&self, key: &str, variation: Option<&str>) -> Option<&CompiledFlag> {
        let flag = self.snapshot.ruleset.flag(key)?;
        if self.kind == SdkKeyKind::Client && !flag.is_client_visible() {
            return None;
        }
        let mut variations = flag.variations();
        let known = variation.is_none_or(|wanted| variations.any(|(name, _)| name == wanted));
        known.then_some(flag)
    }
}

/// The newest version that an entry about the flag may name; any version for a malformed flag.
fn newest(flag: &CompiledFlag) -> u64 {
    flag.version().unwrap_or(u64::MAX)
}
