//! What connections hold, distinguished as cheaply as can be while frames arrive, and compared whole at the end.
//!
//! Ten thousand sockets under one server key go through the same states by the same bytes, so each distinct frame is
//! decoded once for a state and afterwards compared byte by byte. Under client keys every socket has values of its own,
//! and only what the frames say is shared.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;

use anyhow::{Context as _, bail, ensure};
use peekaboo_protocol::ServerFrame;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// Frames of client keys that are kept decoded: a change makes a few at most.
const RECENT: usize = 32;

/// Flags or segments by key; shared between the states that have them alike.
type Entries = BTreeMap<Rc<str>, Rc<Value>>;

/// A ruleset, in few bytes.
pub(crate) type Hash = [u8; 32];

/// What one connection holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Held {
    /// Nothing yet.
    Nothing,
    /// A ruleset.
    Rules(usize),
    /// Values, sorted by key.
    Values(Box<[(u32, u32)]>),
}

/// What a frame brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameEffect {
    /// The version that the connection holds now.
    pub(crate) to: u64,
    /// When the hub says it committed that; 0 in a snapshot.
    pub(crate) committed_micros: u64,
}

/// All states that connections of this process are in.
#[derive(Default)]
pub(crate) struct States {
    rules: Vec<Rules>,
    snapshots: Vec<(Box<[u8]>, Snapshot)>,
    recent: VecDeque<(Box<[u8]>, Rc<Values>)>,
    names: Names,
}

struct Rules {
    version: u64,
    flags: Entries,
    segments: Entries,
    /// The frames that were applied to this state, and the states they led to.
    steps: Vec<(Box<[u8]>, usize, FrameEffect)>,
}

#[derive(Clone)]
struct Snapshot {
    version: u64,
    held: Held,
}

/// A delta for a client key, its strings replaced by numbers.
struct Values {
    brought: FrameEffect,
    put: Vec<(u32, u32)>,
    deleted: Vec<u32>,
}

impl States {
    /// Takes a SNAPSHOT, which replaces all that was held.
    pub(crate) fn snapshot(
        &mut self,
        held: &mut Held,
        payload: &[u8],
    ) -> anyhow::Result<FrameEffect> {
        let known = self.snapshots.iter().find(|(bytes, _)| **bytes == *payload);
        let snapshot = match known {
            Some((_, snapshot)) => snapshot.clone(),
            None => self.decode_snapshot(payload)?,
        };
        *held = snapshot.held;
        Ok(FrameEffect {
            to: snapshot.version,
            committed_micros: 0,
        })
    }

    fn decode_snapshot(&mut self, payload: &[u8]) -> anyhow::Result<Snapshot> {
        let ServerFrame::Snapshot {
            version,
            flags,
            segments,
        } = ServerFrame::decode(payload)?
        else {
            bail!("a message that is not a snapshot");
        };
        let Some(segments) = segments else {
            return Ok(Snapshot {
                version,
                held: Held::Values(self.names.values(flags).into()),
            });
        };
        self.rules.push(Rules {
            version,
            flags: entries(flags),
            segments: entries(segments),
            steps: Vec::new(),
        });
        let snapshot = Snapshot {
            version,
            held: Held::Rules(self.rules.len() - 1),
        };
        // Those of client keys are as many as contexts.
        self.snapshots.push((payload.into(), snapshot.clone()));
        Ok(snapshot)
    }

    /// Takes a DELTA at `version`; fails where one was lost or came again.
    pub(crate) fn delta(
        &mut self,
        held: &mut Held,
        version: u64,
        payload: &[u8],
    ) -> anyhow::Result<FrameEffect> {
        match held {
            Held::Nothing => bail!("a delta before any snapshot"),
            Held::Rules(state) => {
                let (next, brought) = self.step(*state, payload)?;
                *state = next;
                Ok(brought)
            }
            Held::Values(values) => {
                let delta = self.values(payload)?;
                // Several answers may be due at one version only where a context changes, which none does here.
                ensure!(delta.brought.to > version, again(delta.brought.to, version));
                apply(values, &delta);
                Ok(delta.brought)
            }
        }
    }

