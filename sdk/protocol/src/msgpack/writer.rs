//! Writes MessagePack, each value in its shortest form: equal values have equal bytes.

use rmp::encode::{self, ByteBuf};
use serde_json::{Map, Number, Value};

/// Appends values to a buffer. Memory is the only thing that it could run out of, so nothing here fails.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    bytes: ByteBuf,
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
        self.bytes.into_vec()
    }

    pub(crate) fn nil(&mut self) {
        let Ok(()) = encode::write_nil(&mut self.bytes);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        let Ok(()) = encode::write_bool(&mut self.bytes, value);
    }

    pub(crate) fn uint(&mut self, value: u64) {
        let Ok(_) = encode::write_uint(&mut self.bytes, value);
    }

    pub(crate) fn string(&mut self, value: &str) {
        let Ok(()) = encode::write_str(&mut self.bytes, value);
    }

    pub(crate) fn array(&mut self, length: usize) {
        let Ok(_) = encode::write_array_len(&mut self.bytes, announced(length));
    }

    pub(crate) fn map(&mut self, length: usize) {
        let Ok(_) = encode::write_map_len(&mut self.bytes, announced(length));
    }

    /// Copies what is encoded already.
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.bytes.as_mut_vec().extend_from_slice(bytes);
    }

    pub(crate) fn value(&mut self, value: &Value) {
        match value {
            Value::Null => self.nil(),
            Value::Bool(value) => self.bool(*value),
            Value::Number(number) => self.number(number),
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

    fn number(&mut self, number: &Number) {
        if let Some(value) = number.as_u64() {
            self.uint(value);
        } else if let Some(value) = number.as_i64() {
            let Ok(_) = encode::write_sint(&mut self.bytes, value);
        } else {
            let value = number
                .as_f64()
                .expect("a JSON number that is not an integer is a float");
            let Ok(()) = encode::write_f64(&mut self.bytes, value);
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

/// # Panics
/// Past four billion elements, which no value held in memory here can reach: limits are many orders below.
fn announced(length: usize) -> u32 {
    u32::try_from(length).expect("fewer than four billion elements")
}
