//! An application as the protocol's page describes one: greets, and hears of changes.

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
const EVENTS: u64 = 3;
pub(crate) const WELCOME: u64 = 16;
pub(crate) const SNAPSHOT: u64 = 17;
pub(crate) const DELTA: u64 = 18;
pub(crate) const ACK: u64 = 19;
pub(crate) const GOAWAY: u64 = 21;

/// A connection with a key.
pub(crate) struct Application {
    socket: WebSocket<TcpStream>,
    /// Everything that the hub sent.
    pub(crate) heard: Vec<u8>,
    /// What the hub closed with.
    pub(crate) closed: Option<u16>,
}

impl Application {
    /// Connects with the demo's server key, greets and waits for everything; `None` where the hub does not let it in.
    pub(crate) async fn connect(hub: &Hub) -> Option<(Self, u64)> {
        let key = hub.ready["demo"]["serverKey"]
            .as_str()
            .unwrap_or("pbs_demo_production");
        let mut application = Self::greet(hub, key, Value::Nil, Value::Nil).await?;
        let snapshot = application.next(SNAPSHOT).await?;
        let version = snapshot[1].as_u64().expect("a version");
        Some((application, version))
    }

    /// Connects and greets.
    pub(crate) async fn greet(hub: &Hub, key: &str, resume: Value, context: Value) -> Option<Self> {
        let mut application = Self {
            socket: upgrade(hub, key).await?,
            heard: Vec::new(),
            closed: None,
        };
        let hello = vec![HELLO.into(), Value::Nil, resume, context, "test/1".into()];
        application.say(hello).await;
        Some(application)
    }

    /// Sends a message; a hub that has closed already does not hear it.
    pub(crate) async fn say(&mut self, message: Vec<Value>) {
        let mut bytes = Vec::new();
        rmpv::encode::write_value(&mut bytes, &Value::Array(message)).expect("encoded");
        let frame = Frame::binary(Payload::Owned(bytes));
        let _ = self.socket.write_frame(frame).await;
    }

    /// Reports how often a flag was served a variation, and waits until the hub has it.
    pub(crate) async fn report(&mut self, batch: &str, flag: &str, variation: &str, count: u64) {
        let served = [
            flag.into(),
            1.into(),
            variation.into(),
            "STATIC".into(),
            count.into(),
        ];
        let fields = vec![
            ("id".into(), batch.into()),
            (
                "counts".into(),
                Value::Array(vec![Value::Array(served.into())]),
            ),
        ];
        self.say(vec![EVENTS.into(), Value::Map(fields)]).await;
        let acknowledged = self.next(ACK).await.expect("an acknowledgment");
        assert_eq!(acknowledged[1].as_str(), Some(batch));
    }

    /// The version that the next change leads to.
    pub(crate) async fn next_version(&mut self) -> u64 {
        let delta = self.next(DELTA).await.expect("a change");
        delta[2].as_u64().expect("a version")
    }

    /// What the hub closes with.
    pub(crate) async fn close_code(&mut self) -> u16 {
        while self.any().await.is_some() {}
        self.closed.expect("a close frame")
    }

    /// The next message of a kind; `None` once the hub closes.
    pub(crate) async fn next(&mut self, kind: u64) -> Option<Vec<Value>> {
        loop {
            let fields = self.any().await?;
            if fields[0].as_u64() == Some(kind) {
                return Some(fields);
            }
        }
    }

    /// The next message; `None` once the hub closes.
    pub(crate) async fn any(&mut self) -> Option<Vec<Value>> {
        loop {
            let frame = timeout(PATIENCE, self.socket.read_frame()).await;
            let frame = frame.expect("the hub says something").ok()?;
            if frame.opcode == OpCode::Close {
                let code = frame.payload.first_chunk();
                self.closed = code.map(|code| u16::from_be_bytes(*code));
                return None;
            }
            if frame.opcode != OpCode::Binary {
                continue;
            }
            self.heard.extend_from_slice(&frame.payload);
            let message = rmpv::decode::read_value(&mut &frame.payload[..]).expect("MessagePack");
            let Value::Array(fields) = message else {
                panic!("{message} is not an array");
            };
            return Some(fields);
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
