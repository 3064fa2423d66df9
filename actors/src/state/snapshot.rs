//! An environment's state as everyone reads it, and the frames that bring server keys to it.
//!
//! A snapshot is immutable: the tenant publishes the next one, and readers take the current one without a lock. Frames
//! are created on first use and shared by every socket of every shard.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use peekaboo_flags::{Changes, CompiledRuleset, Flag, Ruleset, SharedMap};
use peekaboo_protocol::{DeltaParts, Encoded, SegmentParts, encode_delta, encode_snapshot};
use serde::Serialize;

use super::cache::Cache;
use super::client_changes::ClientChanges;
use super::documents::{ContentCoding, Definitions, Documents};
use super::history::{Entry, History};
use super::touched::Touched;
use crate::error::Result;
use crate::wire::frames;

/// One version of an environment.
pub struct EnvironmentSnapshot {
    /// Ready to evaluate.
    pub ruleset: CompiledRuleset,
    /// The epoch of the version.
    pub epoch: String,
    /// Rises by one with each change.
    pub version: u64,
    /// When this version was committed, in microseconds since 1970; 0 if unknown.
    pub committed_at_micros: u64,
    history: History,
    pub(super) flags: Encodings,
    segments: Encodings,
    whole: OnceLock<Bytes>,
    deltas: Cache<Bytes>,
    client_changes: Cache<Arc<ClientChanges>>,
    documents: Arc<Documents>,
}

/// Definitions in the form for clients and files; nothing else of a definition is stored.
pub(super) type Encodings = SharedMap<Encoded>;

impl EnvironmentSnapshot {
    /// The state of a complete ruleset. Compiling a large one takes a while.
    pub fn new(ruleset: &Ruleset, committed_at_micros: u64) -> Self {
        let flags = ruleset.flags.iter();
        let segments = ruleset.segments.iter();
        Self::of(
            CompiledRuleset::from_ruleset(ruleset),
            committed_at_micros,
            History::default(),
            flags
                .filter_map(|(key, flag)| Some((key.as_str().into(), encoded(flag)?)))
                .collect(),
            segments
                .filter_map(|(key, segment)| Some((key.as_str().into(), encoded(segment)?)))
                .collect(),
        )
    }

    fn of(
        ruleset: CompiledRuleset,
        committed_at_micros: u64,
        history: History,
        flags: Encodings,
        segments: Encodings,
    ) -> Self {
        Self {
            epoch: ruleset.epoch().to_owned(),
            version: ruleset.version(),
            ruleset,
            committed_at_micros,
            history,
            flags,
            segments,
            whole: OnceLock::new(),
            deltas: Cache::default(),
            client_changes: Cache::default(),
            documents: Arc::default(),
        }
    }

    /// Applies `changes` and returns the snapshot for `version`. Each changed flag and segment is encoded once here;
    /// the others are shared.
    pub(crate) fn after(
        &self,
        version: u64,
        changes: &Changes,
        committed_at_micros: u64,
        remembered: usize,
    ) -> Self {
        let history = self
            .history
            .with(Entry::after(&self.ruleset, version, changes), remembered);
        let ruleset = self.ruleset.with(changes).at_version(version);
        let mut flags = self.flags.clone();
        let mut segments = self.segments.clone();
        apply(&mut flags, &changes.put_flags, &changes.deleted_flags);
        apply(
            &mut segments,
            &changes.put_segments,
            &changes.deleted_segments,
        );
        Self::of(ruleset, committed_at_micros, history, flags, segments)
    }

    /// The same version with a longer history.
    pub(crate) fn with_older(&self, older: impl DoubleEndedIterator<Item = Entry>) -> Self {
        let history = self.history.with_older(older, self.version);
        let (flags, segments) = (self.flags.clone(), self.segments.clone());
        let same = Self::of(
            self.ruleset.clone(),
            self.committed_at_micros,
            history,
            flags,
            segments,
        );
        Self {
            documents: self.documents.clone(),
            ..same
        }
    }

    /// Computes the changes from `former` to this snapshot.
    pub(crate) fn difference(&self, former: &Self) -> Touched {
        Touched {
            flags: differing(&self.flags, &former.flags),
            segments: differing(&self.segments, &former.segments),
        }
    }

    /// Whether a delta can bring a client from `version` to this snapshot.
    pub(crate) fn reaches(&self, version: u64) -> bool {
        self.history.reaches(version, self.version)
    }

