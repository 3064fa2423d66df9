//! Reads MessagePack from untrusted bytes.
//!
//! It uses `rmp`'s markers but not `rmp::decode`, which knows none of this protocol's rules: a length is compared with
//! the bytes that are left before anything is allocated for it, nesting is bounded, and what JSON cannot hold is refused
//! by name. `cargo bench -p peekaboo-protocol` measures it.

use rmp::Marker;
use serde_json::{Map, Number, Value};

use crate::error::DecodeError;

/// Reads values from the front of a slice.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

/// What stands before a reader: a whole scalar, or the beginning of an array or a map.
enum Token<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    /// With the number of its elements, of which there can be so many.
    Array(usize),
    /// With the number of its entries, of which there can be so many.
    Map(usize),
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
        let Some(&first) = self.rest.first() else {
            return Err(DecodeError::Truncated);
        };
        match Marker::from_u8(first) {
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => match self.token()? {
                Token::Array(length) => Ok(Some(length)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// Any value, at most `depth` levels of arrays and maps.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Value, DecodeError> {
        Ok(match self.token()? {
            Token::Null => Value::Null,
            Token::Bool(value) => Value::Bool(value),
            Token::Number(number) => Value::Number(number),
            Token::Text(text) => Value::from(text),
            Token::Array(length) => {
                let inner = deeper(depth)?;
                (0..length)
                    .map(|_| self.value(inner))
                    .collect::<Result<_, _>>()
                    .map(Value::Array)?
            }
            Token::Map(length) => {
                let inner = deeper(depth)?;
                let mut map = Map::new();
                for _ in 0..length {
                    let key = self.key()?.to_owned();
                    map.insert(key, self.value(inner)?);
                }
                Value::Object(map)
            }
        })
    }

    /// The bytes of the next value, which is checked as [`value`](Self::value) checks it.
    pub(crate) fn encoded(&mut self, depth: usize) -> Result<&'a [u8], DecodeError> {
        let bytes = self.rest;
        self.skip(depth)?;
        Ok(&bytes[..bytes.len() - self.rest.len()])
    }

    fn skip(&mut self, depth: usize) -> Result<(), DecodeError> {
        match self.token()? {
            Token::Null | Token::Bool(_) | Token::Number(_) | Token::Text(_) => {}
            Token::Array(length) => {
                let inner = deeper(depth)?;
                for _ in 0..length {
                    self.skip(inner)?;
                }
            }
            Token::Map(length) => {
                let inner = deeper(depth)?;
                for _ in 0..length {
                    self.key()?;
                    self.skip(inner)?;
                }
            }
        }
        Ok(())
    }

    fn key(&mut self) -> Result<&'a str, DecodeError> {
        match self.token()? {
            Token::Text(key) => Ok(key),
            _ => Err(DecodeError::Unsupported),
        }
    }

    #[inline]
    fn token(&mut self) -> Result<Token<'a>, DecodeError> {
        let [marker] = self.bytes()?;
        Ok(match Marker::from_u8(marker) {
            Marker::Null => Token::Null,
            Marker::True => Token::Bool(true),
            Marker::False => Token::Bool(false),
            Marker::FixPos(n) => Token::Number(n.into()),
            Marker::FixNeg(n) => Token::Number(n.into()),
            Marker::U8 => Token::Number(u8::from_be_bytes(self.bytes()?).into()),
            Marker::U16 => Token::Number(u16::from_be_bytes(self.bytes()?).into()),
            Marker::U32 => Token::Number(u32::from_be_bytes(self.bytes()?).into()),
            Marker::U64 => Token::Number(u64::from_be_bytes(self.bytes()?).into()),
            Marker::I8 => Token::Number(i8::from_be_bytes(self.bytes()?).into()),
            Marker::I16 => Token::Number(i16::from_be_bytes(self.bytes()?).into()),
            Marker::I32 => Token::Number(i32::from_be_bytes(self.bytes()?).into()),
            Marker::I64 => Token::Number(i64::from_be_bytes(self.bytes()?).into()),
            Marker::F32 => Token::Number(finite(f32::from_be_bytes(self.bytes()?).into())?),
            Marker::F64 => Token::Number(finite(f64::from_be_bytes(self.bytes()?))?),
            Marker::FixStr(length) => self.text(length.into())?,
            Marker::Str8 => self.length8().and_then(|length| self.text(length))?,
            Marker::Str16 => self.length16().and_then(|length| self.text(length))?,
            Marker::Str32 => self.length32().and_then(|length| self.text(length))?,
            Marker::FixArray(length) => self.elements(length.into())?,
            Marker::Array16 => self.length16().and_then(|length| self.elements(length))?,
            Marker::Array32 => self.length32().and_then(|length| self.elements(length))?,
            Marker::FixMap(length) => self.entries(length.into())?,
            Marker::Map16 => self.length16().and_then(|length| self.entries(length))?,
            Marker::Map32 => self.length32().and_then(|length| self.entries(length))?,
            _ => return Err(DecodeError::Unsupported),
        })
    }

    #[inline]
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

    fn text(&mut self, length: usize) -> Result<Token<'a>, DecodeError> {
        let (text, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        str::from_utf8(text)
            .map(Token::Text)
            .map_err(|_| DecodeError::Unsupported)
    }

    /// An element takes at least a byte and an entry two, so a longer announcement is a lie.
    fn elements(&self, length: usize) -> Result<Token<'a>, DecodeError> {
        if length > self.rest.len() {
            return Err(DecodeError::Truncated);
        }
        Ok(Token::Array(length))
    }

    fn entries(&self, length: usize) -> Result<Token<'a>, DecodeError> {
        if length > self.rest.len() / 2 {
            return Err(DecodeError::Truncated);
        }
        Ok(Token::Map(length))
    }
}

fn deeper(depth: usize) -> Result<usize, DecodeError> {
    depth.checked_sub(1).ok_or(DecodeError::TooDeep)
}

fn finite(value: f64) -> Result<Number, DecodeError> {
    Number::from_f64(value).ok_or(DecodeError::Unsupported)
}
