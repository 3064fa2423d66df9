//! MessagePack as this protocol uses it: JSON's data model, read from untrusted bytes.
//!
//! The reader borrows from its input, checks every length against the bytes that are left before it allocates, and
//! bounds its recursion. The writer uses the shortest form of everything, so equal values have equal bytes.

use bytes::Bytes;
use rmp::Marker;
use serde::Serialize;
use serde_json::{Map, Number, Value};

use crate::DecodeError;

/// One whole value in MessagePack, ready to be copied into any number of messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encoded(Bytes);

impl Encoded {
    /// Encodes the JSON form of `value`.
    ///
    /// # Errors
    /// When `value` has no JSON form, such as a map with keys that are no strings.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, serde_json::Error> {
        Ok(Self::of_json(&serde_json::to_value(value)?))
    }

    /// Encodes a JSON value.
    pub fn of_json(value: &Value) -> Self {
        let mut writer = Writer::default();
        writer.value(value);
        Self(writer.finish().into())
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Reads values from the front of a slice.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (taken, rest) = self
            .rest
            .split_first_chunk::<N>()
            .ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*taken)
    }

    fn marker(&mut self) -> Result<Marker, DecodeError> {
        Ok(Marker::from_u8(self.number::<1>()?[0]))
    }

    fn length8(&mut self) -> Result<usize, DecodeError> {
        Ok(self.number::<1>()?[0].into())
    }

    fn length16(&mut self) -> Result<usize, DecodeError> {
        Ok(u16::from_be_bytes(self.number()?).into())
    }

    fn length32(&mut self) -> Result<usize, DecodeError> {
        usize::try_from(u32::from_be_bytes(self.number()?)).map_err(|_| DecodeError::Truncated)
    }

    /// An element takes a byte at least, so a longer announcement is a lie that must not be allocated for.
    fn elements(&self, length: usize, bytes_each: usize) -> Result<usize, DecodeError> {
        if length > self.rest.len() / bytes_each {
            Err(DecodeError::Truncated)
        } else {
            Ok(length)
        }
    }

    /// The length of the array that begins here; `None` when it is no array.
    pub(crate) fn array(&mut self) -> Result<Option<usize>, DecodeError> {
        let length = match self.marker()? {
            Marker::FixArray(length) => length.into(),
            Marker::Array16 => self.length16()?,
            Marker::Array32 => self.length32()?,
            _ => return Ok(None),
        };
        self.elements(length, 1).map(Some)
    }

    /// Any value, at most `depth` levels of arrays and maps.
    pub(crate) fn value(&mut self, depth: usize) -> Result<Value, DecodeError> {
        let value = match self.marker()? {
            Marker::Null => Value::Null,
            Marker::True => Value::Bool(true),
            Marker::False => Value::Bool(false),
            Marker::FixPos(n) => n.into(),
            Marker::FixNeg(n) => n.into(),
            Marker::U8 => self.number::<1>()?[0].into(),
            Marker::U16 => u16::from_be_bytes(self.number()?).into(),
            Marker::U32 => u32::from_be_bytes(self.number()?).into(),
            Marker::U64 => u64::from_be_bytes(self.number()?).into(),
            Marker::I8 => i8::from_be_bytes(self.number()?).into(),
            Marker::I16 => i16::from_be_bytes(self.number()?).into(),
            Marker::I32 => i32::from_be_bytes(self.number()?).into(),
            Marker::I64 => i64::from_be_bytes(self.number()?).into(),
            Marker::F32 => float(f32::from_be_bytes(self.number()?).into())?,
            Marker::F64 => float(f64::from_be_bytes(self.number()?))?,
            Marker::FixStr(length) => self.string(length.into())?.into(),
            Marker::Str8 => self
                .length8()
                .and_then(|length| self.string(length))?
                .into(),
            Marker::Str16 => self
                .length16()
                .and_then(|length| self.string(length))?
                .into(),
            Marker::Str32 => self
                .length32()
                .and_then(|length| self.string(length))?
                .into(),
            Marker::FixArray(length) => self.array_of(length.into(), depth)?,
            Marker::Array16 => self
                .length16()
                .and_then(|length| self.array_of(length, depth))?,
            Marker::Array32 => self
                .length32()
                .and_then(|length| self.array_of(length, depth))?,
            Marker::FixMap(length) => self.map_of(length.into(), depth)?,
            Marker::Map16 => self
                .length16()
                .and_then(|length| self.map_of(length, depth))?,
            Marker::Map32 => self
                .length32()
                .and_then(|length| self.map_of(length, depth))?,
            _ => return Err(DecodeError::Unsupported),
        };
        Ok(value)
    }

    fn string(&mut self, length: usize) -> Result<&'a str, DecodeError> {
        str::from_utf8(self.take(length)?).map_err(|_| DecodeError::Unsupported)
    }

    fn key(&mut self) -> Result<&'a str, DecodeError> {
        let length = match self.marker()? {
            Marker::FixStr(length) => length.into(),
            Marker::Str8 => self.length8()?,
            Marker::Str16 => self.length16()?,
            Marker::Str32 => self.length32()?,
            _ => return Err(DecodeError::Unsupported),
        };
        self.string(length)
    }

    fn array_of(&mut self, length: usize, depth: usize) -> Result<Value, DecodeError> {
        let inner = depth.checked_sub(1).ok_or(DecodeError::TooDeep)?;
        let length = self.elements(length, 1)?;
        (0..length)
            .map(|_| self.value(inner))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array)
    }

    fn map_of(&mut self, length: usize, depth: usize) -> Result<Value, DecodeError> {
        let inner = depth.checked_sub(1).ok_or(DecodeError::TooDeep)?;
        let length = self.elements(length, 2)?;
        let mut map = Map::new();
        for _ in 0..length {
            let key = self.key()?.to_owned();
            map.insert(key, self.value(inner)?);
        }
        Ok(Value::Object(map))
    }
}

