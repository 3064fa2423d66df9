//! Comparisons of short text, which attribute names and most values are.

/// Whether two byte strings are equal.
///
/// Up to 16 bytes this takes two loads and comparisons of each, where the standard library calls `memcmp`.
#[inline]
pub(crate) fn equal(own: &[u8], other: &[u8]) -> bool {
    if own.len() != other.len() {
        return false;
    }
    match own.len() {
        0 => true,
        1..=3 => own.iter().zip(other).all(|(own, other)| own == other),
        4..=7 => ends::<4>(own) == ends::<4>(other),
        8..=16 => ends::<8>(own) == ends::<8>(other),
        _ => own == other,
    }
}

#[inline]
pub(crate) fn starts_with(text: &str, prefix: &str) -> bool {
    let start = text.as_bytes().get(..prefix.len());
    start.is_some_and(|start| equal(start, prefix.as_bytes()))
}

#[inline]
pub(crate) fn ends_with(text: &str, suffix: &str) -> bool {
    let start = text.len().checked_sub(suffix.len());
    let end = start.and_then(|start| text.as_bytes().get(start..));
    end.is_some_and(|end| equal(end, suffix.as_bytes()))
}

/// The first and the last bytes, which may overlap.
#[inline]
fn ends<const N: usize>(bytes: &[u8]) -> Option<(&[u8; N], &[u8; N])> {
    Some((bytes.first_chunk()?, bytes.last_chunk()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_every_length_counts() {
        for length in 0..40 {
            let bytes: Vec<u8> = (0..length).collect();
            assert!(equal(&bytes, &bytes.clone()));
            for index in 0..bytes.len() {
                let mut other = bytes.clone();
                other[index] ^= 0x80;
                assert!(!equal(&bytes, &other), "{length} {index}");
            }
            assert!(!equal(&bytes, &[&bytes[..], &[0]].concat()));
        }
    }

    #[test]
    fn beginnings_and_ends() {
        assert!(starts_with("abc", "") && starts_with("abc", "abc") && starts_with("é", "é"));
        assert!(!starts_with("abc", "abcd") && !starts_with("abc", "b"));
        assert!(ends_with("abc", "") && ends_with("abc", "abc") && ends_with("aé", "é"));
        assert!(!ends_with("abc", "zabc") && !ends_with("abc", "b"));
    }
}
