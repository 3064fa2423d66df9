//! Condition trees, compiled.

use super::clause::Clause;
use super::fault::Fault;
use crate::bucket::Seed;
use crate::context::{AttributeRef, Context};
use crate::model::{self, MAX_CONDITION_DEPTH};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    All(Box<[Condition]>),
    Any(Box<[Condition]>),
    Not(Box<Condition>),
    Segment(Box<str>),
    Flag {
        flag: Box<str>,
        variations: Box<[Box<str>]>,
    },
    Bucket(BucketRange),
    Clause(Clause),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BucketRange {
    pub(crate) by: By,
    pub(crate) from: u32,
    pub(crate) below: u32,
}

/// What is bucketed, and with which seed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct By {
    /// As written, for the trace.
    pub(crate) name: Box<str>,
    /// None where the name is malformed: always missing.
    pub(crate) attribute: Option<AttributeRef>,
    pub(crate) seed: Seed,
}

impl By {
    pub(crate) fn new(name: &str, seed: &str) -> Self {
        By {
            name: name.into(),
            attribute: AttributeRef::parse(name),
            seed: Seed::new(seed),
        }
    }

    /// The bucket of a context; none where the attribute is missing or cannot be bucketed.
    #[inline]
    pub(crate) fn bucket(&self, context: &Context) -> Option<u32> {
        self.seed
            .bucket_of(self.attribute.as_ref()?.resolve(context))
    }
}

impl Condition {
    /// Compiles a tree whose buckets without a seed use `salt`, if there is one.
    pub(crate) fn compile(condition: &model::Condition, salt: Option<&str>) -> Result<Self, Fault> {
        compile(condition, salt, 1)
    }
}

fn compile(
    condition: &model::Condition,
    salt: Option<&str>,
    depth: usize,
) -> Result<Condition, Fault> {
    if depth > MAX_CONDITION_DEPTH {
        return Err(Fault::new(format!(
            "conditions nest at most {MAX_CONDITION_DEPTH} deep"
        )));
    }
    let each = |conditions: &[model::Condition]| -> Result<Box<[Condition]>, Fault> {
        conditions
            .iter()
            .map(|condition| compile(condition, salt, depth + 1))
            .collect()
    };
    Ok(match condition {
        model::Condition::All(conditions) => Condition::All(each(conditions)?),
        model::Condition::Any(conditions) => Condition::Any(each(conditions)?),
        model::Condition::Not(condition) => {
            Condition::Not(Box::new(compile(condition, salt, depth + 1)?))
        }
        model::Condition::Segment(key) => Condition::Segment(key.as_str().into()),
        model::Condition::Flag { flag, variations } => {
            let variations = variations.iter().map(|name| name.as_str().into()).collect();
            Condition::Flag {
                flag: flag.as_str().into(),
                variations,
            }
        }
        model::Condition::Bucket(bucket) => {
            let Some(seed) = bucket.seed.as_deref().or(salt) else {
                return Err(Fault::new("a bucket in a segment needs a seed of its own"));
            };
            let by = By::new(&bucket.by, seed);
            Condition::Bucket(BucketRange {
                by,
                from: bucket.from,
                below: bucket.below,
            })
        }
        model::Condition::Clause(clause) => Condition::Clause(Clause::compile(clause)),
    })
}
