//! What a rule or the fallthrough serves: one variation, or a split over several.

use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{integer, object};

/// What the weights of a split sum to, and one past the last bucket.
pub const BUCKETS: u32 = 100_000;

/// `{"variation":"on"}` or `{"split":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Serve {
    /// The same variation for everyone.
    Variation(String),
    /// A variation by bucket.
    Split(Split),
}

/// Divides keys over variations in stable proportions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The attribute whose value is bucketed.
    #[serde(default = "super::value::targeting_key")]
    pub by: String,
    /// Flags that share a seed split alike; none means the flag's salt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Variation and weight, taken in order; the weights sum to [`BUCKETS`].
    #[serde(deserialize_with = "weights")]
    pub weights: Vec<(String, u32)>,
}

impl Serialize for Serve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        match self {
            Serve::Variation(name) => map.serialize_entry("variation", name)?,
            Serve::Split(split) => map.serialize_entry("split", split)?,
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Serve {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Fields {
            variation: Option<String>,
            #[serde(default, deserialize_with = "object::optional")]
            split: Option<Split>,
        }
        let fields: Fields = object::one(deserializer)?;
        match (fields.variation, fields.split) {
            (Some(name), None) => Ok(Serve::Variation(name)),
            (None, Some(split)) => Ok(Serve::Split(split)),
            (Some(_), Some(_)) => Err(D::Error::custom(
                "serve either a variation or a split, not both",
            )),
            (None, None) => Err(D::Error::custom("serve needs a variation or a split")),
        }
    }
}

fn weights<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, u32)>, D::Error> {
    #[derive(Deserialize)]
    struct Weight(#[serde(deserialize_with = "integer::u32")] u32);
    let weights = Vec::<(String, Weight)>::deserialize(deserializer)?;
    Ok(weights
        .into_iter()
        .map(|(name, Weight(weight))| (name, weight))
        .collect())
}
