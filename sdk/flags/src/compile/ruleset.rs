//! A whole ruleset, compiled.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fault::Fault;
use super::flag::CompiledFlag;
use super::references::References;
use super::referrers::Referrers;
use super::segment::CompiledSegment;
use crate::json_error::describe_json_error;
use crate::model::object::Object;
use crate::model::{Changes, Ruleset, Value};
use crate::shared_map::SharedMap;

/// Flags or segments by key, as JSON.
type Entries = serde_json::Map<String, Value>;

type Map<T> = SharedMap<Arc<T>>;

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

/// A ruleset ready to evaluate. Clones and changes share every flag and segment that they do not replace, and most of the
/// maps that hold them: a change of one flag costs about the same however many others there are.
#[derive(Clone, Debug, Default)]
pub struct CompiledRuleset {
    epoch: Arc<str>,
    version: u64,
    flags: Map<CompiledFlag>,
    segments: Map<CompiledSegment>,
    referrers: Referrers,
}

impl CompiledRuleset {
    /// Loads a ruleset leniently: a malformed flag answers GENERAL, a malformed segment matches no one, and the others
    /// are as good as if those were not there. Unknown fields are ignored.
    pub fn load(json: &Value) -> Result<Self, LoadError> {
        let Value::Object(fields) = json else {
            return Err(LoadError::NotAnObject);
        };
        let head = Head::deserialize(json)
            .map_err(|error| LoadError::Head(describe_json_error(&error)))?;
        let flags = entries(fields.get("flags"), "flags")?;
        let segments = entries(fields.get("segments"), "segments")?;
        let flags = flags.map(|(key, json)| (key.as_str(), load_flag(json)));
        let segments = segments.map(|(key, json)| (key.as_str(), load_segment(json)));
        Ok(Self::of(head.epoch.into(), head.version, flags, segments))
    }

    /// Compiles a ruleset that was read already.
    pub fn from_ruleset(ruleset: &Ruleset) -> Self {
        let flags = ruleset.flags.iter();
        let segments = ruleset.segments.iter();
        Self::of(
            ruleset.epoch.as_str().into(),
            ruleset.version,
            flags.map(|(key, flag)| (key.as_str(), CompiledFlag::new(flag))),
            segments.map(|(key, segment)| (key.as_str(), CompiledSegment::new(segment))),
        )
    }

