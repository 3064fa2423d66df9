//! Reads MessagePack from untrusted bytes.
//!
//! It uses `rmp`'s markers but not `rmp::decode`, which knows none of this protocol's rules: a length is compared with
//! the bytes that are left before anything is allocated for it, nesting is bounded, and what JSON cannot hold is refused
//! by name. `cargo bench -p peekaboo-protocol` measures it.
//!
//! One function reads every value and is compiled once for each [`Outcome`], so that neither reading nor checking pays for
//! what the other needs.

use rmp::Marker;
use serde_json::{Map, Number, Value};

use crate::error::DecodeError;

/// Reads values from the front of a slice.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// What reading a value results in: the value, or nothing where it is only checked.
trait Outcome: Sized {
    fn scalar(value: impl Into<Value>) -> Self;

    fn text(text: &str) -> Self;

    fn array(
        elements: impl Iterator<Item = Result<Self, DecodeError>>,
    ) -> Result<Self, DecodeError>;

    fn map<'a>(
        entries: impl Iterator<Item = Result<(&'a str, Self), DecodeError>>,
    ) -> Result<Self, DecodeError>;
}

impl Outcome for Value {
    fn scalar(value: impl Into<Value>) -> Self {
        value.into()
    }

    fn text(text: &str) -> Self {
        text.into()
    }

    fn array(
        elements: impl Iterator<Item = Result<Self, DecodeError>>,
    ) -> Result<Self, DecodeError> {
        elements.collect::<Result<_, _>>().map(Value::Array)
    }

    fn map<'a>(
        entries: impl Iterator<Item = Result<(&'a str, Self), DecodeError>>,
    ) -> Result<Self, DecodeError> {
        let mut map = Map::new();
        for entry in entries {
            let (key, value) = entry?;
            map.insert(key.to_owned(), value);
        }
        Ok(Value::Object(map))
    }
}

impl Outcome for () {
    fn scalar(_: impl Into<Value>) -> Self {}

    fn text(_: &str) -> Self {}

    fn array(
        elements: impl Iterator<Item = Result<Self, DecodeError>>,
    ) -> Result<Self, DecodeError> {
        elements.collect()
    }

    fn map<'a>(
        mut entries: impl Iterator<Item = Result<(&'a str, Self), DecodeError>>,
    ) -> Result<Self, DecodeError> {
        entries.try_for_each(|entry| entry.map(drop))
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The length of the array that begins here; `None` when it is not an array.
    pub(crate) fn array(&mut self) -> Result<Option<usize>, DecodeError> {
        let length = match self.marker()? {
            Marker::FixArray(length) => length.into(),
            Marker::Array16 => self.length16()?,
            Marker::Array32 => self.length32()?,
            _ => return Ok(None),
        };
        self.announced(length, 1).map(Some)
    }

    /// Any value, at most `depth` levels of arrays and maps.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Value, DecodeError> {
        self.read(depth)
    }

