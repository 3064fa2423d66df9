//! Buckets: which of 100,000 equal parts a key falls in. This never changes.
//!
//! The hash is `MurmurHash3_x86_32` by Austin Appleby, who placed it in the public domain
//! (<https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp>), with seed 0.

use crate::context::Attribute;
use crate::model::{BUCKETS, Value};
use crate::operand::values::Scalar;

/// The bucket of a value, from 0 to 99,999: `(murmur3_x86_32(utf8(seed + "." + value), 0) * 100000) >> 32`.
pub fn bucket(seed: &str, value: &str) -> u32 {
    Seed::new(seed).bucket(value.as_bytes())
}

/// A seed whose share of the hash is computed already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seed(Murmur3);

impl Seed {
    pub(crate) fn new(seed: &str) -> Self {
        let mut hash = Murmur3::default();
        hash.write(seed.as_bytes());
        hash.write(b".");
        Seed(hash)
    }

    /// The bucket of a string or an integer; none for anything else, which counts as missing.
    #[inline]
    pub(crate) fn bucket_of(self, attribute: Attribute<'_>) -> Option<u32> {
        let scalar = match attribute {
            Attribute::Missing => return None,
            Attribute::Key(key) => Scalar::Text(key),
            Attribute::Value(value) => Scalar::of(value)?,
        };
        match scalar {
            Scalar::Text(text) => Some(self.bucket(text.as_bytes())),
            Scalar::Number(number) => {
                let mut digits = [0; INTEGER_DIGITS];
                Some(self.bucket(integer(number, &mut digits)?))
            }
            Scalar::Boolean(_) => None,
        }
    }

    #[inline]
    fn bucket(mut self, value: &[u8]) -> u32 {
        self.0.write(value);
        ((u64::from(self.0.finish()) * u64::from(BUCKETS)) >> 32) as u32
    }
}

/// Whether a value can be bucketed: a string, or an integer that every double holds exactly.
pub fn is_bucketable(value: &Value) -> bool {
    match Scalar::of(value) {
        Some(Scalar::Text(_)) => true,
        Some(Scalar::Number(number)) => integer(number, &mut [0; INTEGER_DIGITS]).is_some(),
        Some(Scalar::Boolean(_)) | None => false,
    }
}

/// A sign and the 16 digits of 2^53 - 1.
const INTEGER_DIGITS: usize = 17;

/// Writes an integer of at most 2^53 - 1 in decimal; -0 is "0".
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "within 2^53, and a digit at a time"
)]
fn integer(number: f64, digits: &mut [u8; INTEGER_DIGITS]) -> Option<&[u8]> {
    const MAX_SAFE: f64 = 9_007_199_254_740_991.0;
    if number.fract() != 0.0 || number.abs() > MAX_SAFE {
        return None;
    }
    let mut rest = number.abs() as u64;
    let mut begin = INTEGER_DIGITS;
    loop {
        begin -= 1;
        digits[begin] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0.0 {
        begin -= 1;
        digits[begin] = b'-';
    }
    Some(&digits[begin..])
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Murmur3 {
    hash: u32,
    /// Up to three bytes that do not fill a block yet, the first lowest.
    pending: u32,
    pending_bits: u32,
    length: u32,
}

impl Murmur3 {
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the algorithm counts in 32 bits"
    )]
    fn write(&mut self, bytes: &[u8]) {
        self.length = self.length.wrapping_add(bytes.len() as u32);
        let mut rest = bytes;
        while self.pending_bits != 0 {
            let Some((first, others)) = rest.split_first() else {
                return;
            };
            rest = others;
            self.push(*first);
        }
        let (blocks, tail) = rest.as_chunks::<4>();
        for block in blocks {
            self.mix(u32::from_le_bytes(*block));
        }
        for byte in tail {
            self.push(*byte);
        }
    }

    #[inline]
    fn push(&mut self, byte: u8) {
        self.pending |= u32::from(byte) << self.pending_bits;
        self.pending_bits += 8;
        if self.pending_bits == 32 {
            self.mix(self.pending);
            (self.pending, self.pending_bits) = (0, 0);
        }
    }

    #[inline]
    fn mix(&mut self, block: u32) {
        self.hash ^= scramble(block);
        self.hash = self
            .hash
            .rotate_left(13)
            .wrapping_mul(5)
            .wrapping_add(0xe654_6b64);
    }

    #[inline]
    fn finish(self) -> u32 {
        // Scrambling no bytes gives 0, so an empty tail changes nothing.
        let mut hash = self.hash ^ scramble(self.pending) ^ self.length;
        hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
        hash ^ (hash >> 16)
    }
}

