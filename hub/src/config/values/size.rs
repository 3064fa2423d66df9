//! Sizes: a number and a unit, such as `512B`, `16KiB`, `4MiB` or `1GiB`.

use crate::config::value::Value;

/// The units a size is written in, largest first, in bytes.
///
/// Not bytesize's own output, which rounds: what is written must be read back as the same size.
const UNITS: [(usize, &str); 3] = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];

/// A size in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ByteSize(pub usize);

impl Value for ByteSize {
    const KIND: &'static str = "size";

    fn read(text: &str) -> Result<Self, String> {
        let size: bytesize::ByteSize = text
            .trim()
            .parse()
            .map_err(|_| "is not a size; write for example 512B, 16KiB or 4MiB".to_owned())?;
        // bytesize stops at the largest number instead of refusing a larger one.
        usize::try_from(size.as_u64())
            .ok()
            .filter(|bytes| *bytes < usize::MAX)
            .map(Self)
            .ok_or_else(|| "is too large".to_owned())
    }

    fn write(&self) -> String {
        let bytes = self.0;
        for (size, unit) in UNITS {
            if bytes > 0 && bytes.is_multiple_of(size) {
                return format!("{}{unit}", bytes / size);
            }
        }
        format!("{bytes}B")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<usize, String> {
        ByteSize::read(text).map(|size| size.0)
    }

    #[test]
    fn a_size_is_written_as_it_is_read() {
        for text in ["0B", "125B", "16KiB", "4MiB", "1GiB", "1025MiB"] {
            assert_eq!(ByteSize::read(text).expect(text).write(), text);
        }
    }

    #[test]
    fn units_count_in_binary_with_an_i_and_in_decimal_without() {
        for (text, bytes) in [
            ("1KiB", 1_024),
            ("1 kB", 1_000),
            ("1.5MiB", 1_572_864),
            ("8388608", 8_388_608),
            ("9007199254740993B", 9_007_199_254_740_993),
        ] {
            assert_eq!(read(text), Ok(bytes), "{text}");
        }
    }

    #[test]
    fn an_error_says_what_is_wrong_and_what_to_write() {
        for text in ["", "KiB", "-1KiB", "16 pages"] {
            let problem = "is not a size; write for example 512B, 16KiB or 4MiB";
            assert_eq!(read(text), Err(problem.to_owned()), "{text}");
        }
        for text in ["99999999999999999999B", "99999999999999MiB"] {
            assert_eq!(read(text), Err("is too large".to_owned()), "{text}");
        }
    }
}
