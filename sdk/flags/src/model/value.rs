//! Values and the names of attributes.

/// The value of a variation or an attribute: any JSON. Numbers are IEEE doubles, whatever they were written as.
pub type Value = serde_json::Value;

/// The attribute that holds the context's targeting key, and the default of every `by` and `attribute`.
pub const TARGETING_KEY: &str = "targetingKey";

pub(super) fn targeting_key() -> String {
    TARGETING_KEY.to_owned()
}