    /// The ruleset as one JSON document. Compressing a large one takes a while, without blocking other tasks.
    pub async fn document(&self, coding: ContentCoding) -> Result<Bytes> {
        self.documents
            .get_or_make(coding, || self.definitions())
            .await
    }

    /// A flag's definition as written; `None` if the flag does not exist or cannot be read.
    pub fn flag(&self, key: &str) -> Option<Flag> {
        let json = self.flags.get(key)?.to_json().ok()?;
        serde_json::from_value(json).ok()
    }

    /// The ruleset as written.
    fn definitions(&self) -> Definitions {
        Definitions {
            epoch: self.epoch.clone(),
            version: self.version,
            flags: self.flags.clone(),
            segments: self.segments.clone(),
        }
    }

    /// The client-visible flags that may have changed since `from`.
    pub(super) fn client_changes(&self, from: u64) -> Arc<ClientChanges> {
        self.client_changes.get_or_make(from, || {
            let since = self.history.since(from, self.version);
            Arc::new(ClientChanges::of(since, &self.ruleset))
        })
    }

    // Server keys

    /// The framed SNAPSHOT for server keys.
    pub(crate) fn whole(&self) -> Bytes {
        self.whole
            .get_or_init(|| frames::binary(&self.message()))
            .clone()
    }

    /// The SNAPSHOT for server keys, without a frame around it.
    pub(crate) fn message(&self) -> Vec<u8> {
        encode_snapshot(
            self.version,
            sorted(&self.flags),
            Some(sorted(&self.segments)),
        )
    }

    /// The framed DELTA for server keys at version `from`; `None` if it would not be complete.
    pub(crate) fn delta(&self, from: u64) -> Option<Bytes> {
        self.reaches(from)
            .then(|| self.deltas.get_or_make(from, || self.make_delta(from)))
    }

    fn make_delta(&self, from: u64) -> Bytes {
        let since = self.history.since(from, self.version).unwrap_or_default();
        let (put_flags, deleted_flags) = split(&self.flags, &since.flags);
        let (put_segments, deleted_segments) = split(&self.segments, &since.segments);
        let parts = DeltaParts {
            from: Some(from),
            to: self.version,
            committed_at_micros: self.committed_at_micros,
            put_flags: &put_flags,
            deleted_flags: &deleted_flags,
            segments: Some(SegmentParts {
                put: &put_segments,
                deleted: &deleted_segments,
            }),
        };
        frames::binary(&encode_delta(&parts))
    }
}

fn encoded(definition: &impl Serialize) -> Option<Encoded> {
    Encoded::of(definition)
        .inspect_err(
            |error| tracing::error!(%error, "skipping a definition that cannot be written as JSON"),
        )
        .ok()
}

fn apply<T: Serialize>(encodings: &mut Encodings, put: &BTreeMap<String, T>, deleted: &[String]) {
    for key in deleted {
        encodings.remove(key);
    }
    for (key, definition) in put {
        if let Some(encoded) = encoded(definition) {
            encodings.insert(key, encoded);
        }
    }
}

/// Ordered by key, so that the same state has the same bytes on every node.
pub(super) fn sorted(encodings: &Encodings) -> Vec<(&str, &Encoded)> {
    let mut entries: Vec<_> = encodings
        .iter()
        .map(|(key, encoded)| (&**key, encoded))
        .collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    entries
}

/// Keys whose value differs between two states, or that only one of them has.
fn differing(now: &Encodings, then: &Encodings) -> Vec<String> {
    let put = now
        .iter()
        .filter(|(key, encoded)| then.get(key) != Some(encoded))
        .map(|(key, _)| key);
    let gone = then.keys().filter(|key| !now.contains_key(key));
    let mut keys: Vec<_> = put.chain(gone).map(ToString::to_string).collect();
    keys.sort_unstable();
    keys
}

/// Splits changed keys into existing ones, with their current value, and deleted ones.
fn split<'a>(
    encodings: &Encodings,
    keys: &'a [Box<str>],
) -> (Vec<(&'a str, Encoded)>, Vec<&'a str>) {
    let mut put = Vec::new();
    let mut deleted = Vec::new();
    for key in keys {
        match encodings.get(key) {
            Some(encoded) => put.push((&**key, encoded.clone())),
            None => deleted.push(&**key),
        }
    }
    (put, deleted)
}