    /// The bytes of the next value, which is checked as [`value`](Self::value) checks it.
    pub(crate) fn encoded(&mut self, depth: usize) -> Result<&'a [u8], DecodeError> {
        let bytes = self.rest;
        self.read::<()>(depth)?;
        Ok(&bytes[..bytes.len() - self.rest.len()])
    }

    fn read<T: Outcome>(&mut self, depth: usize) -> Result<T, DecodeError> {
        Ok(match self.marker()? {
            Marker::Null => T::scalar(Value::Null),
            Marker::True => T::scalar(true),
            Marker::False => T::scalar(false),
            Marker::FixPos(n) => T::scalar(n),
            Marker::FixNeg(n) => T::scalar(n),
            Marker::U8 => T::scalar(u8::from_be_bytes(self.bytes()?)),
            Marker::U16 => T::scalar(u16::from_be_bytes(self.bytes()?)),
            Marker::U32 => T::scalar(u32::from_be_bytes(self.bytes()?)),
            Marker::U64 => T::scalar(u64::from_be_bytes(self.bytes()?)),
            Marker::I8 => T::scalar(i8::from_be_bytes(self.bytes()?)),
            Marker::I16 => T::scalar(i16::from_be_bytes(self.bytes()?)),
            Marker::I32 => T::scalar(i32::from_be_bytes(self.bytes()?)),
            Marker::I64 => T::scalar(i64::from_be_bytes(self.bytes()?)),
            Marker::F32 => T::scalar(finite(f32::from_be_bytes(self.bytes()?).into())?),
            Marker::F64 => T::scalar(finite(f64::from_be_bytes(self.bytes()?))?),
            Marker::FixStr(length) => T::text(self.text(length.into())?),
            Marker::Str8 => T::text(self.length8().and_then(|length| self.text(length))?),
            Marker::Str16 => T::text(self.length16().and_then(|length| self.text(length))?),
            Marker::Str32 => T::text(self.length32().and_then(|length| self.text(length))?),
            Marker::FixArray(length) => self.elements(length.into(), depth)?,
            Marker::Array16 => self
                .length16()
                .and_then(|length| self.elements(length, depth))?,
            Marker::Array32 => self
                .length32()
                .and_then(|length| self.elements(length, depth))?,
            Marker::FixMap(length) => self.entries(length.into(), depth)?,
            Marker::Map16 => self
                .length16()
                .and_then(|length| self.entries(length, depth))?,
            Marker::Map32 => self
                .length32()
                .and_then(|length| self.entries(length, depth))?,
            _ => return Err(DecodeError::Unsupported),
        })
    }

    fn elements<T: Outcome>(&mut self, length: usize, depth: usize) -> Result<T, DecodeError> {
        let inner = deeper(depth)?;
        let length = self.announced(length, 1)?;
        T::array((0..length).map(|_| self.read(inner)))
    }

    fn entries<T: Outcome>(&mut self, length: usize, depth: usize) -> Result<T, DecodeError> {
        let inner = deeper(depth)?;
        let length = self.announced(length, 2)?;
        T::map((0..length).map(|_| Ok((self.key()?, self.read(inner)?))))
    }

    fn key(&mut self) -> Result<&'a str, DecodeError> {
        let length = match self.marker()? {
            Marker::FixStr(length) => length.into(),
            Marker::Str8 => self.length8()?,
            Marker::Str16 => self.length16()?,
            Marker::Str32 => self.length32()?,
            _ => return Err(DecodeError::Unsupported),
        };
        self.text(length)
    }

    fn marker(&mut self) -> Result<Marker, DecodeError> {
        let [marker] = self.bytes()?;
        Ok(Marker::from_u8(marker))
    }

    fn bytes<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn length8(&mut self) -> Result<usize, DecodeError> {
        Ok(u8::from_be_bytes(self.bytes()?).into())
    }

    fn length16(&mut self) -> Result<usize, DecodeError> {
        Ok(u16::from_be_bytes(self.bytes()?).into())
    }

    fn length32(&mut self) -> Result<usize, DecodeError> {
        usize::try_from(u32::from_be_bytes(self.bytes()?)).map_err(|_| DecodeError::Truncated)
    }

    fn text(&mut self, length: usize) -> Result<&'a str, DecodeError> {
        let (text, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        str::from_utf8(text).map_err(|_| DecodeError::Unsupported)
    }

    /// Refuses a length that the bytes left cannot hold, before anything is allocated for it.
    fn announced(&self, length: usize, bytes_each: usize) -> Result<usize, DecodeError> {
        if length > self.rest.len() / bytes_each {
            Err(DecodeError::Truncated)
        } else {
            Ok(length)
        }
    }
}

fn deeper(depth: usize) -> Result<usize, DecodeError> {
    depth.checked_sub(1).ok_or(DecodeError::TooDeep)
}

fn finite(value: f64) -> Result<Number, DecodeError> {
    Number::from_f64(value).ok_or(DecodeError::Unsupported)
}
