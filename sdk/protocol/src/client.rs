//! Messages from clients to a hub.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::DecodeError;
use crate::limits::MAX_CLIENT_DEPTH;
use crate::msgpack::{Reader, Writer};

/// The version that a client holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resume {
    /// The history that the version belongs to, as WELCOME gave it.
    pub epoch: String,
    /// The newest version that the client has applied.
    pub version: u64,
}

/// One message from a client.
#[derive(Clone, PartialEq)]
pub enum ClientFrame {
    /// The first message of a stream, and never another.
    Hello {
        /// The SDK key; `None` where the upgrade request carried it as `Authorization: Bearer`.
        key: Option<String>,
        /// What the client holds already. A client key's client sends it for an unchanged context only.
        resume: Option<Resume>,
        /// The context to evaluate for, from a client key's client.
        context: Option<Map<String, Value>>,
        /// Name and version of the SDK, as `js/0.1.0`.
        sdk: String,
    },
    /// Evaluate for another context from now on.
    Context {
        /// The new context.
        context: Map<String, Value>,
    },
    /// The client missed a version: send what follows the one it holds.
    Resync(Resume),
    /// Usage and exposures.
    Events {
        /// The batch.
        batch: Value,
    },
    /// The answer to PING.
    Alive,
    /// An edge, under a server key: send KEYS now and whenever it changes. May be sent again, to tell of more uses.
    Follow {
        /// Ids of the keys that were in use at the edge since it last told.
        used: Vec<String>,
    },
}

/// Without the key, which is a secret, and without what is said of a user.
impl fmt::Debug for ClientFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hello { resume, sdk, .. } => f
                .debug_struct("Hello")
                .field("resume", resume)
                .field("sdk", sdk)
                .finish_non_exhaustive(),
            Self::Context { .. } => f.write_str("Context"),
            Self::Resync(resume) => f.debug_tuple("Resync").field(resume).finish(),
            Self::Events { .. } => f.write_str("Events"),
            Self::Alive => f.write_str("Alive"),
            Self::Follow { used } => f.debug_struct("Follow").field("used", used).finish(),
        }
    }
}

impl ClientFrame {
    /// Decodes one whole message. Elements past the known ones are ignored, so that later clients may add some.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut fields = Fields::read(bytes, MAX_CLIENT_DEPTH)?;
        match fields.kind {
            0 => Ok(Self::Hello {
                key: fields.optional_string("key")?,
                resume: fields.resume()?,
                context: fields.optional_object("context")?,
                sdk: fields.string("sdk")?,
            }),
            1 => Ok(Self::Context {
                context: fields.object("context")?,
            }),
            2 => Ok(Self::Resync(Resume {
                epoch: fields.string("epoch")?,
                version: fields.uint("version")?,
            })),
            3 => Ok(Self::Events {
                batch: fields.any("batch")?,
            }),
            4 => Ok(Self::Alive),
            8 => Ok(Self::Follow {
                used: fields.strings("used")?,
            }),
            kind => Err(DecodeError::UnknownType(kind)),
        }
    }

    /// The message's bytes.
    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Hello {
                key,
                resume,
                context,
                sdk,
            } => encode_hello(key.as_deref(), resume.as_ref(), context.as_ref(), sdk),
            Self::Context { context } => {
                let mut writer = Writer::message(1, 1);
                writer.object(context);
                writer.finish()
            }
            Self::Resync(Resume { epoch, version }) => {
                let mut writer = Writer::message(2, 2);
                writer.string(epoch);
                writer.uint(*version);
                writer.finish()
            }
            Self::Events { batch } => {
                let mut writer = Writer::message(3, 1);
                writer.value(batch);
                writer.finish()
            }
            Self::Alive => Writer::message(4, 0).finish(),
            Self::Follow { used } => {
                let mut writer = Writer::message(8, 1);
                writer.strings(used.iter().map(String::as_str));
                writer.finish()
            }
        }
    }
}

fn encode_hello(
    key: Option<&str>,
    resume: Option<&Resume>,
    context: Option<&Map<String, Value>>,
    sdk: &str,
) -> Vec<u8> {
    let mut writer = Writer::message(0, 4);
    match key {
        Some(key) => writer.string(key),
        None => writer.nil(),
    }
    match resume {
        Some(resume) => {
            writer.array(2);
            writer.string(&resume.epoch);
            writer.uint(resume.version);
        }
        None => writer.nil(),
    }
    match context {
        Some(context) => writer.object(context),
        None => writer.nil(),
    }
    writer.string(sdk);
    writer.finish()
}

