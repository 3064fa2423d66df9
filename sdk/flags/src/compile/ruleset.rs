//! A whole ruleset, compiled.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::flag::CompiledFlag;
use super::segment::CompiledSegment;
use crate::model::object::Object;
use crate::model::{Changes, Flag, Ruleset, Segment, Value};

/// Flags or segments by key, as JSON.
type Entries = serde_json::Map<String, Value>;

type Map<T> = HashMap<Arc<str>, Arc<T>, foldhash::fast::RandomState>;

/// Why a ruleset cannot be loaded at all; a malformed flag or segment is not a reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The whole is not an object.
    #[error("a ruleset is an object with the fields epoch, version, flags and segments")]
    NotAnObject,
    /// Its epoch is not text, or its version is not a whole number.
    #[error("epoch or version: {0}")]
    Head(String),
    /// Its flags or its segments are not an object.
    #[error("{0} must be an object, by key")]
    Entries(&'static str),
}

/// The fields of a ruleset that are not lenient: without them nothing else can be trusted.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    epoch: String,
    #[serde(default, deserialize_with = "crate::model::integer::u64")]
    version: u64,
}

/// A ruleset ready to evaluate. Clones and changes share every flag and segment that they do not replace.
#[derive(Clone, Debug, Default)]
pub struct CompiledRuleset {
    epoch: Arc<str>,
    version: u64,
    flags: Arc<Map<CompiledFlag>>,
    segments: Arc<Map<CompiledSegment>>,
}

impl CompiledRuleset {
    /// Loads a ruleset leniently: a malformed flag answers GENERAL, a malformed segment matches nobody, and the others
    /// are as good as if those were not there. Unknown fields are ignored.
    pub fn load(json: &Value) -> Result<Self, LoadError> {
        let Value::Object(fields) = json else {
            return Err(LoadError::NotAnObject);
        };
        let head = Head::deserialize(json).map_err(|error| LoadError::Head(error.to_string()))?;
        let flags = entries(fields.get("flags"), "flags")?;
        let segments = entries(fields.get("segments"), "segments")?;
        let flags = flags.map(|(key, json)| {
            (
                key,
                load_one(json, CompiledFlag::new, CompiledFlag::malformed),
            )
        });
        let segments = segments.map(|(key, json)| {
            (
                key,
                load_one(json, CompiledSegment::new, CompiledSegment::malformed),
            )
        });
        Ok(CompiledRuleset {
            epoch: head.epoch.into(),
            version: head.version,
            flags: Arc::new(
                flags
                    .map(|(key, flag)| (key.as_str().into(), Arc::new(flag)))
                    .collect(),
            ),
            segments: Arc::new(
                segments
                    .map(|(key, segment)| (key.as_str().into(), Arc::new(segment)))
                    .collect(),
            ),
        })
    }

    /// Compiles a ruleset that was read already.
    pub fn from_ruleset(ruleset: &Ruleset) -> Self {
        ruleset.clone().into()
    }

    /// This ruleset with a change applied, at the same version.
    #[must_use]
    pub fn with(&self, changes: &Changes) -> Self {
        let mut next = self.clone();
        if !changes.put_flags.is_empty() || !changes.deleted_flags.is_empty() {
            let flags = Arc::make_mut(&mut next.flags);
            apply(flags, &changes.deleted_flags, &changes.put_flags, |flag| {
                CompiledFlag::new(Flag::clone(flag))
            });
        }
        if !changes.put_segments.is_empty() || !changes.deleted_segments.is_empty() {
            let segments = Arc::make_mut(&mut next.segments);
            apply(
                segments,
                &changes.deleted_segments,
                &changes.put_segments,
                |segment| CompiledSegment::new(Segment::clone(segment)),
            );
        }
        next
    }

    /// The same for a change as the wire has it, read as leniently as [`load`](Self::load) reads the whole.
    #[must_use]
    pub fn with_json(
        &self,
        (put_flags, deleted_flags): (&Entries, &[String]),
        (put_segments, deleted_segments): (&Entries, &[String]),
    ) -> Self {
        let mut next = self.clone();
        apply(
            Arc::make_mut(&mut next.flags),
            deleted_flags,
            put_flags,
            |json| load_one(json, CompiledFlag::new, CompiledFlag::malformed),
        );
        apply(
            Arc::make_mut(&mut next.segments),
            deleted_segments,
            put_segments,
            |json| load_one(json, CompiledSegment::new, CompiledSegment::malformed),
        );
        next
    }

    /// The same flags and segments under another version.
    #[must_use]
    pub fn at_version(mut self, version: u64) -> Self {
        self.version = version;
        self
    }

    /// Names the history that the version belongs to.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The version of the environment.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All flags, in no particular order.
    pub fn flags(&self) -> impl ExactSizeIterator<Item = (&str, &CompiledFlag)> {
        self.flags.iter().map(|(key, flag)| (&**key, &**flag))
    }

    /// All flags, each as rulesets share it: the same object in two rulesets is the same flag.
    pub fn shared_flags(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Arc<CompiledFlag>)> {
        self.flags.iter()
    }

