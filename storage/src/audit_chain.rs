//! The hash chain of an organization's audit log: what is hashed, and whether a sequence of entries is whole.
//!
//! The hash of an entry is the SHA-256 of its document in the canonical form of RFC 8785. The document holds the hash of
//! the entry before, so that no entry can be changed, inserted or removed without changing every later hash. Which members
//! a document has does not matter to the check: a later release may add some without breaking older entries, and an export
//! can be verified without this code. `docs/audit.md` has a worked example.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// The hash of an entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash([u8; 32]);

impl ChainHash {
    /// Stands for the entry before the first.
    pub const ZERO: Self = Self([0; 32]);

    /// Hashes the document of an entry. A member `hash` is left out, so that exported lines can be given as they are.
    ///
    /// # Errors
    /// When the document has no canonical form: no JSON that was read is so.
    pub fn of(document: &Value) -> serde_json::Result<Self> {
        let mut document = document.clone();
        if let Some(members) = document.as_object_mut() {
            members.remove(HASH);
        }
        let canonical = serde_json_canonicalizer::to_vec(&document)?;
        Ok(Self(Sha256::digest(canonical).into()))
    }
}

/// The members of a document that link it to the one before.
pub(crate) const SEQUENCE: &str = "sequence";
pub(crate) const PREVIOUS: &str = "previous";
pub(crate) const HASH: &str = "hash";

/// The place of an entry in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainLink {
    /// The entry's number: 1 for an organization's first one, without a gap.
    pub sequence: i64,
    /// The hash of the entry before; [`ChainHash::ZERO`] for the first one.
    pub previous: ChainHash,
    /// The hash of this entry.
    pub hash: ChainHash,
}

/// The end of a chain, or of the part of it that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// The number of the last entry; 0 where there is none.
    pub sequence: i64,
    /// Its hash.
    pub hash: ChainHash,
}

impl ChainHead {
    /// Before the first entry.
    pub const START: Self = Self {
        sequence: 0,
        hash: ChainHash::ZERO,
    };

    /// Links a document, which must be an object, to this one: gives it its number and the hash before, and returns both
    /// with its own hash.
    pub(crate) fn link(self, document: &mut Value) -> serde_json::Result<ChainLink> {
        let sequence = self.sequence + 1;
        document[SEQUENCE] = sequence.into();
        document[PREVIOUS] = self.hash.to_string().into();
        Ok(ChainLink {
            sequence,
            previous: self.hash,
            hash: ChainHash::of(document)?,
        })
    }
}

/// Where a chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokenChain {
    /// A line or row is not an entry of a chain.
    #[error("after entry {after} comes something that is not an entry of a chain: {reason}")]
    NotAnEntry {
        /// The number of the last good entry.
        after: i64,
        /// What is wrong with it.
        reason: String,
    },
    /// Entries are missing, doubled or out of order.
    #[error("entry {expected} is missing: entry {found} follows entry {}", expected - 1)]
    Gap {
        /// The number that must come next.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// An entry does not follow the one before.
    #[error(
        "entry {sequence} does not continue entry {}: one of the two was replaced",
        sequence - 1
    )]
    Unlinked {
        /// Its number.
        sequence: i64,
    },
    /// An entry is not what was hashed.
    #[error("entry {sequence} was changed: its content does not match its hash")]
    Changed {
        /// Its number.
        sequence: i64,
    },
    /// The chain ends elsewhere than it should.
    #[error(
        "the chain ends with entry {found}, but entry {expected} was written: later entries were removed or replaced"
    )]
    Truncated {
        /// The number of the entry written last.
        expected: i64,
        /// The number of the last entry there is.
        found: i64,
    },
}

/// Checks a chain entry by entry, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainCheck {
    /// Where it is; none before the first entry of a part whose beginning is not known.
    at: Option<ChainHead>,
    /// How many entries were checked.
    checked: u64,
}

