//! Conditions: trees of clauses, and their JSON form.
//!
//! The JSON form tells conditions apart by their fields (`{"all":…}`, `{"segment":…}`), so reading is written by hand:
//! errors then name what is missing, and the depth is bounded before anything recurses.

use std::fmt;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Value, integer, object};

/// How deep a condition may nest, however it arrives; a deeper one is malformed.
///
/// The limit is part of the format: JSON parsers stop at 128 levels, a condition takes up to two a level, and every
/// walk over a condition may therefore recurse.
pub const MAX_CONDITION_DEPTH: usize = 32;

/// Who a rule or a segment is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Every one holds; true when empty.
    All(Vec<Condition>),
    /// At least one holds; false when empty.
    Any(Vec<Condition>),
    /// Does not hold: plain logic, also where an attribute is missing.
    Not(Box<Condition>),
    /// The context belongs to the segment of this key.
    Segment(String),
    /// The flag is enabled and serves one of the variations.
    Flag {
        /// The flag's key.
        flag: String,
        /// Any of them will do.
        variations: Vec<String>,
    },
    /// The key falls in a range of buckets.
    Bucket(Bucket),
    /// An attribute compares with one of some values.
    Clause(Clause),
}

impl Condition {
    /// Holds for everyone.
    pub fn always() -> Self {
        Condition::All(Vec::new())
    }

    /// Holds for no one.
    pub fn never() -> Self {
        Condition::Any(Vec::new())
    }
}

/// True for the share of keys whose bucket is in `from..below`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The attribute whose value is bucketed.
    #[serde(default = "super::value::targeting_key")]
    pub by: String,
    /// A shared seed makes groups exclusive or alike across flags; none means the flag's salt (not in a segment).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// The first bucket.
    #[serde(default, deserialize_with = "integer::u32")]
    pub from: u32,
    /// One past the last bucket, at most [`BUCKETS`](super::BUCKETS).
    #[serde(deserialize_with = "integer::u32")]
    pub below: u32,
}

/// Compares an attribute with values; any value may match, and of an array any element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Clause {
    /// A name, or a JSON Pointer when it begins with `/`.
    pub attribute: String,
    /// How to compare.
    pub op: Operator,
    /// What to compare with.
    #[serde(default)]
    pub values: Vec<Value>,
    /// Holds when no value matches; a missing, null or malformed attribute still never matches.
    #[serde(default)]
    pub negate: bool,
    /// Compare ASCII letters without regard to case, for `in`, `startsWith`, `endsWith`, `contains` and `matches`.
    #[serde(default)]
    pub ignore_case: bool,
}

macro_rules! operators {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// How a clause compares.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Operator {
            $($(#[$doc])* $variant,)*
        }

        impl Operator {
            /// Every operator, in the order of the documentation.
            pub const ALL: &[Operator] = &[$(Operator::$variant,)*];

            /// The name used in JSON.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Operator::$variant => $name,)*
                }
            }
        }

        impl<'de> Deserialize<'de> for Operator {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                object::name(deserializer, &[$($name,)*], Operator::ALL)
            }
        }
    };
}

operators! {
    /// Equals, of the same type: string, number or boolean.
    In = "in",
    /// Text begins with.
    StartsWith = "startsWith",
    /// Text ends with.
    EndsWith = "endsWith",
    /// Text has the value somewhere in it.
    Contains = "contains",
    /// Text has a match of the portable regular expression somewhere in it.
    Matches = "matches",
    /// Number is less.
    Lt = "lt",
    /// Number is less or equal.
    Lte = "lte",
    /// Number is greater.
    Gt = "gt",
    /// Number is greater or equal.
    Gte = "gte",
    /// Instant (RFC 3339, or epoch milliseconds) is earlier.
    Before = "before",
    /// Instant is later.
    After = "after",
    /// Semantic version has the same precedence.
    SemverEq = "semverEq",
    /// Semantic version is lower.
    SemverLt = "semverLt",
    /// Semantic version is lower or has the same precedence.
    SemverLte = "semverLte",
    /// Semantic version is higher.
    SemverGt = "semverGt",
    /// Semantic version is higher or has the same precedence.
    SemverGte = "semverGte",
    /// IP address is in the network.
    InCidr = "inCidr",
    /// The attribute is there and not null.
    Exists = "exists",
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Condition::Clause(clause) = self {
            return clause.serialize(serializer);
        }
        let entries = if matches!(self, Condition::Flag { .. }) {
            2
        } else {
            1
        };
        let mut map = serializer.serialize_map(Some(entries))?;
        match self {
            Condition::All(conditions) => map.serialize_entry("all", conditions)?,
            Condition::Any(conditions) => map.serialize_entry("any", conditions)?,
            Condition::Not(condition) => map.serialize_entry("not", condition)?,
            Condition::Segment(key) => map.serialize_entry("segment", key)?,
            Condition::Flag { flag, variations } => {
                map.serialize_entry("flag", flag)?;
                map.serialize_entry("variations", variations)?;
            }
            Condition::Bucket(bucket) => map.serialize_entry("bucket", bucket)?,
            Condition::Clause(_) => {}
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Nested { depth: 1 }.deserialize(deserializer)
    }
}