    fn step(&mut self, state: usize, payload: &[u8]) -> anyhow::Result<(usize, FrameEffect)> {
        let known = self.rules[state]
            .steps
            .iter()
            .find(|(bytes, ..)| **bytes == *payload);
        if let Some((_, next, brought)) = known {
            return Ok((*next, *brought));
        }
        let ServerFrame::Delta {
            from,
            to,
            committed_at_micros,
            put_flags,
            deleted_flags,
            put_segments,
            deleted_segments,
        } = ServerFrame::decode(payload)?
        else {
            bail!("a message that is not a delta");
        };
        let held = &self.rules[state];
        let from = from.context("a delta of values for a server key")?;
        ensure!(to > held.version, again(to, held.version));
        ensure!(
            from == held.version,
            "lost what is between {} and {from}",
            held.version
        );
        let mut next = Rules {
            version: to,
            flags: held.flags.clone(),
            segments: held.segments.clone(),
            steps: Vec::new(),
        };
        change(&mut next.flags, put_flags, &deleted_flags);
        change(
            &mut next.segments,
            put_segments.unwrap_or_default(),
            &deleted_segments.unwrap_or_default(),
        );
        self.rules.push(next);
        let next = self.rules.len() - 1;
        let brought = FrameEffect {
            to,
            committed_micros: committed_at_micros,
        };
        self.rules[state]
            .steps
            .push((payload.into(), next, brought));
        Ok((next, brought))
    }

    fn values(&mut self, payload: &[u8]) -> anyhow::Result<Rc<Values>> {
        if let Some((_, values)) = self.recent.iter().find(|(bytes, _)| **bytes == *payload) {
            return Ok(Rc::clone(values));
        }
        let ServerFrame::Delta {
            to,
            committed_at_micros,
            put_flags,
            deleted_flags,
            put_segments: None,
            ..
        } = ServerFrame::decode(payload)?
        else {
            bail!("a message that is not a delta of values");
        };
        let values = Rc::new(Values {
            brought: FrameEffect {
                to,
                committed_micros: committed_at_micros,
            },
            put: self.names.values(put_flags),
            deleted: deleted_flags
                .iter()
                .map(|key| self.names.number(key))
                .collect(),
        });
        self.recent.truncate(RECENT - 1);
        self.recent.push_front((payload.into(), Rc::clone(&values)));
        Ok(values)
    }

    /// The hash of a ruleset that is held; `None` of anything else.
    pub(crate) fn hash(&self, held: &Held) -> Option<Hash> {
        let Held::Rules(state) = held else {
            return None;
        };
        let state = &self.rules[*state];
        let object = |entries: &Entries| {
            let entries = entries
                .iter()
                .map(|(key, value)| (key.to_string(), (**value).clone()));
            Value::Object(entries.collect())
        };
        Some(hash(&object(&state.flags), &object(&state.segments)))
    }

    /// The values that are held, by flag; `None` of anything else.
    pub(crate) fn held_values(&self, held: &Held) -> Option<BTreeMap<&str, Value>> {
        let Held::Values(values) = held else {
            return None;
        };
        let value = |number: u32| serde_json::from_str(self.names.text(number)).ok();
        let values = values
            .iter()
            .map(|(key, text)| Some((self.names.text(*key), value(*text)?)));
        values.collect()
    }
}

/// The hash of a ruleset, the same whatever the order of its members was.
pub(crate) fn hash(flags: &Value, segments: &Value) -> Hash {
    // Maps are sorted by key here, and so are those within.
    let text = serde_json::json!({ "flags": flags, "segments": segments }).to_string();
    Sha256::digest(text).into()
}

fn again(to: u64, version: u64) -> String {
    format!("version {to} came again after {version}")
}

fn entries(map: Map<String, Value>) -> Entries {
    map.into_iter()
        .map(|(key, value)| (key.into(), Rc::new(value)))
        .collect()
}

fn change(entries: &mut Entries, put: Map<String, Value>, deleted: &[String]) {
    for (key, value) in put {
        entries.insert(key.into(), Rc::new(value));
    }
    for key in deleted {
        entries.remove(key.as_str());
    }
}

fn apply(values: &mut Box<[(u32, u32)]>, delta: &Values) {
    let mut added = Vec::new();
    for (key, value) in &delta.put {
        match values.binary_search_by_key(key, |(key, _)| *key) {
            Ok(at) => values[at].1 = *value,
            Err(_) => added.push((*key, *value)),
        }
    }
    if added.is_empty() && delta.deleted.is_empty() {
        return;
    }
    let kept = values
        .iter()
        .filter(|(key, _)| !delta.deleted.contains(key))
        .copied();
    let mut next: Vec<_> = kept.chain(added).collect();
    next.sort_unstable();
    *values = next.into();
}