    fn of<'k>(
        epoch: Arc<str>,
        version: u64,
        flags: impl Iterator<Item = (&'k str, CompiledFlag)>,
        segments: impl Iterator<Item = (&'k str, CompiledSegment)>,
    ) -> Self {
        let flags: Map<_> = flags
            .map(|(key, flag)| (key.into(), Arc::new(flag)))
            .collect();
        let segments: Map<_> = segments
            .map(|(key, segment)| (key.into(), Arc::new(segment)))
            .collect();
        let mut referrers = Referrers::default();
        let nothing = References::default();
        for (key, flag) in &flags {
            referrers.flag_changed(key, &nothing, flag.references());
        }
        for (key, segment) in &segments {
            referrers.segment_changed(key, &nothing, segment.references());
        }
        CompiledRuleset {
            epoch,
            version,
            flags,
            segments,
            referrers,
        }
    }

    /// This ruleset with a change applied, at the same version.
    #[must_use]
    pub fn with(&self, changes: &Changes) -> Self {
        let flags = changes.put_flags.iter();
        let segments = changes.put_segments.iter();
        self.changed(
            &changes.deleted_flags,
            flags.map(|(key, flag)| (key, CompiledFlag::new(flag))),
            &changes.deleted_segments,
            segments.map(|(key, segment)| (key, CompiledSegment::new(segment))),
        )
    }

    /// The same for a change as the wire has it, read as leniently as [`load`](Self::load) reads the whole.
    #[must_use]
    pub fn with_json(
        &self,
        (put_flags, deleted_flags): (&Entries, &[String]),
        (put_segments, deleted_segments): (&Entries, &[String]),
    ) -> Self {
        self.changed(
            deleted_flags,
            put_flags.iter().map(|(key, json)| (key, load_flag(json))),
            deleted_segments,
            put_segments
                .iter()
                .map(|(key, json)| (key, load_segment(json))),
        )
    }

    fn changed<'a>(
        &self,
        deleted_flags: &[String],
        put_flags: impl Iterator<Item = (&'a String, CompiledFlag)>,
        deleted_segments: &[String],
        put_segments: impl Iterator<Item = (&'a String, CompiledSegment)>,
    ) -> Self {
        let mut next = self.clone();
        for key in deleted_flags {
            next.set_flag(key, None);
        }
        for (key, flag) in put_flags {
            next.set_flag(key, Some(flag));
        }
        for key in deleted_segments {
            next.set_segment(key, None);
        }
        for (key, segment) in put_segments {
            next.set_segment(key, Some(segment));
        }
        next
    }

    fn set_flag(&mut self, key: &str, flag: Option<CompiledFlag>) {
        let nothing = References::default();
        let before = self.flags.get(key).map(|flag| flag.references());
        let after = flag.as_ref().map(CompiledFlag::references);
        let (before, after) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        self.referrers.flag_changed(key, before, after);
        match flag {
            Some(flag) => self.flags.insert(key, Arc::new(flag)),
            None => _ = self.flags.remove(key),
        }
    }

    fn set_segment(&mut self, key: &str, segment: Option<CompiledSegment>) {
        let nothing = References::default();
        let before = self.segments.get(key).map(|segment| segment.references());
        let after = segment.as_ref().map(CompiledSegment::references);
        let (before, after) = (before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        self.referrers.segment_changed(key, before, after);
        match segment {
            Some(segment) => self.segments.insert(key, Arc::new(segment)),
            None => _ = self.segments.remove(key),
        }
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

    /// Keys of the flags whose outcome a change may alter for any context: those it puts or deletes, and those that depend
    /// on anything in it, however indirectly.
    ///
    /// The answer is the same whether asked before or after the change.
    pub fn affected_by(&self, changes: &Changes) -> BTreeSet<String> {
        let (mut flags, mut segments) = (BTreeSet::new(), BTreeSet::new());
        flags.extend(changes.put_flags.keys().map(String::as_str));
        flags.extend(changes.deleted_flags.iter().map(String::as_str));
        segments.extend(changes.put_segments.keys().map(String::as_str));
        segments.extend(changes.deleted_segments.iter().map(String::as_str));
        self.referrers.dependents(flags, segments)
    }

    /// The same of whatever lies between another ruleset and this one: keys of the flags that one of them lacks or has
    /// otherwise, and of those that depend here on any such flag or segment.
    pub fn affected_since(&self, before: &Self) -> BTreeSet<String> {
        let flags = differing(&before.flags, &self.flags);
        let segments = differing(&before.segments, &self.segments);
        self.referrers.dependents(flags, segments)
    }
}

impl From<Ruleset> for CompiledRuleset {
    fn from(ruleset: Ruleset) -> Self {
        Self::from_ruleset(&ruleset)
    }
}

/// Keys that one of the two lacks, or has otherwise.
fn differing<'m, C: PartialEq>(before: &'m Map<C>, after: &'m Map<C>) -> BTreeSet<&'m str> {
    let is_as_before = |key: &str, now: &Arc<C>| {
        let former = before.get(key);
        former.is_some_and(|former| Arc::ptr_eq(former, now) || former == now)
    };
    let put = after.iter().filter(|(key, now)| !is_as_before(key, now));
    let gone = before.keys().filter(|key| !after.contains_key(key));
    put.map(|(key, _)| &**key)
        .chain(gone.map(|key| &**key))
        .collect()
}

fn load_flag(json: &Value) -> CompiledFlag {
    load_one(json, CompiledFlag::new, CompiledFlag::malformed)
}

fn load_segment(json: &Value) -> CompiledSegment {
    load_one(json, CompiledSegment::new, CompiledSegment::malformed)
}

/// Reads one flag or segment of many.
fn load_one<T: DeserializeOwned, C>(
    json: &Value,
    good: impl Fn(&T) -> C,
    malformed: impl Fn(Fault) -> C,
) -> C {
    match Object::<T>::deserialize(json) {
        Ok(Object(definition)) => good(&definition),
        Err(error) => malformed(Fault::new(describe_json_error(&error))),
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
