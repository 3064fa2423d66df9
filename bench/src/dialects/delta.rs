//! The message that servers of other kinds send too: a delta of the hub's, with a number of its own.

use anyhow::{Context as _, ensure};
use peekaboo_protocol::ServerFrame;
use rmp::decode;

/// A delta of the hub's with another number, and nothing else changed.
pub(crate) fn numbered(delta: &[u8], number: u64) -> anyhow::Result<Vec<u8>> {
    let mut frame = ServerFrame::decode(delta)?;
    let ServerFrame::Delta { from, to, .. } = &mut frame else {
        anyhow::bail!("the message to send is not a delta");
    };
    (*from, *to) = (Some(number - 1), number);
    Ok(frame.encode())
}

/// The number of a delta, without reading the rest of it.
pub(super) fn number_of(mut delta: &[u8]) -> anyhow::Result<u64> {
    let members = decode::read_array_len(&mut delta)?;
    ensure!(members > 2, "a message of {members} members is not a delta");
    for _ in 0..2 {
        let _: u64 = decode::read_int(&mut delta).context("a message that is not a delta")?;
    }
    Ok(decode::read_int(&mut delta)?)
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::Map;

    use super::*;

    /// A delta to this version.
    pub(in crate::dialects) fn delta(to: u64) -> Vec<u8> {
        let frame = ServerFrame::Delta {
            from: Some(to - 1),
            to,
            committed_at_micros: 1_700_000_000_000_000,
            put_flags: Map::new(),
            deleted_flags: vec!["gone".to_owned()],
            put_segments: Some(Map::new()),
            deleted_segments: Some(Vec::new()),
        };
        frame.encode()
    }

    #[test]
    fn a_message_is_the_hubs_with_another_number() {
        let numbered = numbered(&delta(8), 300).unwrap();
        assert_eq!(numbered, delta(300));
        assert_eq!(number_of(&numbered).unwrap(), 300);
    }

    #[test]
    fn only_a_delta_has_a_number() {
        assert!(number_of(&[0x92, 1, 2]).is_err());
        assert!(number_of(b"hello").is_err());
        assert!(numbered(b"hello", 3).is_err());
    }
}
