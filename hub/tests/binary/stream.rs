//! A server application as the protocol's page describes one: greets, and hears of changes.

use std::time::Duration;

use fastwebsockets::{Frame, OpCode, Payload, Role, WebSocket};
use rmpv::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::support::{Hub, PATIENCE};

const HELLO: u64 = 0;
const SNAPSHOT: u64 = 17;
const DELTA: u64 = 18;

/// A connection with a server key.
pub(crate) struct Application {
    socket: WebSocket<TcpStream>,
}

impl Application {
    /// Connects, greets and waits for everything; `None` where the hub does not let it in.
    pub(crate) async fn connect(hub: &Hub) -> Option<(Self, u64)> {
        let key = hub.ready["demo"]["serverKey"]
            .as_str()
            .unwrap_or("pbs_demo_production");
        let mut application = Self {
            socket: upgrade(hub, key).await?,
        };
        let hello = Value::Array(vec![
            HELLO.into(),
            Value::Nil,
            Value::Nil,
            Value::Nil,
            "test/1".into(),
        ]);
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &hello).expect("encoded");
        let frame = Frame::binary(Payload::Owned(bytes));
        application.socket.write_frame(frame).await.ok()?;
        let snapshot = application.next(SNAPSHOT).await?;
        let version = snapshot[1].as_u64().expect("a version");
        Some((application, version))
    }

    /// The version that the next change leads to.
    pub(crate) async fn next_version(&mut self) -> u64 {
        let delta = self.next(DELTA).await.expect("a change");
        delta[2].as_u64().expect("a version")
    }

    /// The next message of a kind; `None` once the hub closes.
    async fn next(&mut self, kind: u64) -> Option<Vec<Value>> {
        loop {
            let frame = timeout(PATIENCE, self.socket.read_frame()).await;
            let frame = frame.expect("the hub says something").ok()?;
            if frame.opcode == OpCode::Close {
                return None;
            }
            if frame.opcode != OpCode::Binary {
                continue;
            }
            let message = rmpv::decode::read_value(&mut &frame.payload[..]).expect("MessagePack");
            let Value::Array(fields) = message else {
                panic!("{message} is not an array");
            };
            if fields[0].as_u64() == Some(kind) {
                return Some(fields);
            }
        }
    }
}

async fn upgrade(hub: &Hub, key: &str) -> Option<WebSocket<TcpStream>> {
    let address = hub.url("sdk", "");
    let address = address.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "GET /sdk/v1/stream HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         Sec-WebSocket-Protocol: peekaboo.v1\r\nAuthorization: Bearer {key}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = timeout(Duration::from_secs(30), stream.read_u8()).await;
        head.push(byte.expect("an answer").ok()?);
    }
    head.starts_with(b"HTTP/1.1 101 ")
        .then(|| WebSocket::after_handshake(stream, Role::Client))
}
