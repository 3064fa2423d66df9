//! What a batch of EVENTS holds: the same on the stream, as MessagePack, and in `POST /sdk/v1/events`, as JSON.
//!
//! Times are ages, counted by the sender's monotonic clock: a client whose clock is wrong is still placed right.

use rmp::Marker;
use rmp_serde::decode;
use serde::{Deserialize, Serialize};

use crate::error::BatchError;
use crate::msgpack::Encoded;

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

impl Batch {
    /// The batch as EVENTS carries it.
    #[expect(clippy::missing_panics_doc, reason = "a batch always has a JSON form")]
    pub fn encode(&self) -> Encoded {
        Encoded::of(self).expect("a batch has a JSON form")
    }

    /// Reads what EVENTS carried. A list's length is known to be that of its elements, so what it makes us allocate is
    /// at most as many elements, and at most a mebibyte before the first of them is read.
    ///
    /// # Errors
    /// When it is not a batch: a member is missing, of the wrong type or there twice.
    pub fn decode(encoded: &Encoded) -> Result<Self, BatchError> {
        rmp_serde::from_slice(encoded.as_bytes()).map_err(|error| BatchError(reason(&error)))
    }
}

/// `rmp-serde` names the byte where it expected a number.
fn reason(error: &decode::Error) -> String {
    match error {
        decode::Error::TypeMismatch(found) => {
            format!("invalid type: {}, expected a number", type_name(*found))
        }
        error => error.to_string(),
    }
}

fn type_name(marker: Marker) -> &'static str {
    match marker {
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "string",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "array",
        _ => "map",
    }
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
    /// Why it was served, as in the detail. Only where it is `SPLIT` did a split assign the variation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The id of the rule that matched, from senders that evaluate rules; none where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The value that the split bucketed, as text, where it is not the targeting key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
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
    use serde_json::{Value, json};

    use super::*;

    fn decoded(value: &Value) -> Result<Batch, String> {
        Batch::decode(&Encoded::of_json(value)).map_err(|error| error.to_string())
    }

    #[test]
    fn a_batch_is_read_back_and_absent_lists_are_empty() {
        let whole = json!({
            "id": "b1",
            "ageMillis": 5000,
            "counts": [["new-checkout", 7, "on", "SPLIT", 12], ["gone", null, null, "ERROR", 1]],
            "exposures": [{
                "flag": "new-checkout", "flagVersion": 7, "variation": "on", "targetingKey": "user-1", "ageMillis": 900,
                "reason": "SPLIT", "rule": "firms", "unit": "acme"
            }],
            "events": [{"event": "purchase", "value": 12.5, "targetingKey": "user-1", "ageMillis": 10}],
            "dropped": 3
        });
        for value in [whole, json!({"id": "b2"})] {
            let batch = decoded(&value).unwrap();
            assert_eq!(serde_json::to_value(&batch).unwrap(), value);
            assert_eq!(serde_json::from_value::<Batch>(value).unwrap(), batch);
            assert_eq!(Batch::decode(&batch.encode()), Ok(batch));
        }
    }

    #[test]
    fn members_that_are_not_known_are_ignored() {
        let batch = json!({"id": "b", "usage": [{"deep": [[]]}], "events": [{"event": "e", "ageMillis": 1, "x": {}}]});
        let batch = decoded(&batch).unwrap();
        assert_eq!(batch.events[0].event, "e");
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (wrong, reason) in [
            (json!({}), "missing field `id`"),
            (json!(7), "invalid type: integer `7`, expected struct Batch"),
            (
                json!({"id": 7}),
                "invalid type: integer `7`, expected a string",
            ),
            (
                json!({"id": "b", "dropped": -1}),
                "invalid value: integer `-1`, expected u64",
            ),
            (
                json!({"id": "b", "dropped": "many"}),
                "invalid type: string, expected a number",
            ),
            (
                json!({"id": "b", "counts": [["f", 1, "on", "SPLIT", []]]}),
                "invalid type: array, expected a number",
            ),
            (
                json!({"id": "b", "counts": [["f", 1, "on", "SPLIT"]]}),
                "invalid length 4, expected tuple struct Count with 5 elements",
            ),
            (
                json!({"id": "b", "counts": [["f", 1, "on", "SPLIT", 1, 2]]}),
                "array had incorrect length, expected 5",
            ),
            (
                json!({"id": "b", "events": [{"event": "e", "value": {}, "ageMillis": 1}]}),
                "invalid type: map, expected a number",
            ),
        ] {
            assert_eq!(decoded(&wrong), Err(reason.to_owned()), "{wrong}");
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused() {
        let id = [&[0xa2][..], b"id", &[0xa1], b"b"].concat();
        let twice = Encoded::copied(&[&[0x82][..], &id, &id].concat());
        assert_eq!(
            Batch::decode(&twice),
            Err(BatchError("duplicate field `id`".to_owned()))
        );
    }
}
