//! Conditions as the API takes and shows them: the recursive part of a rule.

use serde::{Deserialize, Deserializer, Serialize, de};
use serde_json::Value;
use utoipa::ToSchema;

/// When a rule or segment applies: a tree of clauses.
///
/// Exactly one of the forms; which one is told by its member.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(example = json!({"all": [
    {"attribute": "country", "op": "in", "values": ["SE", "NO"]},
    {"not": {"segment": "beta"}}
]}))]
pub(crate) enum Condition {
    /// True when each of them is.
    All(AllCondition),
    /// True when one of them is.
    Any(AnyCondition),
    /// True when the other is not.
    Not(NotCondition),
    /// True when the context belongs to the segment.
    Segment(SegmentCondition),
    /// True when another flag serves one of these variations.
    Flag(FlagCondition),
    /// True for a share of the keys.
    Bucket(BucketCondition),
    /// Compares an attribute of the context.
    Clause(Clause),
}

/// True when every one of its conditions is; an empty list is true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AllCondition {
    /// The conditions.
    #[schema(no_recursion)]
    pub all: Vec<Condition>,
}

/// True when at least one of its conditions is; an empty list is false.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnyCondition {
    /// The conditions.
    #[schema(no_recursion)]
    pub any: Vec<Condition>,
}

/// True when its condition is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotCondition {
    /// The condition.
    #[schema(no_recursion)]
    pub not: Box<Condition>,
}

/// True when the context belongs to a segment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SegmentCondition {
    /// The segment's key.
    pub segment: String,
}

/// True when another flag of the environment serves one of these variations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FlagCondition {
    /// The other flag's key.
    pub flag: String,
    /// Its variations that make this true.
    pub variations: Vec<String>,
}

/// True for a share of the keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BucketCondition {
    /// The share.
    pub bucket: Bucket,
}

/// A share of the keys, in parts of 100,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"by": "targetingKey", "seed": "holdout-2026", "from": 0, "below": 25000}))]
pub(crate) struct Bucket {
    /// The attribute whose value is hashed.
    pub by: String,
    /// Conditions of one seed see the same buckets, which makes them exclude one another. None: the flag's salt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seed: Option<String>,
    /// The first bucket that belongs.
    #[schema(minimum = 0, maximum = 100_000)]
    pub from: u32,
    /// The first bucket after `from` that no longer belongs.
    #[schema(minimum = 0, maximum = 100_000)]
    pub below: u32,
}

/// Compares an attribute of the context with values; any value may match.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"attribute": "country", "op": "in", "values": ["SE", "NO"]}))]
pub(crate) struct Clause {
    /// An attribute's name, or a JSON Pointer into the context where it begins with `/`.
    pub attribute: String,
    /// How to compare.
    pub op: Operator,
    /// What to compare with; `exists` takes none.
    #[serde(default)]
    #[schema(required = false)]
    pub values: Vec<Value>,
    /// Turns the outcome around. A missing attribute matches neither way.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(required = false, default = false)]
    pub negate: bool,
    /// Compares strings without regard to case.
    #[serde(default, skip_serializing_if = "is_false")]
    #[schema(required = false, default = false)]
    pub ignore_case: bool,
}

/// How a clause compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Operator {
    /// Equals one of the values.
    In,
    /// Begins with one of them.
    StartsWith,
    /// Ends with one of them.
    EndsWith,
    /// Contains one of them.
    Contains,
    /// Matches one of these regular expressions.
    Matches,
    /// A number below.
    Lt,
    /// A number at most.
    Lte,
    /// A number above.
    Gt,
    /// A number at least.
    Gte,
    /// A time before: RFC 3339, or milliseconds since 1970.
    Before,
    /// A time after.
    After,
    /// The same semantic version.
    SemverEq,
    /// A lower semantic version.
    SemverLt,
    /// A semantic version at most.
    SemverLte,
    /// A higher semantic version.
    SemverGt,
    /// A semantic version at least.
    SemverGte,
    /// An IP address within one of these ranges.
    InCidr,
    /// The attribute is there and not null.
    Exists,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde calls it with a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// Every member that any form of a condition has. Read this way, an error in the depth keeps its path, which an
