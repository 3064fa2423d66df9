//! The client's side of a WebSocket: payloads out of bytes, without a socket.

use anyhow::bail;

use super::dialect::end_of_answer;
use crate::wire::{BINARY, CLOSE, PING, PONG, client_frame, first_frame};

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;

/// A WebSocket whose handshake is answered, or not yet.
#[derive(Default)]
pub(super) struct WebSocket {
    is_open: bool,
}

/// The request that asks for a WebSocket.
pub(crate) fn upgrade(host: &str) -> Vec<u8> {
    format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGVlay1hLWJvbyBiZW5jaA==\r\n\r\n"
    )
    .into_bytes()
}

impl WebSocket {
    /// Hands every whole payload to `each` and takes it off the front; answers pings in `reply`. Says whether the
    /// handshake is over.
    ///
    /// A message in several frames comes as several payloads.
    pub(super) fn read(
        &mut self,
        unread: &mut Vec<u8>,
        reply: &mut Vec<u8>,
        mut each: impl FnMut(&[u8], &mut Vec<u8>) -> anyhow::Result<()>,
    ) -> anyhow::Result<bool> {
        let mut read = 0;
        if !self.is_open {
            let Some(end) = end_of_answer(unread, 101)? else {
                return Ok(false);
            };
            self.is_open = true;
            read = end;
        }
        while let Some(frame) = first_frame(&unread[read..]) {
            match frame.opcode {
                CONTINUATION | TEXT | BINARY => each(frame.payload, reply)?,
                PING => reply.extend(client_frame(PONG, frame.payload)),
                CLOSE => bail!("the server closed the connection"),
                _ => {}
            }
            read += frame.whole.len();
        }
        unread.drain(..read);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_come_out_and_pings_are_answered() {
        let mut socket = WebSocket { is_open: true };
        let mut unread = vec![0x89, 2, b'h', b'i', 0x82, 3, 1, 2, 3, 0x82, 9];
        let (mut reply, mut payloads) = (Vec::new(), Vec::new());
        let each = |payload: &[u8], _: &mut Vec<u8>| {
            payloads.push(payload.to_vec());
            Ok(())
        };
        assert!(socket.read(&mut unread, &mut reply, each).unwrap());
        assert_eq!(payloads, [[1, 2, 3]]);
        assert_eq!(reply, [0x8a, 0x82, 0, 0, 0, 0, b'h', b'i']);
        assert_eq!(unread, [0x82, 9], "what is not whole stays");
    }

    #[test]
    fn a_close_is_an_error() {
        let mut socket = WebSocket { is_open: true };
        let nothing = |_: &[u8], _: &mut Vec<u8>| Ok(());
        assert!(
            socket
                .read(&mut vec![0x88, 0], &mut Vec::new(), nothing)
                .is_err()
        );
    }
}
