//! What several resources show or take: the ruleset's shapes and the members that repeat.

mod access;
mod condition;
mod convert;
mod detail;
mod given_time;
mod targeting;

pub(crate) use access::{
    Grant, GrantHolder, GrantScope, GranteeKind, PermissionInfo, PermissionSchema, RoleName,
    RoleSchema, grant_holder, grants,
};
pub(crate) use condition::{
    AllCondition, AnyCondition, Bucket, BucketCondition, Clause, Condition, FlagCondition,
    NotCondition, Operator, SegmentCondition,
};
pub(crate) use detail::Detail;
pub(crate) use given_time::{given_time, present_time};
pub(crate) use targeting::{
    Prerequisite, ReplaceTargeting, Rule, Serve, ServeSplit, ServeVariation, Split, Target,
    Targeting, UpdateTargeting,
};

use serde::{Deserialize, Deserializer};

/// Tells a member that is absent (`None`, by `#[serde(default)]`) from one that is null: a merge patch needs the
/// difference, and a member that cannot be null then refuses it.
pub(crate) fn present<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// What `attribute` and `by` are where they are left out.
pub(crate) fn targeting_key() -> String {
    "targetingKey".to_owned()
}

/// The condition that holds for nobody.
pub(crate) fn nobody() -> Condition {
    Condition::Any(AnyCondition { any: Vec::new() })
}