/// The elements of a message after its type, taken in order.
pub(crate) struct Fields {
    pub(crate) kind: u64,
    values: std::vec::IntoIter<Value>,
}

impl Fields {
    pub(crate) fn read(bytes: &[u8], depth: usize) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(bytes);
        let length = reader.array()?.ok_or(DecodeError::NotAMessage)?;
        if length == 0 {
            return Err(DecodeError::NotAMessage);
        }
        let mut values = (0..length)
            .map(|_| reader.value(depth - 1))
            .collect::<Result<Vec<_>, _>>()?
            .into_iter();
        if !reader.is_empty() {
            return Err(DecodeError::Trailing);
        }
        let kind = values
            .next()
            .as_ref()
            .and_then(Value::as_u64)
            .ok_or(DecodeError::NotAMessage)?;
        Ok(Self { kind, values })
    }

    pub(crate) fn any(&mut self, field: &'static str) -> Result<Value, DecodeError> {
        self.values.next().ok_or(DecodeError::Field(field))
    }

    pub(crate) fn string(&mut self, field: &'static str) -> Result<String, DecodeError> {
        self.optional_string(field)?
            .ok_or(DecodeError::Field(field))
    }

    pub(crate) fn optional_string(
        &mut self,
        field: &'static str,
    ) -> Result<Option<String>, DecodeError> {
        match self.any(field)? {
            Value::Null => Ok(None),
            Value::String(value) => Ok(Some(value)),
            _ => Err(DecodeError::Field(field)),
        }
    }

    pub(crate) fn uint(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.optional_uint(field)?.ok_or(DecodeError::Field(field))
    }

    pub(crate) fn optional_uint(
        &mut self,
        field: &'static str,
    ) -> Result<Option<u64>, DecodeError> {
        match self.any(field)? {
            Value::Null => Ok(None),
            value => value.as_u64().map(Some).ok_or(DecodeError::Field(field)),
        }
    }

    pub(crate) fn bool(&mut self, field: &'static str) -> Result<bool, DecodeError> {
        self.any(field)?.as_bool().ok_or(DecodeError::Field(field))
    }

    pub(crate) fn object(
        &mut self,
        field: &'static str,
    ) -> Result<Map<String, Value>, DecodeError> {
        self.optional_object(field)?
            .ok_or(DecodeError::Field(field))
    }

    pub(crate) fn optional_object(
        &mut self,
        field: &'static str,
    ) -> Result<Option<Map<String, Value>>, DecodeError> {
        match self.any(field)? {
            Value::Null => Ok(None),
            Value::Object(map) => Ok(Some(map)),
            _ => Err(DecodeError::Field(field)),
        }
    }

    pub(crate) fn strings(&mut self, field: &'static str) -> Result<Vec<String>, DecodeError> {
        self.optional_strings(field)?
            .ok_or(DecodeError::Field(field))
    }

    pub(crate) fn optional_strings(
        &mut self,
        field: &'static str,
    ) -> Result<Option<Vec<String>>, DecodeError> {
        match self.any(field)? {
            Value::Null => Ok(None),
            Value::Array(values) => values
                .into_iter()
                .map(text)
                .collect::<Option<_>>()
                .ok_or(DecodeError::Field(field))
                .map(Some),
            _ => Err(DecodeError::Field(field)),
        }
    }

    fn resume(&mut self) -> Result<Option<Resume>, DecodeError> {
        let value = self.any("resume")?;
        if value.is_null() {
            return Ok(None);
        }
        let resume = || {
            Some(Resume {
                epoch: value.get(0)?.as_str()?.to_owned(),
                version: value.get(1)?.as_u64()?,
            })
        };
        resume().map(Some).ok_or(DecodeError::Field("resume"))
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(value) => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_of_a_message_holds_no_secret() {
        let hello = ClientFrame::Hello {
            key: Some("pbs_secret".to_owned()),
            resume: None,
            context: Some(Map::from_iter([(
                "email".to_owned(),
                "ada@example.com".into(),
            )])),
            sdk: "test/1".to_owned(),
        };
        let printed = format!("{hello:?}");
        assert!(printed.contains("test/1"), "{printed}");
        assert!(
            !printed.contains("secret") && !printed.contains("ada"),
            "{printed}"
        );
    }
}
