//! Inputs that resemble a corpus: its files with a few changes each.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// A change of bytes.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize, usize),
    /// Puts a part of another file there.
    Splice(Index, Index, usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let edge = select(vec![
        0x00, 0x7f, 0x80, 0x90, 0xc0, 0xc1, 0xdc, 0xdd, 0xdf, 0xff,
    ]);
    prop_oneof![
        3 => (at(), 0_u8..8).prop_map(|(at, bit)| Edit::Flip(at, bit)),
        2 => (at(), prop::collection::vec(prop_oneof![edge, any::<u8>()], 1..8))
            .prop_map(|(at, bytes)| Edit::Insert(at, bytes)),
        2 => (at(), 1_usize..32).prop_map(|(at, length)| Edit::Remove(at, length)),
        1 => (at(), 1_usize..16, 2_usize..64).prop_map(|(at, length, times)| Edit::Repeat(at, length, times)),
        2 => (at(), at(), 1_usize..64).prop_map(|(at, from, length)| Edit::Splice(at, from, length)),
    ]
}

impl Edit {
    fn apply(self, bytes: &mut Vec<u8>, other: &[u8]) {
        let slots = bytes.len() + 1;
        let part = |bytes: &[u8], from: usize, length: usize| {
            bytes[from..bytes.len().min(from + length)].to_vec()
        };
        match self {
            Self::Flip(at, bit) => {
                let at = at.index(slots);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
            }
            Self::Insert(at, inserted) => {
                let at = at.index(slots);
                bytes.splice(at..at, inserted);
            }
            Self::Remove(at, length) => {
                let at = at.index(slots);
                bytes.drain(at..bytes.len().min(at + length));
            }
            Self::Repeat(at, length, times) => {
                let at = at.index(slots);
                let repeated = part(bytes, at, length).repeat(times);
                bytes.splice(at..at, repeated);
            }
            Self::Splice(at, from, length) => {
                let at = at.index(slots);
                let spliced = part(other, from.index(other.len() + 1), length);
                bytes.splice(at..at, spliced);
            }
        }
    }
}

/// A file with some of its bytes changed.
pub(crate) fn of_bytes(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let files = (select(corpus.clone()), select(corpus));
    (files, prop::collection::vec(edit(), 1..6)).prop_map(|((mut file, other), edits)| {
        for edit in edits {
            edit.apply(&mut file, &other);
        }
        file
    })
}

/// Bytes without a pattern.
pub(crate) fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

/// Values that readers of JSON trip over.
fn awkward() -> impl Strategy<Value = Value> {
    let deep = (0..40).fold(json!(1), |inner, _| json!([inner]));
    select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(100_000),
        json!(""),
        json!("on"),
        json!("\u{0}"),
        json!("a\u{301}\u{1f469}\u{200d}"),
        json!("1.2.3-rc.1"),
        json!("2026-02-30T25:61:61Z"),
        json!("x".repeat(3_000)),
        json!([]),
        json!([[]]),
        json!({}),
        json!({"": {}}),
        deep,
    ])
}

/// A change of a value somewhere in a file.
#[derive(Clone, Debug)]
enum Change {
    Replace(Value),
    /// By a value of the same file.
    Copy(Index),
    Remove,
    /// Another name for a member.
    Rename(Index),
}

fn change() -> impl Strategy<Value = (Index, Change)> {
    let change = prop_oneof![
        4 => awkward().prop_map(Change::Replace),
        3 => any::<Index>().prop_map(Change::Copy),
        2 => Just(Change::Remove),
        1 => any::<Index>().prop_map(Change::Rename),
    ];
    (any::<Index>(), change)
}

/// Where every value of a file is, the file itself first.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                pointers(value, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

impl Change {
    fn apply(self, at: Index, file: &mut Value) {
        let mut all = Vec::new();
        pointers(file, "", &mut all);
        let pointer = at.get(&all).clone();
        match self {
            Self::Replace(value) => set(file, &pointer, value),
            Self::Copy(from) => {
                let copied = file.pointer(from.get(&all).as_str()).cloned();
                set(file, &pointer, copied.unwrap_or_default());
            }
            Self::Remove => {
                take(file, &pointer);
            }
            Self::Rename(name) => {
                let name = name
                    .get(&all)
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let value = take(file, &pointer);
                let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                if let (Some(value), Some(Value::Object(map))) = (value, file.pointer_mut(parent)) {
                    map.insert(name, value);
                }
            }
        }
    }
}

fn set(file: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = file.pointer_mut(pointer) {
        *place = value;
    }
}

/// Takes a member or an element out.
fn take(file: &mut Value, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let name = name.replace("~1", "/").replace("~0", "~");
    match file.pointer_mut(parent)? {
        Value::Object(map) => map.remove(&name),
        Value::Array(values) => Some(values.remove(name.parse().ok()?)),
        _ => None,
    }
}

/// A file with some of its values changed; files that are not JSON are left out.
pub(crate) fn of_json(corpus: &[Vec<u8>]) -> impl Strategy<Value = Vec<u8>> {
    let files: Vec<Value> = corpus
        .iter()
        .filter_map(|file| serde_json::from_slice(file).ok())
        .collect();
    (select(files), prop::collection::vec(change(), 1..5)).prop_map(|(mut file, changes)| {
        for (at, change) in changes {
            change.apply(at, &mut file);
        }
        file.to_string().into_bytes()
    })
}
