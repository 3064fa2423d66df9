//! A flag of a document: its definition, and its targeting in the document's environment.

use std::collections::BTreeMap;
use std::fmt;

use peekaboo_flags::model::{Metadata, Prerequisite, Rule, Serve, Target};
use peekaboo_flags::{Flag, FlagType, Value};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A flag with its targeting in one environment.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagDocument {
    /// For people; none leaves it as it is, and to a new flag gives its key.
    pub name: Option<String>,
    /// For people; none leaves it as it is.
    pub description: Option<String>,
    /// To find it by; none leaves them as they are.
    pub tags: Option<Vec<String>>,
    /// The type that every variation's value has.
    pub type_: FlagType,
    /// What it can serve, in the order in which people think of it.
    pub variations: Vec<Variation>,
    /// Whether client keys see its value.
    pub client_visible: bool,
    /// Whether evaluations are reported as exposures.
    pub track: bool,
    /// What people note about it for their tools; none leaves it as it is.
    pub metadata: Option<Metadata>,
    /// Seeds the splits and bucket conditions that carry no seed of their own; none takes the hub's.
    pub salt: Option<String>,
    /// Who gets what.
    pub targeting: Targeting,
}

/// One of the values that a flag can serve; as JSON, in the admin API's form.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Variation {
    /// What rules call it.
    pub key: String,
    /// What applications get.
    pub value: Value,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Who gets which variation, in one environment.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Targeting {
    /// A disabled flag serves its off variation to everyone.
    pub enabled: bool,
    /// Served while disabled and when a prerequisite fails; none leaves it to the caller's default.
    pub off_variation: Option<String>,
    /// Flags that must be enabled and serve one of the given variations first.
    pub prerequisites: Vec<Prerequisite>,
    /// Individual values, before all rules.
    pub targets: Vec<Target>,
    /// The first rule that matches serves.
    pub rules: Vec<Rule>,
    /// Served to whom no target and no rule matched.
    pub fallthrough: Serve,
}

impl Variation {
    /// A variation that people know by its key.
    pub fn new(key: impl Into<String>, value: impl Into<Value>) -> Self {
        Variation {
            key: key.into(),
            value: value.into(),
            name: None,
            description: None,
        }
    }
}

impl FlagDocument {
    /// The flag as an environment's ruleset has it.
    pub fn ruleset_flag(&self) -> Flag {
        let targeting = self.targeting.clone();
        let variations = self.variations.iter();
        Flag {
            type_: self.type_,
            enabled: targeting.enabled,
            variations: variations
                .map(|variation| (variation.key.clone(), variation.value.clone()))
                .collect(),
            off_variation: targeting.off_variation,
            prerequisites: targeting.prerequisites,
            targets: targeting.targets,
            rules: targeting.rules,
            fallthrough: targeting.fallthrough,
            salt: self.salt.clone().unwrap_or_default(),
            version: 0,
            client_visible: self.client_visible,
            track: self.track,
            metadata: self.metadata.clone().unwrap_or_default(),
        }
    }
}

/// What people may say of a variation next to its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct VariationDetails {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

/// The members of a flag in their order in the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: &'a Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: &'a Option<Vec<String>>,
    #[serde(rename = "type")]
    type_: FlagType,
    variations: InOrder<&'a Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    variation_details: BTreeMap<&'a str, VariationDetails>,
    client_visible: bool,
    track: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: &'a Option<Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: &'a Option<String>,
    #[serde(flatten)]
    targeting: &'a Targeting,
}

impl Serialize for FlagDocument {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let variations = self.variations.iter();
        let details = self.variations.iter().filter_map(|variation| {
            let details = VariationDetails {
                name: variation.name.clone(),
                description: variation.description.clone(),
            };
            (details != VariationDetails::default()).then_some((variation.key.as_str(), details))
        });
        Written {
            name: &self.name,
            description: &self.description,
            tags: &self.tags,
            type_: self.type_,
            variations: InOrder(
                variations
                    .map(|variation| (variation.key.clone(), &variation.value))
                    .collect(),
            ),
            variation_details: details.collect(),
            client_visible: self.client_visible,
            track: self.track,
            metadata: &self.metadata,
            salt: &self.salt,
            targeting: &self.targeting,
        }
        .serialize(serializer)
    }
}

/// What is read: the ruleset's flag, and what is next to it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    name: Option<String>,
    description: Option<String>,
    tags: Option<Vec<String>>,
    #[serde(rename = "type")]
    type_: FlagType,
    variations: InOrder<Value>,
    #[serde(default)]
    variation_details: BTreeMap<String, VariationDetails>,
    #[serde(default)]
    client_visible: bool,
    #[serde(default)]
    track: bool,
    metadata: Option<Metadata>,
    salt: Option<String>,
    #[serde(default)]
    enabled: bool,
    off_variation: Option<String>,
    #[serde(default)]
    prerequisites: Vec<Prerequisite>,
    #[serde(default)]
    targets: Vec<Target>,
    #[serde(default)]
    rules: Vec<Rule>,
    fallthrough: Serve,
}

impl<'de> Deserialize<'de> for FlagDocument {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut read = Read::deserialize(deserializer)?;
        let variations = read.variations.0.into_iter().map(|(key, value)| {
            let details = read.variation_details.remove(&key).unwrap_or_default();
            Variation {
                key,
                value,
                name: details.name,
                description: details.description,
            }
        });
        let variations: Vec<_> = variations.collect();
        if let Some(key) = read.variation_details.keys().next() {
            let message = format!("variationDetails names the unknown variation {key:?}");
            return Err(D::Error::custom(message));
        }
        Ok(FlagDocument {
            name: read.name,
            description: read.description,
            tags: read.tags,
            type_: read.type_,
            variations,
            client_visible: read.client_visible,
            track: read.track,
            metadata: read.metadata,
            salt: read.salt,
            targeting: Targeting {
                enabled: read.enabled,
                off_variation: read.off_variation,
                prerequisites: read.prerequisites,
                targets: read.targets,
                rules: read.rules,
                fallthrough: read.fallthrough,
            },
        })
    }
}

/// An object whose members keep their order.
struct InOrder<T>(Vec<(String, T)>);

impl<T: Serialize> Serialize for InOrder<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de> Deserialize<'de> for InOrder<Value> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = InOrder<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a value for each variation")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(String, Value)> = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(A::Error::custom(format!("duplicate variation {key:?}")));
            }
            entries.push((key, value));
        }
        Ok(InOrder(entries))
    }
}
