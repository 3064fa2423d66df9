//! What KEYS holds: the keys of an environment as an edge needs them to let connections in.
//!
//! Keys themselves never travel: only their SHA-256, which tells nothing of 256 random bits.

use serde_json::Value;

use crate::DecodeError;
use crate::fields::Fields;
use crate::msgpack::Writer;

/// The keys of an environment that are not revoked, and how the environment is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyList {
    /// The environment's identifier, the same through a whole tree.
    pub id: String,
    /// The key of its project.
    pub project: String,
    /// Its own key.
    pub environment: String,
    /// Every key that is not revoked; who has one sees for themselves whether it has expired.
    pub keys: Vec<KeyTerms>,
}

/// One key, by its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyTerms {
    /// Identifies it.
    pub id: String,
    /// Whether it receives rules, and not values.
    pub is_server: bool,
    /// The SHA-256 of the key.
    pub hash: [u8; 32],
    /// Origins that a client key may be used from; empty means any.
    pub origins: Vec<String>,
    /// From when on it opens nothing, in microseconds since 1970.
    pub expires_at_micros: Option<u64>,
}

impl KeyList {
    pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        let (id, project) = (fields.string("id")?, fields.string("project")?);
        let environment = fields.string("environment")?;
        let Value::Array(keys) = fields.any("keys")? else {
            return Err(DecodeError::Field("keys"));
        };
        let keys = keys.iter().map(KeyTerms::read).collect::<Option<_>>();
        Ok(Self {
            id,
            project,
            environment,
            keys: keys.ok_or(DecodeError::Field("keys"))?,
        })
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::message(24, 4);
        writer.string(&self.id);
        writer.string(&self.project);
        writer.string(&self.environment);
        writer.array(self.keys.len());
        for key in &self.keys {
            key.write(&mut writer);
        }
        writer.finish()
    }
}

impl KeyTerms {
    fn read(value: &Value) -> Option<Self> {
        let origins = value.get(3)?.as_array()?.iter();
        let expiry = value.get(4)?;
        Some(Self {
            id: value.get(0)?.as_str()?.to_owned(),
            is_server: match value.get(1)?.as_str()? {
                "server" => true,
                "client" => false,
                _ => return None,
            },
            hash: from_hex(value.get(2)?.as_str()?)?,
            origins: origins
                .map(|origin| origin.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
            expires_at_micros: if expiry.is_null() {
                None
            } else {
                Some(expiry.as_u64()?)
            },
        })
    }

    fn write(&self, writer: &mut Writer) {
        writer.array(5);
        writer.string(&self.id);
        writer.string(if self.is_server { "server" } else { "client" });
        writer.string(&to_hex(&self.hash));
        writer.strings(self.origins.iter().map(String::as_str));
        match self.expires_at_micros {
            Some(micros) => writer.uint(micros),
            None => writer.nil(),
        }
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

fn to_hex(bytes: &[u8; 32]) -> String {
    let digits = bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]));
    digits.collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else {
        return None;
    };
    let digit = |byte: u8| DIGITS.iter().zip(0..).find(|(known, _)| **known == byte);
    let bytes = pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)?.1 << 4 | digit(*low)?.1));
    bytes.collect::<Option<Vec<u8>>>()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use crate::{ClientFrame, DecodeError, ServerFrame};

    use super::*;

    fn list() -> KeyList {
        KeyList {
            id: "0199a7e2-0000-7000-8000-000000000001".to_owned(),
            project: "shop".to_owned(),
            environment: "production".to_owned(),
            keys: vec![
                KeyTerms {
                    id: "k1".to_owned(),
                    is_server: true,
                    hash: std::array::from_fn(|at| u8::try_from(at * 8).unwrap_or(255)),
                    origins: Vec::new(),
                    expires_at_micros: Some(1_700_000_000_000_000),
                },
                KeyTerms {
                    id: "k2".to_owned(),
                    is_server: false,
                    hash: [0xfe; 32],
                    origins: vec!["https://app.example.com".to_owned()],
                    expires_at_micros: None,
                },
            ],
        }
    }

    #[test]
    fn a_key_list_is_read_back_from_its_bytes() {
        let keys = ServerFrame::Keys(list());
        assert_eq!(ServerFrame::decode(&keys.encode()), Ok(keys));
        let follow = ClientFrame::Follow {
            used: vec!["k1".to_owned()],
        };
        assert_eq!(ClientFrame::decode(&follow.encode()), Ok(follow));
    }

    #[test]
    fn a_list_with_a_malformed_key_is_refused() {
        let whole = ServerFrame::Keys(list()).encode();
        let short = String::from_utf8_lossy(&whole).into_owned();
        assert!(short.contains("fefe"), "hashes are lower-case hexadecimal");
        for (from, to) in [("client", "Client"), ("fefe", "fefg")] {
            let at = whole
                .windows(from.len())
                .position(|window| window == from.as_bytes())
                .expect("it is there");
            let mut bytes = whole.clone();
            bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
            assert_eq!(
                ServerFrame::decode(&bytes),
                Err(DecodeError::Field("keys")),
                "{to}"
            );
        }
    }
}