impl ChainCheck {
    /// Checks what follows an entry.
    pub fn after(head: ChainHead) -> Self {
        Self {
            at: Some(head),
            checked: 0,
        }
    }

    /// Checks a part of a chain, such as an export of some weeks. Its first entry is believed to follow what it says.
    pub fn from_anywhere() -> Self {
        Self {
            at: None,
            checked: 0,
        }
    }

    /// Checks the next entry: its document with its `hash`, as an export has it.
    ///
    /// # Errors
    /// Where the chain is broken. Nothing can be said of what follows.
    pub fn next(&mut self, document: &Value) -> Result<ChainLink, BrokenChain> {
        let after = self.at.map_or(0, |head| head.sequence);
        let link = read(document).map_err(|reason| BrokenChain::NotAnEntry { after, reason })?;
        let sequence = link.sequence;
        if let Some(head) = self.at {
            let expected = head.sequence + 1;
            if sequence != expected {
                return Err(BrokenChain::Gap {
                    expected,
                    found: sequence,
                });
            }
            if link.previous != head.hash {
                return Err(BrokenChain::Unlinked { sequence });
            }
        }
        if ChainHash::of(document).ok() != Some(link.hash) {
            return Err(BrokenChain::Changed { sequence });
        }
        self.at = Some(ChainHead {
            sequence,
            hash: link.hash,
        });
        self.checked += 1;
        Ok(link)
    }

    /// The last entry that was checked; none where there was none and the beginning is not known.
    pub fn head(&self) -> Option<ChainHead> {
        self.at
    }

    /// How many entries were checked.
    pub fn checked(&self) -> u64 {
        self.checked
    }
}

/// The link that a document says it has.
fn read(document: &Value) -> Result<ChainLink, String> {
    let hash = |name: &str| {
        let text = document.get(name).and_then(Value::as_str);
        let hash = text.and_then(|text| text.parse().ok());
        hash.ok_or_else(|| format!("`{name}` must be 64 hexadecimal digits"))
    };
    let sequence = document.get(SEQUENCE).and_then(Value::as_i64);
    Ok(ChainLink {
        sequence: sequence
            .filter(|sequence| *sequence > 0)
            .ok_or_else(|| format!("`{SEQUENCE}` must be a whole number of 1 or more"))?,
        previous: hash(PREVIOUS)?,
        hash: hash(HASH)?,
    })
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}

/// The text is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash has 64 hexadecimal digits")]
pub struct InvalidHash;

impl FromStr for ChainHash {
    type Err = InvalidHash;

    fn from_str(text: &str) -> Result<Self, InvalidHash> {
        // `from_str_radix` would take a sign.
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(InvalidHash);
        }
        let mut bytes = [0; 32];
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let digits = std::str::from_utf8(digits).map_err(|_| InvalidHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidHash)?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for ChainHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ChainHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<DB: sqlx::Database> sqlx::Type<DB> for ChainHash
where
    [u8]: sqlx::Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <[u8] as sqlx::Type<DB>>::type_info()
    }

    fn compatible(ty: &DB::TypeInfo) -> bool {
        <[u8] as sqlx::Type<DB>>::compatible(ty)
    }
}

impl<'q, DB: sqlx::Database> sqlx::Encode<'q, DB> for ChainHash
where
    Vec<u8>: sqlx::Encode<'q, DB>,
{
    fn encode_by_ref(
        &self,
        buffer: &mut <DB as sqlx::Database>::ArgumentBuffer,
    ) -> Result<sqlx::encode::IsNull, sqlx::error::BoxDynError> {
        <Vec<u8> as sqlx::Encode<'q, DB>>::encode(self.0.to_vec(), buffer)
    }
}

impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for ChainHash
where
    &'r [u8]: sqlx::Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
        let bytes = <&'r [u8] as sqlx::Decode<'r, DB>>::decode(value)?;
        Ok(Self(bytes.try_into()?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Entries as an export has them.
    fn chain(length: i64) -> Vec<Value> {
        let mut head = ChainHead::START;
        (1..=length)
            .map(|nth| {
                let mut document = json!({"action": "flag.updated", "before": {"nth": nth}});
                let link = head.link(&mut document).expect("JSON");
                head = ChainHead {
                    sequence: link.sequence,
                    hash: link.hash,
                };
                document[HASH] = link.hash.to_string().into();
                document
            })
            .collect()
    }

    fn check(mut check: ChainCheck, entries: &[Value]) -> Result<u64, BrokenChain> {
        for entry in entries {
            check.next(entry)?;
        }
        Ok(check.checked())
    }

    fn whole(entries: &[Value]) -> Result<u64, BrokenChain> {
        check(ChainCheck::after(ChainHead::START), entries)
    }

    #[test]
    fn a_chain_that_nobody_touched_is_whole() {
        assert_eq!(whole(&chain(5)), Ok(5));
        assert_eq!(check(ChainCheck::from_anywhere(), &chain(5)[2..]), Ok(3));
    }

    #[test]
    fn a_change_of_any_member_is_found() {
        for (pointer, value) in [
            ("/action", json!("flag.created")),
            ("/before/nth", json!(9)),
            ("/previous", json!(ChainHash::ZERO.to_string())),
            ("/hash", json!(ChainHash::ZERO.to_string())),
        ] {
            let mut entries = chain(3);
            *entries[1].pointer_mut(pointer).expect("a member") = value;
            let broken = whole(&entries).expect_err(pointer);
            assert!(
                matches!(
                    broken,
                    BrokenChain::Changed { sequence: 2 } | BrokenChain::Unlinked { sequence: 2 }
                ),
                "{broken:?}"
            );
        }
        let mut entries = chain(3);
        entries[1]["added"] = json!(true);
        assert_eq!(whole(&entries), Err(BrokenChain::Changed { sequence: 2 }));
    }

    #[test]
    fn an_entry_that_is_missing_doubled_or_made_up_is_found() {
        let mut missing = chain(3);
        missing.remove(1);
        let gap = BrokenChain::Gap {
            expected: 2,
            found: 3,
        };
        assert_eq!(whole(&missing), Err(gap));
        let mut doubled = chain(3);
        doubled.insert(1, doubled[0].clone());
        let gap = BrokenChain::Gap {
            expected: 2,
            found: 1,
        };
        assert_eq!(whole(&doubled), Err(gap));
        let mut replaced = chain(3);
        replaced[1]["action"] = json!("made.up");
        replaced[1][HASH] = json!(ChainHash::of(&replaced[1]).expect("JSON"));
        assert_eq!(whole(&replaced), Err(BrokenChain::Unlinked { sequence: 3 }));
        let nonsense = whole(&[json!({"sequence": 1})]).expect_err("no hash");
        assert!(nonsense.to_string().contains("`previous`"), "{nonsense}");
    }

    #[test]
    fn the_order_of_members_and_the_form_of_numbers_do_not_matter() {
        let hash = |text: &str| {
            ChainHash::of(&serde_json::from_str(text).expect("JSON")).expect("canonical")
        };
        assert_eq!(
            hash(r#"{"a": 1, "b": [1.50, 1e2], "c": "é"}"#),
            hash(r#"{"c":"\u00e9","b":[1.5,100.0],"a":1.0}"#)
        );
        assert_ne!(hash(r#"{"a": 1}"#), hash(r#"{"a": "1"}"#));
    }

    #[test]
    fn a_hash_is_read_as_it_is_written_and_nothing_else_is() {
        let hash = ChainHash::of(&json!({})).expect("JSON");
        // As `printf '{}' | sha256sum` computes it.
        let text = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
        assert_eq!(hash.to_string(), text);
        assert_eq!(text.parse(), Ok(hash));
        for bad in ["", &text[1..], &format!("+{}", &text[1..]), &"é".repeat(32)] {
            assert_eq!(bad.parse::<ChainHash>(), Err(InvalidHash), "{bad}");
        }
    }
}