/// untagged enum would lose.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members {
    all: Option<Vec<Condition>>,
    any: Option<Vec<Condition>>,
    not: Option<Box<Condition>>,
    segment: Option<String>,
    flag: Option<String>,
    variations: Option<Vec<String>>,
    bucket: Option<Bucket>,
    attribute: Option<String>,
    op: Option<Operator>,
    values: Option<Vec<Value>>,
    negate: Option<bool>,
    ignore_case: Option<bool>,
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Members::deserialize(deserializer)?.into_condition()
    }
}

impl Members {
    fn into_condition<E: de::Error>(self) -> Result<Condition, E> {
        let forms = [
            ("all", self.all.is_some()),
            ("any", self.any.is_some()),
            ("not", self.not.is_some()),
            ("segment", self.segment.is_some()),
            ("flag", self.flag.is_some()),
            ("bucket", self.bucket.is_some()),
            ("attribute", self.attribute.is_some()),
        ];
        let given: Vec<_> = forms
            .iter()
            .filter(|form| form.1)
            .map(|form| form.0)
            .collect();
        let [form] = given.as_slice() else {
            return Err(E::custom(if given.is_empty() {
                "a condition needs one of all, any, not, segment, flag, bucket or attribute"
                    .to_owned()
            } else {
                format!(
                    "a condition must have only one form, but this one has {}",
                    given.join(" and ")
                )
            }));
        };
        self.refuse_strays(form)?;
        let missing = |name| E::missing_field(name);
        Ok(match *form {
            "all" => Condition::All(AllCondition {
                all: self.all.ok_or_else(|| missing("all"))?,
            }),
            "any" => Condition::Any(AnyCondition {
                any: self.any.ok_or_else(|| missing("any"))?,
            }),
            "not" => Condition::Not(NotCondition {
                not: self.not.ok_or_else(|| missing("not"))?,
            }),
            "segment" => Condition::Segment(SegmentCondition {
                segment: self.segment.ok_or_else(|| missing("segment"))?,
            }),
            "flag" => Condition::Flag(FlagCondition {
                flag: self.flag.ok_or_else(|| missing("flag"))?,
                variations: self.variations.ok_or_else(|| missing("variations"))?,
            }),
            "bucket" => Condition::Bucket(BucketCondition {
                bucket: self.bucket.ok_or_else(|| missing("bucket"))?,
            }),
            _ => Condition::Clause(Clause {
                attribute: self.attribute.ok_or_else(|| missing("attribute"))?,
                op: self.op.ok_or_else(|| missing("op"))?,
                values: self.values.unwrap_or_default(),
                negate: self.negate.unwrap_or_default(),
                ignore_case: self.ignore_case.unwrap_or_default(),
            }),
        })
    }

    /// `{"segment": "beta", "negate": true}` would look as if it were negated.
    fn refuse_strays<E: de::Error>(&self, form: &str) -> Result<(), E> {
        let strays = [
            ("variations", "flag", self.variations.is_some()),
            ("op", "attribute", self.op.is_some()),
            ("values", "attribute", self.values.is_some()),
            ("negate", "attribute", self.negate.is_some()),
            ("ignoreCase", "attribute", self.ignore_case.is_some()),
        ];
        match strays
            .iter()
            .find(|(_, owner, given)| *given && *owner != form)
        {
            None => Ok(()),
            Some((member, owner, _)) => Err(E::custom(format!(
                "{member} is only allowed with {owner}, not with {form}"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_condition_reads_back_as_it_was_written() {
        let written = json!({"all": [
            {"any": []},
            {"not": {"segment": "beta"}},
            {"flag": "payments", "variations": ["on"]},
            {"bucket": {"by": "targetingKey", "seed": "s", "from": 0, "below": 25000}},
            {"attribute": "country", "op": "in", "values": ["SE"], "negate": true},
        ]});
        let condition: Condition = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(condition).unwrap(), written);
    }

    #[test]
    fn an_error_in_the_depth_names_the_member() {
        for (body, expected) in [
            (json!({}), "needs one of"),
            (json!({"all": [], "any": []}), "all and any"),
            (
                json!({"segment": "beta", "negate": true}),
                "negate is only allowed with attribute",
            ),
            (json!({"flag": "f"}), "missing field `variations`"),
            (json!({"attribute": "a"}), "missing field `op`"),
            (
                json!({"attribute": "a", "op": "like"}),
                "unknown variant `like`",
            ),
            (json!({"all": [{"nope": 1}]}), "unknown field `nope`"),
        ] {
            let error = serde_json::from_value::<Condition>(body)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
