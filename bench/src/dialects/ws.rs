//! Node's `ws`: every connection is subscribed.

use std::net::SocketAddr;

use super::delta::number_of;
use super::dialect::{Dialect, Taken};
use super::websocket::{self, WebSocket};

/// One client that listens.
pub(super) struct Subscriber {
    host: String,
    socket: WebSocket,
    subscribed: bool,
}

impl Subscriber {
    pub(super) fn new(host: SocketAddr) -> Self {
        Self {
            host: host.to_string(),
            socket: WebSocket::default(),
            subscribed: false,
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
        let is_open = self.socket.read(unread, &mut reply, |payload, _| {
            taken.deliveries.push(number_of(payload)?);
            Ok(())
        })?;
        taken.reply = reply;
        taken.subscribed = is_open && !self.subscribed;
        self.subscribed = is_open;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::delta::tests::delta;
    use super::super::dialect::tests::reads;
    use super::*;

    #[test]
    fn connected_sockets_are_subscribed_and_read_messages() {
        let subscriber =
            || -> Box<dyn Dialect> { Box::new(Subscriber::new(([127, 0, 0, 1], 80).into())) };
        let mut bytes = b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec();
        for number in [2, 3] {
            let payload = delta(number);
            bytes.extend([0x82, u8::try_from(payload.len()).unwrap()]);
            bytes.extend(payload);
        }
        let taken = reads(subscriber, &bytes);
        assert!(taken.subscribed);
        assert_eq!(taken.deliveries, [2, 3]);
    }
}