/// Reads a condition that stands `depth` levels down its tree.
#[derive(Clone, Copy)]
struct Nested {
    depth: usize,
}

impl Nested {
    fn deeper(self) -> Self {
        Nested {
            depth: self.depth + 1,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Nested {
    type Value = Condition;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Condition, D::Error> {
        if self.depth > MAX_CONDITION_DEPTH {
            return Err(D::Error::custom(format_args!(
                "conditions nest at most {MAX_CONDITION_DEPTH} deep"
            )));
        }
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Nested {
    type Value = Condition;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a condition: an object with one of all, any, not, segment, flag, bucket or attribute",
        )
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Condition, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "all" => {
                    fields.set_tree(Condition::All(map.next_value_seed(List(self.deeper()))?))?;
                }
                "any" => {
                    fields.set_tree(Condition::Any(map.next_value_seed(List(self.deeper()))?))?;
                }
                "not" => fields.set_tree(Condition::Not(Box::new(
                    map.next_value_seed(self.deeper())?,
                )))?,
                "segment" => fields.set_tree(Condition::Segment(map.next_value()?))?,
                "bucket" => {
                    let object::Object(bucket) = map.next_value()?;
                    fields.set_tree(Condition::Bucket(bucket))?;
                }
                "flag" => fields.flag = Some(map.next_value()?),
                "variations" => fields.variations = Some(map.next_value()?),
                "attribute" => fields.attribute = Some(map.next_value()?),
                "op" => fields.op = Some(map.next_value()?),
                "values" => fields.values = map.next_value()?,
                "negate" => fields.negate = map.next_value()?,
                "ignoreCase" => fields.ignore_case = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        fields.condition()
    }
}

/// Reads the conditions of an `all` or `any`.
struct List(Nested);

impl<'de> DeserializeSeed<'de> for List {
    type Value = Vec<Condition>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Vec<Condition>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List {
    type Value = Vec<Condition>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of conditions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Condition>, A::Error> {
        let mut conditions = Vec::new();
        while let Some(condition) = seq.next_element_seed(self.0)? {
            conditions.push(condition);
        }
        Ok(conditions)
    }
}

/// The fields met in one condition's object, before it is known which condition they make.
#[derive(Default)]
struct Fields {
    tree: Option<Condition>,
    flag: Option<String>,
    variations: Option<Vec<String>>,
    attribute: Option<String>,
    op: Option<Operator>,
    values: Vec<Value>,
    negate: bool,
    ignore_case: bool,
}

const ONE_OF: &str =
    "a condition has exactly one of all, any, not, segment, flag, bucket or attribute";

impl Fields {
    fn set_tree<E: Error>(&mut self, condition: Condition) -> Result<(), E> {
        if self.tree.is_some() {
            return Err(E::custom(ONE_OF));
        }
        self.tree = Some(condition);
        Ok(())
    }

    fn condition<E: Error>(self) -> Result<Condition, E> {
        match (self.tree, self.flag, self.attribute) {
            (Some(condition), None, None) => Ok(condition),
            (None, Some(flag), None) => {
                let variations = self
                    .variations
                    .ok_or_else(|| E::missing_field("variations"))?;
                Ok(Condition::Flag { flag, variations })
            }
            (None, None, Some(attribute)) => Ok(Condition::Clause(Clause {
                attribute,
                op: self.op.ok_or_else(|| E::missing_field("op"))?,
                values: self.values,
                negate: self.negate,
                ignore_case: self.ignore_case,
            })),
            _ => Err(E::custom(ONE_OF)),
        }
    }
}
