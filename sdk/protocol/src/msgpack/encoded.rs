//! A value that is encoded once and copied from there on.

use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::reader::Reader;
use super::writer::Writer;
use crate::error::DecodeError;
use crate::limits::MAX_SERVER_DEPTH;

/// One whole value in MessagePack, ready to be copied into any number of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Bytes);

impl Encoded {
    /// Encodes the JSON form of `value`.
    ///
    /// # Errors
    /// When `value` has no JSON form, such as a map with keys that are not strings.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::of_json(&serde_json::to_value(value)?))
    }

    /// Encodes a JSON value.
    pub fn of_json(value: &Value) -> Self {
        let mut writer = Writer::default();
        writer.value(value);
        Self(writer.finish().into())
    }

    /// Copies a value out of a message. The caller has checked it.
    pub(crate) fn copied(value: &[u8]) -> Self {
        Self(Bytes::copy_from_slice(value))
    }

    /// The JSON value that was encoded.
    ///
    /// # Errors
    /// When it nests deeper than a message may.
    pub fn to_json(&self) -> Result<Value, DecodeError> {
        Reader::new(&self.0).value(MAX_SERVER_DEPTH)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}
