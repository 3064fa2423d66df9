//! A client of the stream as `docs/protocol.md` describes it, small enough to be read next to it.
//!
//! It speaks over an upgraded socket, keeps no state but its read buffer, and can send what no decent client would.

use std::collections::BTreeMap;
use std::time::Duration;

use peekaboo_protocol::{ClientFrame, Mode, Resume, ServerFrame};
use serde_json::{Map, Value};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Whatever is waited for must come by then.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

const MASK: [u8; 4] = [0x5a, 0x01, 0xfe, 0x80];

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
    /// Every byte of every message, for those who look for what must not be there.
    pub(crate) seen: Vec<u8>,
}

/// What arrived.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Received {
    Frame(ServerFrame),
    Ping,
    Pong(Vec<u8>),
    Close(u16),
    /// The socket ended, cleanly or not.
    End,
}

impl Client {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
            seen: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, frame: &ClientFrame) {
        self.send_message(&frame.encode()).await;
    }

    pub(crate) async fn send_message(&mut self, message: &[u8]) {
        self.send_bytes(&masked(0x82, message)).await;
    }

    /// Sends bytes as they are. A hub that has closed may not take them, which the next read shows.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    pub(crate) async fn hello(&mut self, key: &str) {
        self.hello_with(key, None, None).await;
    }

    pub(crate) async fn hello_with(
        &mut self,
        key: &str,
        resume: Option<Resume>,
        context: Option<Value>,
    ) {
        let context = context.map(object);
        let sdk = "test/0.1.0".to_owned();
        self.send(&ClientFrame::Hello {
            key: Some(key.to_owned()),
            resume,
            context,
            sdk,
        })
        .await;
    }

    pub(crate) async fn context(&mut self, context: Value) {
        self.send(&ClientFrame::Context {
            context: object(context),
        })
        .await;
    }

    /// The next thing that arrives, within the deadline.
    pub(crate) async fn next(&mut self) -> Received {
        timeout(DEADLINE, self.read())
            .await
            .expect("something arrives in time")
    }

    /// The next message, answering nothing.
    pub(crate) async fn frame(&mut self) -> ServerFrame {
        match self.next().await {
            Received::Frame(frame) => frame,
            other => panic!("a message was expected, not {other:?}"),
        }
    }

    /// Reads on until the hub closes; its code.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            match self.next().await {
                Received::Close(code) => return code,
                Received::End => panic!("the socket ended without a close"),
                _ => {}
            }
        }
    }

    /// Reads on until the socket ends.
    pub(crate) async fn ended(&mut self) {
        while self.next().await != Received::End {}
    }

    async fn read(&mut self) -> Received {
        loop {
            if let Some((opcode, payload)) = self.take_frame() {
                return match opcode {
                    2 => Received::Frame(
                        ServerFrame::decode(&payload).expect("a message of the hub"),
                    ),
                    8 => Received::Close(
                        payload
                            .first_chunk()
                            .map_or(1005, |code| u16::from_be_bytes(*code)),
                    ),
                    9 => Received::Ping,
                    10 => Received::Pong(payload),
                    other => panic!("opcode {other} was not expected"),
                };
            }
            match self.stream.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) => return Received::End,
                Ok(_) => {}
            }
        }
    }

    /// Takes a whole frame off the buffer. A hub never masks and never fragments.
    fn take_frame(&mut self) -> Option<(u8, Vec<u8>)> {
        let &[first, second, ref rest @ ..] = self.buffer.as_slice() else {
            return None;
        };
        assert_eq!(first & 0xf0, 0x80, "final and without reserved bits");
        let (length, head) = match second {
            126 => (u16::from_be_bytes(*rest.first_chunk()?).into(), 4),
            127 => (
                usize::try_from(u64::from_be_bytes(*rest.first_chunk()?)).expect("a length"),
                10,
            ),
            short => (usize::from(short), 2),
        };
        let payload = self.buffer.get(head..head + length)?.to_vec();
        self.seen.extend_from_slice(&payload);
        self.buffer.drain(..head + length);
        Some((first & 0x0f, payload))
    }
}

/// A masked frame with this first byte.
pub(crate) fn masked(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    if let Ok(short @ 0..=125) = u8::try_from(payload.len()) {
        frame.push(0x80 | short);
    } else if let Ok(medium) = u16::try_from(payload.len()) {
        frame.push(0xfe);
        frame.extend(medium.to_be_bytes());
    } else {
        frame.push(0xff);
        frame.extend((payload.len() as u64).to_be_bytes());
    }
    frame.extend(MASK);
    frame.extend(
        payload
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    frame
}

/// What a client holds; it fails the test on a version that is lost or comes twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Replica {
    pub(crate) epoch: String,
    pub(crate) version: u64,
    pub(crate) flags: BTreeMap<String, Value>,
    pub(crate) segments: BTreeMap<String, Value>,
}

impl Replica {
    /// Reads WELCOME and what it announces.
    pub(crate) async fn welcomed(&mut self, client: &mut Client) -> Mode {
        let ServerFrame::Welcome {
            epoch,
            version,
            mode,
            ..
        } = client.frame().await
        else {
            panic!("WELCOME comes first");
        };
        self.epoch = epoch;
        match mode {
            Mode::Current => self.version = version,
            Mode::Delta | Mode::Snapshot => self.apply(client.frame().await),
        }
        assert_eq!(self.version, version);
        mode
    }

    pub(crate) fn apply(&mut self, frame: ServerFrame) {
        match frame {
            ServerFrame::Snapshot {
                version,
                flags,
                segments,
            } => {
                self.version = version;
                self.flags = flags.into_iter().collect();
                self.segments = segments.into_iter().flatten().collect();
            }
            ServerFrame::Delta {
                from,
                to,
                put_flags,
                deleted_flags,
                put_segments,
                deleted_segments,
                ..
            } => {
                if let Some(from) = from {
                    assert_eq!(from, self.version, "a version was lost or came twice");
                    assert!(to > from);
                }
                self.version = to;
                self.flags.retain(|key, _| !deleted_flags.contains(key));
                self.flags.extend(put_flags);
                self.segments.retain(|key, _| {
                    !deleted_segments
                        .iter()
                        .flatten()
                        .any(|deleted| deleted == key)
                });
                self.segments.extend(put_segments.into_iter().flatten());
            }
            other => panic!("a snapshot or a delta was expected, not {other:?}"),
        }
    }

    /// Applies what comes until the version is reached, answering no pings.
    pub(crate) async fn reach(&mut self, client: &mut Client, version: u64) {
        while self.version < version {
            match client.next().await {
                Received::Frame(ServerFrame::Ping) | Received::Ping => {}
                Received::Frame(frame) => self.apply(frame),
                other => panic!("a change was expected, not {other:?}"),
            }
        }
        assert_eq!(self.version, version);
    }

    pub(crate) fn resume(&self) -> Resume {
        Resume {
            epoch: self.epoch.clone(),
            version: self.version,
        }
    }
}

pub(crate) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        other => panic!("{other} is not an object"),
    }
}
