//! WebSocket frames as the bench reads and writes them: nothing is masked in truth, nothing is fragmented.

/// A message.
pub(crate) const BINARY: u8 = 2;
/// The end of a stream.
pub(crate) const CLOSE: u8 = 8;
/// To be answered.
pub(crate) const PING: u8 = 9;
/// The answer.
pub(crate) const PONG: u8 = 10;

/// One frame at the begin of some bytes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) opcode: u8,
    pub(crate) payload: &'a [u8],
    /// The frame as it is on the wire.
    pub(crate) whole: &'a [u8],
}

/// The first frame of `bytes`, once they hold all of it. A client's mask, which is zero here, is read over.
pub(crate) fn first_frame(bytes: &[u8]) -> Option<Frame<'_>> {
    let second = *bytes.get(1)?;
    let (mut header, length): (usize, usize) = match second & 0x7f {
        126 => {
            let length = bytes.get(2..4)?.first_chunk()?;
            (4, usize::from(u16::from_be_bytes(*length)))
        }
        127 => {
            let length = bytes.get(2..10)?.first_chunk()?;
            (10, usize::try_from(u64::from_be_bytes(*length)).ok()?)
        }
        short => (2, usize::from(short)),
    };
    if second & 0x80 != 0 {
        header += 4;
    }
    let whole = bytes.get(..header.checked_add(length)?)?;
    Some(Frame {
        opcode: whole[0] & 0x0f,
        payload: &whole[header..],
        whole,
    })
}

/// A client's frame, with an all-zero mask, which leaves the payload as it is.
pub(crate) fn client_frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x80 | opcode];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => frame.push(0x80 | short),
        (_, Ok(length)) => {
            frame.push(0x80 | 0x7e);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            frame.push(0x80 | 0x7f);
            frame.extend_from_slice(&(payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(&[0; 4]);
    frame.extend_from_slice(payload);
    frame
}

/// Where an HTTP head ends, its blank line included.
pub(crate) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some(at + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_as_long_as_its_header_says() {
        assert_eq!(first_frame(&[0x82]), None);
        assert_eq!(first_frame(&[0x82, 2, 7]), None);
        let frame = first_frame(&[0x82, 2, 7, 8, 9]).unwrap();
        assert_eq!((frame.opcode, frame.payload), (BINARY, &[7, 8][..]));
        assert_eq!(frame.whole.len(), 4);
        let mut long = vec![0x82, 126, 1, 0];
        long.extend([5; 256]);
        assert_eq!(first_frame(&long).unwrap().payload.len(), 256);
        let mut longest = vec![0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0];
        longest.extend(vec![5; 65_536]);
        assert_eq!(first_frame(&longest).unwrap().payload.len(), 65_536);
    }

    #[test]
    fn what_a_client_writes_is_read_back() {
        for length in [0, 125, 126, 65_535, 65_536] {
            let payload = vec![3; length];
            let frame = client_frame(BINARY, &payload);
            let read = first_frame(&frame).unwrap();
            assert_eq!(read.payload, payload);
            assert_eq!(read.whole.len(), frame.len());
        }
    }

    #[test]
    fn a_head_ends_at_its_blank_line() {
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\nHost: a\r\n"), None);
        assert_eq!(end_of_head(b"GET / HTTP/1.1\r\n\r\nmore"), Some(18));
    }
}
