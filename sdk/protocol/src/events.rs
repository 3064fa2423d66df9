//! What a batch of EVENTS holds: the same on the stream, as MessagePack, and in `POST /sdk/v1/events`, as JSON.
//!
//! Times are ages, counted by the sender's monotonic clock: a client whose clock is wrong is still placed right.

use serde::{Deserialize, Serialize};

/// The longest id of a batch, in bytes.
pub const MAX_BATCH_ID: usize = 64;

/// What an application did with its flags since the batch before.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Batch {
    /// Random, chosen by the sender. A batch that arrives twice under one id counts once.
    pub id: String,
    /// How long before the batch was first sent its counts were made, in milliseconds: said by who keeps batches for
    /// others, as an edge does.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub age_millis: u64,
    /// How often what was served.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counts: Vec<Count>,
    /// Who was served what, of flags that are tracked. A sender may name the same one again, and need not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exposures: Vec<Exposure>,
    /// What the application reported by itself, as conversions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// How many evaluations, exposures and events the sender had no room for and are in no batch.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub dropped: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Evaluations of one flag with one outcome: `[flag, flagVersion, variation, reason, count]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count(
    /// The flag's key.
    pub String,
    /// The flag's version; `None` where the flag is unknown.
    pub Option<u64>,
    /// The variation served; `None` where the caller's default was.
    pub Option<String>,
    /// Why, as in the detail.
    pub String,
    /// How often.
    pub u64,
);

/// That a context was served a variation of a tracked flag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exposure {
    /// The flag's key.
    pub flag: String,
    /// The flag's version.
    pub flag_version: u64,
    /// The variation served.
    pub variation: String,
    /// Whom it was served to.
    pub targeting_key: String,
    /// How long before the batch was first sent, in milliseconds.
    pub age_millis: u64,
}

/// Something that a context did, as the application reports it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The event's name.
    pub event: String,
    /// Its value, where it has one: an amount, a duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Who did it, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targeting_key: Option<String>,
    /// How long before the batch was first sent, in milliseconds.
    pub age_millis: u64,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_batch_reads_back_and_what_is_absent_is_empty() {
        let whole = json!({
            "id": "b1",
            "ageMillis": 5000,
            "counts": [["new-checkout", 7, "on", "SPLIT", 12], ["gone", null, null, "ERROR", 1]],
            "exposures": [{
                "flag": "new-checkout", "flagVersion": 7, "variation": "on", "targetingKey": "user-1", "ageMillis": 900
            }],
            "events": [{"event": "purchase", "value": 12.5, "targetingKey": "user-1", "ageMillis": 10}],
            "dropped": 3
        });
        let batch: Batch = serde_json::from_value(whole.clone()).unwrap();
        assert_eq!(serde_json::to_value(&batch).unwrap(), whole);
        let empty: Batch = serde_json::from_value(json!({"id": "b2"})).unwrap();
        assert_eq!(serde_json::to_value(empty).unwrap(), json!({"id": "b2"}));
    }
}