#[inline]
fn scramble(block: u32) -> u32 {
    block
        .wrapping_mul(0xcc9e_2d51)
        .rotate_left(15)
        .wrapping_mul(0x1b87_3593)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn murmur3(parts: &[&[u8]]) -> u32 {
        let mut hash = Murmur3::default();
        for part in parts {
            hash.write(part);
        }
        hash.finish()
    }

    #[test]
    fn known_answers_of_the_hash() {
        // From the reference implementation, seed 0.
        let cases: [(&[u8], u32); 12] = [
            (b"", 0),
            (b"a", 0x3c25_69b2),
            (b"abc", 0xb3dd_93fa),
            (b"test", 0xba6b_d213),
            (b"Hello, world!", 0xc036_3e43),
            (b"The quick brown fox jumps over the lazy dog", 0x2e4f_f723),
            (&[0xff, 0xff, 0xff, 0xff], 0x7629_3b50),
            (&[0x21, 0x43, 0x65, 0x87], 0xf55b_516b),
            (&[0x21, 0x43, 0x65], 0x7e4a_8634),
            (&[0x21, 0x43], 0xa0f7_b07a),
            (&[0x21], 0x7266_1cf4),
            (&[0, 0, 0, 0], 0x2362_f9de),
        ];
        for (bytes, expected) in cases {
            assert_eq!(murmur3(&[bytes]), expected, "{bytes:?}");
        }
    }

    #[test]
    fn parts_hash_like_the_whole() {
        let whole: Vec<u8> = (0..=40).collect();
        for first in 0..whole.len() {
            for second in first..whole.len() {
                let parts = [&whole[..first], &whole[first..second], &whole[second..]];
                assert_eq!(murmur3(&parts), murmur3(&[&whole]), "{first} {second}");
            }
        }
    }

    #[test]
    fn integers_are_bucketed_by_their_decimal_text() {
        let seed = Seed::new("s");
        for (value, text) in [
            (json!(42), "42"),
            (json!(42.0), "42"),
            (json!(-7), "-7"),
            (json!(0), "0"),
            (json!(-0.0), "0"),
            (json!(1e3), "1000"),
            (json!(9_007_199_254_740_991_u64), "9007199254740991"),
            (json!(-9_007_199_254_740_991_i64), "-9007199254740991"),
        ] {
            assert_eq!(
                seed.bucket_of(Attribute::Value(&value)),
                Some(bucket("s", text)),
                "{value}"
            );
            assert!(is_bucketable(&value));
        }
        for value in [
            json!(0.5),
            json!(9_007_199_254_740_992_u64),
            json!(1e300),
            json!(true),
            json!(["u"]),
            json!({}),
        ] {
            assert_eq!(seed.bucket_of(Attribute::Value(&value)), None, "{value}");
            assert!(!is_bucketable(&value));
        }
    }

    #[test]
    fn buckets_are_even() {
        let mut tenths = [0_u32; 10];
        for user in 0..100_000 {
            tenths[(bucket("salt", &format!("user-{user}")) / 10_000) as usize] += 1;
        }
        for count in tenths {
            assert!((9_600..=10_400).contains(&count), "{tenths:?}");
        }
    }
}
