//! How a server is subscribed to and what it sends: bytes in, deliveries out, no socket.

use anyhow::bail;

use crate::wire::end_of_head;

/// What one look at the bytes that came made of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Taken {
    /// To be written to the server.
    pub(crate) reply: Vec<u8>,
    /// The server has confirmed the subscription just now.
    pub(crate) subscribed: bool,
    /// The numbers of the messages that came, in order.
    pub(crate) deliveries: Vec<u64>,
}

/// One subscription of one socket.
pub(crate) trait Dialect {
    /// What to write once connected.
    fn greeting(&self) -> Vec<u8>;

    /// Takes all that is whole off the front of `unread`, and leaves the rest for the next time.
    fn take(&mut self, unread: &mut Vec<u8>) -> anyhow::Result<Taken>;
}

/// Where the head of an HTTP answer ends, once it is whole. Another status is an error.
pub(crate) fn end_of_answer(unread: &[u8], status: u16) -> anyhow::Result<Option<usize>> {
    let Some(end) = end_of_head(unread) else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(&unread[..end]);
    if !head.starts_with(&format!("HTTP/1.1 {status}")) {
        bail!("expected status {status}, got: {}", head.trim_end());
    }
    Ok(Some(end))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What a dialect makes of bytes that come whole, and that come one at a time: the same, or this fails.
    pub(in crate::dialects) fn reads(make: impl Fn() -> Box<dyn Dialect>, bytes: &[u8]) -> Taken {
        let mut whole = bytes.to_vec();
        let at_once = make().take(&mut whole).unwrap();
        let (mut dialect, mut unread, mut taken) = (make(), Vec::new(), Taken::default());
        for byte in bytes {
            unread.push(*byte);
            let some = dialect.take(&mut unread).unwrap();
            taken.reply.extend(some.reply);
            taken.subscribed |= some.subscribed;
            taken.deliveries.extend(some.deliveries);
        }
        assert_eq!(taken, at_once, "it depends on how the bytes are cut");
        assert_eq!(unread, whole);
        taken
    }

    #[test]
    fn an_answer_is_looked_at_once_its_head_is_whole() {
        assert_eq!(
            end_of_answer(b"HTTP/1.1 101 Switching\r\nA: b\r\n", 101).unwrap(),
            None
        );
        assert_eq!(
            end_of_answer(b"HTTP/1.1 101 S\r\n\r\nrest", 101).unwrap(),
            Some(18)
        );
    }

    #[test]
    fn a_refusal_is_shown() {
        let error = end_of_answer(b"HTTP/1.1 503 Full\r\n\r\n", 200).unwrap_err();
        assert!(error.to_string().contains("503 Full"), "{error}");
    }
}
