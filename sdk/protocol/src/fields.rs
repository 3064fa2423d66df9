//! The elements of a message after its type, taken in order.

use serde_json::{Map, Value};

use crate::error::DecodeError;
use crate::msgpack::{Encoded, Reader};

/// The elements that have not been taken yet.
pub(crate) struct Fields<'a> {
    reader: Reader<'a>,
    left: usize,
    depth: usize,
}

impl<'a> Fields<'a> {
    /// Reads a whole message of at most `depth` levels: `read` gets the message's type and takes the elements that it
    /// knows. Those that it leaves are checked and dropped.
    ///
    /// # Errors
    /// Those of `read`, unless the bytes are not a message at all.
    pub(crate) fn decode<T>(
        bytes: &'a [u8],
        depth: usize,
        read: impl FnOnce(u64, &mut Self) -> Result<T, DecodeError>,
    ) -> Result<T, DecodeError> {
        let mut reader = Reader::new(bytes);
        let left = reader.array()?.ok_or(DecodeError::NotAMessage)?;
        let mut fields = Self {
            reader,
            left,
            depth: depth - 1,
        };
        let kind = fields.next()?.as_ref().and_then(Value::as_u64);
        let message = kind
            .ok_or(DecodeError::NotAMessage)
            .and_then(|kind| read(kind, &mut fields));
        match message {
            Ok(_)
            | Err(DecodeError::NotAMessage | DecodeError::UnknownType(_) | DecodeError::Field(_)) =>
            {
                fields.drop_rest()?;
            }
            Err(_) => {}
        }
        message
    }

    fn drop_rest(mut self) -> Result<(), DecodeError> {
        for _ in 0..self.left {
            self.reader.encoded(self.depth)?;
        }
        if self.reader.is_empty() {
            Ok(())
        } else {
            Err(DecodeError::Trailing)
        }
    }

    fn next(&mut self) -> Result<Option<Value>, DecodeError> {
        let Some(left) = self.left.checked_sub(1) else {
            return Ok(None);
        };
        self.left = left;
        self.reader.value(self.depth).map(Some)
    }

    pub(crate) fn any(&mut self, field: &'static str) -> Result<Value, DecodeError> {
        self.next()?.ok_or(DecodeError::Field(field))
    }

    /// Any value, checked and left encoded.
    pub(crate) fn encoded(&mut self, field: &'static str) -> Result<Encoded, DecodeError> {
        self.left = self.left.checked_sub(1).ok_or(DecodeError::Field(field))?;
        self.reader.encoded(self.depth).map(Encoded::copied)
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

    /// Text that a later version of the protocol appended. None where it is absent, or something else.
    pub(crate) fn appended_string(&mut self) -> Result<Option<String>, DecodeError> {
        Ok(self.next()?.and_then(text))
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
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(value) => Some(value),
        _ => None,
    }
}