/// Strings as numbers: keys of flags, and values as JSON.
#[derive(Default)]
struct Names {
    numbers: HashMap<Rc<str>, u32>,
    texts: Vec<Rc<str>>,
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Rc<str> = text.into();
        self.texts.push(Rc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    fn values(&mut self, flags: Map<String, Value>) -> Vec<(u32, u32)> {
        let pair =
            |(key, value): (String, Value)| (self.number(&key), self.number(&value.to_string()));
        let mut values: Vec<_> = flags.into_iter().map(pair).collect();
        values.sort_unstable();
        values
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(value: Value) -> Map<String, Value> {
        serde_json::from_value(value).unwrap()
    }

    fn snapshot(version: u64, flags: Value, segments: Option<Value>) -> Vec<u8> {
        let frame = ServerFrame::Snapshot {
            version,
            flags: object(flags),
            segments: segments.map(object),
        };
        frame.encode()
    }

    fn delta(from: Option<u64>, to: u64, put: Value, deleted: &[&str]) -> Vec<u8> {
        let frame = ServerFrame::Delta {
            from,
            to,
            committed_at_micros: to * 1_000,
            put_flags: object(put),
            deleted_flags: deleted.iter().map(|key| (*key).to_owned()).collect(),
            put_segments: from.map(|_| Map::new()),
            deleted_segments: from.map(|_| Vec::new()),
        };
        frame.encode()
    }

    /// A connection under a server key at version 7.
    fn rules() -> (States, Held) {
        let mut states = States::default();
        let mut held = Held::Nothing;
        let bytes = snapshot(7, json!({"a": {"enabled": true}}), Some(json!({})));
        assert_eq!(states.snapshot(&mut held, &bytes).unwrap().to, 7);
        (states, held)
    }

    #[test]
    fn every_version_in_order_is_followed_to_the_last() {
        let (mut states, mut held) = rules();
        let brought = states.delta(&mut held, 7, &delta(Some(7), 8, json!({"b": 1}), &[]));
        assert_eq!(
            brought.unwrap(),
            FrameEffect {
                to: 8,
                committed_micros: 8_000
            }
        );
        states
            .delta(&mut held, 8, &delta(Some(8), 11, json!({}), &["a"]))
            .unwrap();
        assert_eq!(states.hash(&held), Some(hash(&json!({"b": 1}), &json!({}))));
    }

    #[test]
    fn a_lost_version_fails() {
        let (mut states, mut held) = rules();
        let error = states.delta(&mut held, 7, &delta(Some(8), 9, json!({}), &[]));
        let error = error.unwrap_err().to_string();
        assert!(error.contains("lost what is between 7 and 8"), "{error}");
    }

    #[test]
    fn a_repeated_version_fails() {
        let (mut states, mut held) = rules();
        let bytes = delta(Some(7), 8, json!({}), &[]);
        states.delta(&mut held, 7, &bytes).unwrap();
        let error = states.delta(&mut held, 8, &bytes).unwrap_err().to_string();
        assert!(error.contains("version 8 came again"), "{error}");
    }

    #[test]
    fn different_ways_to_the_same_state_end_at_one_hash() {
        let (mut states, first) = rules();
        let (mut stepwise, mut merged, mut wrong) = (first.clone(), first.clone(), first);
        states
            .delta(
                &mut stepwise,
                7,
                &delta(Some(7), 8, json!({"b": {"x": 1, "y": 2}}), &[]),
            )
            .unwrap();
        states
            .delta(&mut stepwise, 8, &delta(Some(8), 9, json!({}), &["a"]))
            .unwrap();
        states
            .delta(
                &mut merged,
                7,
                &delta(Some(7), 9, json!({"b": {"y": 2, "x": 1}}), &["a"]),
            )
            .unwrap();
        states
            .delta(
                &mut wrong,
                7,
                &delta(Some(7), 9, json!({"b": {"y": 2, "x": 2}}), &["a"]),
            )
            .unwrap();
        assert_ne!(stepwise, merged);
        assert_eq!(states.hash(&stepwise), states.hash(&merged));
        assert_ne!(states.hash(&stepwise), states.hash(&wrong));
    }

    #[test]
    fn values_are_each_connections_own() {
        let mut states = States::default();
        let (mut one, mut other) = (Held::Nothing, Held::Nothing);
        states
            .snapshot(
                &mut one,
                &snapshot(7, json!({"a": [true, "on"], "c": [1, "x"]}), None),
            )
            .unwrap();
        states
            .snapshot(&mut other, &snapshot(7, json!({"a": [false, "off"]}), None))
            .unwrap();
        let bytes = delta(None, 9, json!({"b": ["new", "n"]}), &["c"]);
        for held in [&mut one, &mut other] {
            assert_eq!(states.delta(held, 7, &bytes).unwrap().to, 9);
        }
        let values = |held| serde_json::to_value(states.held_values(held)).unwrap();
        assert_eq!(values(&one), json!({"a": [true, "on"], "b": ["new", "n"]}));
        assert_eq!(
            values(&other),
            json!({"a": [false, "off"], "b": ["new", "n"]})
        );
        let error = states.delta(&mut one, 9, &bytes).unwrap_err().to_string();
        assert!(error.contains("version 9 came again"), "{error}");
    }
}
