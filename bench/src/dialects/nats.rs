//! nats-server over WebSockets: every socket subscribes to one subject.

use std::net::SocketAddr;

use anyhow::{Context as _, bail};

use super::delta::number_of;
use super::dialect::{Dialect, Taken};
use super::websocket::{self, WebSocket};
use crate::wire::{BINARY, client_frame};

const SUBJECT: &str = "flags";

/// What publishes a payload.
pub(crate) fn publish(payload: &[u8]) -> Vec<u8> {
    let head = format!("PUB {SUBJECT} {}\r\n", payload.len());
    [head.as_bytes(), payload, b"\r\n"].concat()
}

/// One subscription. The protocol's lines need not end where frames do.
pub(super) struct Subscriber {
    host: String,
    socket: WebSocket,
    /// What was read of a line or a message that has not come whole.
    text: Vec<u8>,
}

impl Subscriber {
    pub(super) fn new(host: SocketAddr) -> Self {
        Self {
            host: host.to_string(),
            socket: WebSocket::default(),
            text: Vec::new(),
        }
    }
}

impl Dialect for Subscriber {
    fn greeting(&self) -> Vec<u8> {
        websocket::upgrade(&self.host)
    }

    fn take(&mut self, unread: &mut Vec<u8>) -> anyhow::Result<Taken> {
        let mut taken = Taken::default();
        let mut reply = Vec::new();
        let Self { socket, text, .. } = self;
        socket.read(unread, &mut reply, |payload, reply| {
            text.extend_from_slice(payload);
            let mut read = 0;
            while let Some(length) = operation(&text[read..], &mut taken, reply)? {
                read += length;
            }
            text.drain(..read);
            Ok(())
        })?;
        taken.reply = reply;
        Ok(taken)
    }
}

/// Reads the first operation; answers its length, or nothing where it is not whole.
fn operation(text: &[u8], taken: &mut Taken, reply: &mut Vec<u8>) -> anyhow::Result<Option<usize>> {
    let Some(end) = text.windows(2).position(|window| window == b"\r\n") else {
        return Ok(None);
    };
    let line = std::str::from_utf8(&text[..end])?;
    let after = end + 2;
    match line.split(' ').next().unwrap_or_default() {
        "INFO" => {
            let subscribe = format!("CONNECT {{\"verbose\":false}}\r\nSUB {SUBJECT} 1\r\nPING\r\n");
            reply.extend(client_frame(BINARY, subscribe.as_bytes()));
        }
        "PONG" => taken.subscribed = true,
        "PING" => reply.extend(client_frame(BINARY, b"PONG\r\n")),
        "MSG" => {
            let size = line.rsplit(' ').next().unwrap_or_default();
            let size: usize = size.parse().context("a message of no size")?;
            let Some(payload) = text.get(after..after + size + 2) else {
                return Ok(None);
            };
            taken.deliveries.push(number_of(&payload[..size])?);
            return Ok(Some(after + size + 2));
        }
        "-ERR" => bail!("nats-server says {line}"),
        _ => {}
    }
    Ok(Some(after))
}

#[cfg(test)]
mod tests {
    use super::super::delta::tests::delta;
    use super::super::dialect::tests::reads;
    use super::*;

    fn subscriber() -> Box<dyn Dialect> {
        Box::new(Subscriber::new(([127, 0, 0, 1], 80).into()))
    }

    fn frames(parts: &[&[u8]]) -> Vec<u8> {
        let mut bytes = b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec();
        for part in parts {
            bytes.extend([0x82, u8::try_from(part.len()).unwrap()]);
            bytes.extend_from_slice(part);
        }
        bytes
    }

    #[test]
    fn it_subscribes_when_the_server_has_introduced_itself() {
        let taken = reads(subscriber, &frames(&[b"INFO {}\r\n", b"PONG\r\n"]));
        assert!(taken.subscribed);
        let text = String::from_utf8_lossy(&taken.reply).into_owned();
        assert!(text.contains("SUB flags 1\r\nPING\r\n"), "{text}");
    }

    #[test]
    fn messages_need_not_end_where_frames_do() {
        let message = |number| {
            let payload = delta(number);
            let head = format!("MSG flags 1 {}\r\n", payload.len());
            [head.as_bytes(), &payload, b"\r\n"].concat()
        };
        let both = [message(7), message(8)].concat();
        let (first, second) = both.split_at(message(7).len() + 3);
        let (second, third) = second.split_at(second.len() - 1);
        let taken = reads(subscriber, &frames(&[first, second, third]));
        assert_eq!(taken.deliveries, [7, 8]);
        assert!(!taken.subscribed);
    }

    #[test]
    fn the_servers_pings_are_answered() {
        let taken = reads(subscriber, &frames(&[b"PING\r\n"]));
        assert_eq!(taken.reply, client_frame(BINARY, b"PONG\r\n"));
    }

    #[test]
    fn what_the_server_refuses_fails_the_run() {
        let mut bytes = frames(&[b"-ERR 'Maximum Connections Exceeded'\r\n"]);
        let error = subscriber().take(&mut bytes).unwrap_err();
        assert!(error.to_string().contains("Maximum Connections"), "{error}");
    }

    #[test]
    fn a_payload_is_published_with_its_length() {
        assert_eq!(publish(b"abc"), b"PUB flags 3\r\nabc\r\n");
    }
}