    /// All segments, in no particular order.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = (&str, &CompiledSegment)> {
        self.segments
            .iter()
            .map(|(key, segment)| (&**key, &**segment))
    }

    /// One flag.
    #[inline]
    pub fn flag(&self, key: &str) -> Option<&CompiledFlag> {
        self.flags.get(key).map(|flag| &**flag)
    }

    /// One segment.
    #[inline]
    pub fn segment(&self, key: &str) -> Option<&CompiledSegment> {
        self.segments.get(key).map(|segment| &**segment)
    }

    /// The ruleset as written, without what could not be read.
    pub fn to_ruleset(&self) -> Ruleset {
        let flags = self
            .flags()
            .filter_map(|(key, flag)| Some((key.to_owned(), flag.definition()?.clone())));
        let segments = self
            .segments()
            .filter_map(|(key, segment)| Some((key.to_owned(), segment.definition()?.clone())));
        Ruleset {
            epoch: self.epoch.as_ref().to_owned(),
            version: self.version,
            flags: flags.collect(),
            segments: segments.collect(),
        }
    }

    /// Keys of the flags whose outcome a change may alter for any context: those it puts or deletes, and those that depend on anything in it, however indirectly.
    ///
    /// The answer is the same whether asked before or after the change.
    pub fn affected_by(&self, changes: &Changes) -> BTreeSet<String> {
        let (mut flags, mut segments) = (BTreeSet::new(), BTreeSet::new());
        flags.extend(changes.put_flags.keys().map(String::as_str));
        flags.extend(changes.deleted_flags.iter().map(String::as_str));
        segments.extend(changes.put_segments.keys().map(String::as_str));
        segments.extend(changes.deleted_segments.iter().map(String::as_str));
        self.dependents(flags, segments)
    }

    /// The same of whatever lies between another ruleset and this one: keys of the flags that one of them lacks or has
    /// otherwise, and of those that depend here on any such flag or segment.
    pub fn affected_since(&self, before: &Self) -> BTreeSet<String> {
        let flags = differing(&before.flags, &self.flags, CompiledFlag::equals);
        let segments = differing(&before.segments, &self.segments, CompiledSegment::equals);
        self.dependents(flags, segments)
    }

    /// Keys of these flags and of all that depend on them, or on these segments.
    fn dependents<'a>(
        &'a self,
        mut flags: BTreeSet<&'a str>,
        mut segments: BTreeSet<&'a str>,
    ) -> BTreeSet<String> {
        let referring_flags: Vec<_> = self
            .flags()
            .filter(|(_, flag)| !flag.references().is_empty())
            .collect();
        let referring_segments: Vec<_> = self
            .segments()
            .filter(|(_, segment)| !segment.references().is_empty())
            .collect();
        loop {
            let before = flags.len() + segments.len();
            for (key, flag) in &referring_flags {
                if flag.references().meet(&flags, &segments) {
                    flags.insert(key);
                }
            }
            for (key, segment) in &referring_segments {
                if segment.references().meet(&flags, &segments) {
                    segments.insert(key);
                }
            }
            if flags.len() + segments.len() == before {
                return flags.into_iter().map(str::to_owned).collect();
            }
        }
    }
}

impl From<Ruleset> for CompiledRuleset {
    fn from(ruleset: Ruleset) -> Self {
        let flags = ruleset
            .flags
            .into_iter()
            .map(|(key, flag)| (key.into(), Arc::new(CompiledFlag::new(flag))));
        let segments = ruleset
            .segments
            .into_iter()
            .map(|(key, segment)| (key.into(), Arc::new(CompiledSegment::new(segment))));
        CompiledRuleset {
            epoch: ruleset.epoch.into(),
            version: ruleset.version,
            flags: Arc::new(flags.collect()),
            segments: Arc::new(segments.collect()),
        }
    }
}

/// Keys that one of the two lacks, or has otherwise.
fn differing<'m, C>(
    before: &'m Map<C>,
    after: &'m Map<C>,
    equal: impl Fn(&C, &C) -> bool,
) -> BTreeSet<&'m str> {
    let is_as_before = |key: &str, now: &Arc<C>| {
        let former = before.get(key);
        former.is_some_and(|former| Arc::ptr_eq(former, now) || equal(former, now))
    };
    let put = after.iter().filter(|(key, now)| !is_as_before(key, now));
    let gone = before.keys().filter(|key| !after.contains_key(*key));
    put.map(|(key, _)| &**key)
        .chain(gone.map(|key| &**key))
        .collect()
}

fn apply<'a, T, C: Clone>(
    map: &mut Map<C>,
    deleted: &[String],
    put: impl IntoIterator<Item = (&'a String, &'a T)>,
    compile: impl Fn(&T) -> C,
) where
    T: 'a,
{
    for key in deleted {
        map.remove(key.as_str());
    }
    map.extend(
        put.into_iter()
            .map(|(key, definition)| (key.as_str().into(), Arc::new(compile(definition)))),
    );
}

/// Reads one flag or segment of many.
fn load_one<T: DeserializeOwned, C>(
    json: &Value,
    good: impl Fn(T) -> C,
    malformed: impl Fn(Fault) -> C,
) -> C {
    match Object::<T>::deserialize(json) {
        Ok(Object(definition)) => good(definition),
        Err(error) => malformed(Fault::new(error.to_string())),
    }
}

/// The fields of an object that may be absent or null.
fn entries<'j>(
    json: Option<&'j Value>,
    field: &'static str,
) -> Result<impl Iterator<Item = (&'j String, &'j Value)>, LoadError> {
    let entries = match json {
        None | Some(Value::Null) => None,
        Some(Value::Object(entries)) => Some(entries),
        Some(_) => return Err(LoadError::Entries(field)),
    };
    Ok(entries.into_iter().flatten())
}