fn float(value: f64) -> Result<Value, DecodeError> {
    Number::from_f64(value)
        .map(Value::Number)
        .ok_or(DecodeError::Unsupported)
}

/// Appends values to a buffer, each in its shortest form.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// Begins the message of type `kind` with `fields` more elements.
    pub(crate) fn message(kind: u64, fields: usize) -> Self {
        let mut writer = Self::default();
        writer.array(fields + 1);
        writer.uint(kind);
        writer
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    fn marker(&mut self, marker: Marker) {
        self.bytes.push(marker.to_u8());
    }

    fn with<const N: usize>(&mut self, marker: Marker, payload: [u8; N]) {
        self.marker(marker);
        self.bytes.extend_from_slice(&payload);
    }

    pub(crate) fn nil(&mut self) {
        self.marker(Marker::Null);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.marker(if value { Marker::True } else { Marker::False });
    }

    pub(crate) fn uint(&mut self, value: u64) {
        if let Ok(value) = u8::try_from(value) {
            if value < 128 {
                self.marker(Marker::FixPos(value));
            } else {
                self.with(Marker::U8, [value]);
            }
        } else if let Ok(value) = u16::try_from(value) {
            self.with(Marker::U16, value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.with(Marker::U32, value.to_be_bytes());
        } else {
            self.with(Marker::U64, value.to_be_bytes());
        }
    }

    fn int(&mut self, value: i64) {
        if let Ok(value) = u64::try_from(value) {
            self.uint(value);
        } else if let Ok(value) = i8::try_from(value) {
            if value >= -32 {
                self.marker(Marker::FixNeg(value));
            } else {
                self.with(Marker::I8, value.to_be_bytes());
            }
        } else if let Ok(value) = i16::try_from(value) {
            self.with(Marker::I16, value.to_be_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.with(Marker::I32, value.to_be_bytes());
        } else {
            self.with(Marker::I64, value.to_be_bytes());
        }
    }

    pub(crate) fn string(&mut self, value: &str) {
        let length = value.len();
        if let Ok(short) = u8::try_from(length) {
            if short < 32 {
                self.marker(Marker::FixStr(short));
            } else {
                self.with(Marker::Str8, [short]);
            }
        } else {
            self.length(length, Marker::Str16, Marker::Str32);
        }
        self.bytes.extend_from_slice(value.as_bytes());
    }

    pub(crate) fn array(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short @ 0..16) => self.marker(Marker::FixArray(short)),
            _ => self.length(length, Marker::Array16, Marker::Array32),
        }
    }

    pub(crate) fn map(&mut self, length: usize) {
        match u8::try_from(length) {
            Ok(short @ 0..16) => self.marker(Marker::FixMap(short)),
            _ => self.length(length, Marker::Map16, Marker::Map32),
        }
    }

    /// # Panics
    /// Past four billion, which no value held in memory here can reach: limits are many orders below.
    fn length(&mut self, length: usize, short: Marker, long: Marker) {
        if let Ok(length) = u16::try_from(length) {
            self.with(short, length.to_be_bytes());
        } else {
            let length = u32::try_from(length).expect("a length below four billion");
            self.with(long, length.to_be_bytes());
        }
    }

    /// Copies a value that is encoded already.
    pub(crate) fn encoded(&mut self, value: &Encoded) {
        self.raw(value.as_bytes());
    }

    /// Copies what another writer wrote.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.nil(),
            Value::Bool(value) => self.bool(*value),
            Value::Number(number) => self.json_number(number),
            Value::String(value) => self.string(value),
            Value::Array(values) => {
                self.array(values.len());
                for value in values {
                    self.value(value);
                }
            }
            Value::Object(map) => self.object(map),
        }
    }

    fn json_number(&mut self, number: &Number) {
        if let Some(value) = number.as_u64() {
            self.uint(value);
        } else if let Some(value) = number.as_i64() {
            self.int(value);
        } else {
            let value = number
                .as_f64()
                .expect("a JSON number that is no integer is a float");
            self.with(Marker::F64, value.to_be_bytes());
        }
    }

    pub(crate) fn object(&mut self, map: &Map<String, Value>) {
        self.map(map.len());
        for (key, value) in map {
            self.string(key);
            self.value(value);
        }
    }

    pub(crate) fn strings<'s>(&mut self, values: impl ExactSizeIterator<Item = &'s str>) {
        self.array(values.len());
        for value in values {
            self.string(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::MAX_SERVER_DEPTH;

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-300_i64..70_000).prop_map(Value::from),
            any::<f64>()
                .prop_filter_map("finite", |value| Number::from_f64(value).map(Value::Number)),
            ".{0,40}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 64, 20, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..20).prop_map(Value::from),
                prop::collection::btree_map(".{0,6}", inner, 0..20)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in json()) {
            let encoded = Encoded::of_json(&value);
            let mut reader = Reader::new(encoded.as_bytes());
            prop_assert_eq!(reader.value(16), Ok(value));
            prop_assert!(reader.is_empty());
        }

        #[test]
        fn every_cut_is_noticed(value in json(), cut in any::<prop::sample::Index>()) {
            let encoded = Encoded::of_json(&value);
            let bytes = encoded.as_bytes();
            let result = Reader::new(&bytes[..cut.index(bytes.len())]).value(16);
            prop_assert_eq!(result, Err(DecodeError::Truncated));
        }
    }

    #[test]
    fn long_strings_arrays_and_maps_read_back() {
        for length in [15, 16, 31, 32, 255, 256, 65_535, 65_536] {
            let text = "x".repeat(length);
            let array = vec![Value::Null; length];
            let map: Map<String, Value> =
                (0..length).map(|n| (n.to_string(), Value::Null)).collect();
            for value in [Value::from(text), Value::from(array), Value::Object(map)] {
                assert_eq!(
                    Reader::new(Encoded::of_json(&value).as_bytes())
                        .value(1)
                        .as_ref(),
                    Ok(&value)
                );
            }
        }
    }

    #[test]
    fn an_announced_length_is_not_believed() {
        let four_billion_elements = [0xdd, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(
            Reader::new(&four_billion_elements).value(8),
            Err(DecodeError::Truncated)
        );
        let four_billion_entries = [0xdf, 0xff, 0xff, 0xff, 0xff];
        assert_eq!(
            Reader::new(&four_billion_entries).value(8),
            Err(DecodeError::Truncated)
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = [vec![0x91; 8], vec![0xc0]].concat();
        assert!(Reader::new(&nested).value(8).is_ok());
        assert_eq!(Reader::new(&nested).value(7), Err(DecodeError::TooDeep));
        let endless = vec![0x91; 1_000_000];
        assert_eq!(
            Reader::new(&endless).value(MAX_SERVER_DEPTH),
            Err(DecodeError::TooDeep)
        );
    }
}
