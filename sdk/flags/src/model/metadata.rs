//! What people note about a flag for their tools: an owner, a ticket, a dashboard. Evaluation never looks at it.

use serde::{Deserialize, Deserializer};
use serde_json::Map;

use super::Value;

/// Booleans, numbers and strings by name, as `OpenFeature`'s flag metadata.
pub type Metadata = Map<String, Value>;

/// Names that `OpenFeature` and the SDKs give a meaning of their own.
pub const RESERVED_METADATA: [&str; 5] =
    ["contextId", "flagSetId", "flagVersion", "reason", "version"];

/// Reads it leniently: nothing that is noted about a flag may keep it from being served.
pub(super) fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Metadata, D::Error> {
    let Value::Object(mut metadata) = Value::deserialize(deserializer)? else {
        return Ok(Metadata::new());
    };
    metadata.retain(|_, value| is_noted(value));
    Ok(metadata)
}

/// Whether a value is a boolean, a number or a string.
pub(crate) fn is_noted(value: &Value) -> bool {
    !matches!(value, Value::Null | Value::Array(_) | Value::Object(_))
}
