//! Messages from clients to a hub.

use std::fmt;

use serde_json::{Map, Value};

use crate::error::DecodeError;
use crate::events::Batch;
use crate::fields::Fields;
use crate::limits::MAX_CLIENT_DEPTH;
use crate::msgpack::{Encoded, Writer};

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
        /// A [`Batch`], not decoded yet.
        batch: Encoded,
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
    /// An EVENTS message with `batch`.
    pub fn events(batch: &Batch) -> Self {
        Self::Events {
            batch: batch.encode(),
        }
    }

    /// Decodes one whole message. Elements past the known ones are ignored, so that later clients may add some.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        Fields::decode(bytes, MAX_CLIENT_DEPTH, Self::read)
    }

    fn read(kind: u64, fields: &mut Fields<'_>) -> Result<Self, DecodeError> {
        match kind {
            0 => Ok(Self::Hello {
                key: fields.optional_string("key")?,
                resume: resume(fields)?,
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
                batch: fields.encoded("batch")?,
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
                writer.raw(batch.as_bytes());
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

fn resume(fields: &mut Fields<'_>) -> Result<Option<Resume>, DecodeError> {
    let value = fields.any("resume")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_message_contains_no_secret() {
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
