//! Many sockets read by one thread, the same for the hub and for the floor, so that what differs
//! between two figures is the server alone.

use std::rc::Rc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail, ensure};
use rmp::encode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;

const TEXT_OR_BINARY: [u8; 2] = [1, 2];
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

const WELCOME: u64 = 16;
const SNAPSHOT: u64 = 17;
const DELTA: u64 = 18;

/// One delta on one socket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Delivery {
    /// The version that the socket held before.
    pub(crate) from: u64,
    /// The version that it brought.
    pub(crate) to: u64,
    /// When the server says that it committed, in microseconds of the Unix epoch.
    pub(crate) committed_micros: u64,
    /// When it arrived, on the same clock.
    pub(crate) arrived_micros: u64,
}

/// What one socket saw, and the bytes of its last delta as they were on the wire.
pub(crate) struct Seen {
    pub(crate) deliveries: Vec<Delivery>,
    pub(crate) last_frame: Vec<u8>,
}

/// Microseconds of the Unix epoch, now.
pub(crate) fn now_micros() -> u64 {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or(Duration::ZERO);
    u64::try_from(since_epoch.as_micros()).unwrap_or(u64::MAX)
}

/// A connected socket and what it has read but not yet understood.
pub(crate) struct Socket {
    stream: TcpStream,
    unread: Vec<u8>,
    version: u64,
}

impl Socket {
    /// Opens a stream with a server key and reads up to the end of its snapshot.
    pub(crate) async fn open(address: &str, key: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let mut socket = Self {
            stream,
            unread: Vec::new(),
            version: 0,
        };
        socket.upgrade(address).await?;
        socket.write_frame(2, &hello(key)?).await?;
        loop {
            let (opcode, payload, _) = socket.read_frame().await?;
            if !TEXT_OR_BINARY.contains(&opcode) {
                socket.answer_control(opcode, &payload).await?;
                continue;
            }
            let mut message = Message::new(&payload)?;
            match message.kind {
                WELCOME => {}
                SNAPSHOT => {
                    socket.version = message.integer()?;
                    return Ok(socket);
                }
                other => bail!("expected a snapshot, got a message of type {other}"),
            }
        }
    }

    /// Wraps a stream of the floor's server, which sends frames without a handshake.
    pub(crate) async fn open_bare(address: &str, version: u64) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            unread: Vec::new(),
            version,
        })
    }

    /// The version of the state that this socket holds.
    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// Reads deltas until the socket holds `last`, failing on a lost or repeated version.
    pub(crate) async fn follow(mut self, last: u64) -> anyhow::Result<(Self, Seen)> {
        let mut seen = Seen {
            deliveries: Vec::new(),
            last_frame: Vec::new(),
        };
        while self.version < last {
            let (opcode, payload, frame) = self.read_frame().await?;
            let arrived_micros = now_micros();
            if !TEXT_OR_BINARY.contains(&opcode) {
                self.answer_control(opcode, &payload).await?;
                continue;
            }
            let mut message = Message::new(&payload)?;
            ensure!(
                message.kind == DELTA,
                "expected a delta, got a message of type {}",
                message.kind
            );
            let (from, to) = (message.integer()?, message.integer()?);
            ensure!(
                to > self.version,
                "version {to} came again after {}",
                self.version
            );
            ensure!(
                from == self.version,
                "lost what is between {} and {from}",
                self.version
            );
            self.version = to;
            let committed_micros = message.integer()?;
            seen.deliveries.push(Delivery {
                from,
                to,
                committed_micros,
                arrived_micros,
            });
            seen.last_frame = frame;
        }
        Ok((self, seen))
    }

    /// Reads `rounds` copies of one frame and numbers them, for the floor.
    pub(crate) async fn count(mut self, rounds: u64) -> anyhow::Result<(Self, Seen)> {
        let mut seen = Seen {
            deliveries: Vec::new(),
            last_frame: Vec::new(),
        };
        for _ in 0..rounds {
            let (_, payload, _) = self.read_frame().await?;
            let arrived_micros = now_micros();
            // Reads what a real client reads, so that both receivers do the same work.
            let mut message = Message::new(&payload)?;
            let (_, _, committed_micros) =
                (message.integer()?, message.integer()?, message.integer()?);
            let from = self.version;
            self.version += 1;
            seen.deliveries.push(Delivery {
                from,
                to: self.version,
                committed_micros,
                arrived_micros,
            });
        }
        Ok((self, seen))
    }

    async fn upgrade(&mut self, address: &str) -> anyhow::Result<()> {
        let request = format!(
            "GET /sdk/v1/stream HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGVlay1hLWJvbyBiZW5jaA==\r\n\
             Sec-WebSocket-Protocol: peekaboo.v1\r\n\r\n"
        );
        self.stream.write_all(request.as_bytes()).await?;
        loop {
            if let Some(end) = self
                .unread
                .windows(4)
                .position(|window| window == b"\r\n\r\n")
            {
                let head = String::from_utf8_lossy(&self.unread[..end]).into_owned();
                ensure!(
                    head.starts_with("HTTP/1.1 101"),
                    "the upgrade was refused: {head}"
                );
                self.unread.drain(..end + 4);
                return Ok(());
            }
            self.read_more().await?;
        }
    }

    async fn read_more(&mut self) -> anyhow::Result<()> {
        self.unread.reserve(4096);
        let count = self.stream.read_buf(&mut self.unread).await?;
        ensure!(count > 0, "the server closed the connection");
        Ok(())
    }

    /// One unmasked frame: its opcode, its payload, and the whole of its bytes.
    async fn read_frame(&mut self) -> anyhow::Result<(u8, Vec<u8>, Vec<u8>)> {
        loop {
            if let Some((header, length)) = frame_extent(&self.unread)
                && self.unread.len() >= header + length
            {
                let frame: Vec<u8> = self.unread.drain(..header + length).collect();
                return Ok((frame[0] & 0x0f, frame[header..].to_vec(), frame));
            }
            self.read_more().await?;
        }
    }

    async fn answer_control(&mut self, opcode: u8, payload: &[u8]) -> anyhow::Result<()> {
        match opcode {
            PING => self.write_frame(PONG, payload).await,
            CLOSE => {
                let code = payload
                    .first_chunk()
                    .map_or(1005, |bytes| u16::from_be_bytes(*bytes));
                bail!("the server closed with {code}")
            }
            _ => Ok(()),
        }
    }

    /// Writes a small frame with an all-zero mask, which leaves the payload as it is.
    async fn write_frame(&mut self, opcode: u8, payload: &[u8]) -> anyhow::Result<()> {
        let length = u8::try_from(payload.len())
            .ok()
            .filter(|length| *length <= 125);
        let length = length.context("the bench writes small frames only")?;
        let mut frame = vec![0x80 | opcode, 0x80 | length, 0, 0, 0, 0];
        frame.extend_from_slice(payload);
        self.stream.write_all(&frame).await?;
        Ok(())
    }
}

/// Length of a frame's header and of its payload, once enough bytes tell.
fn frame_extent(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes.get(1)? & 0x7f {
        126 => {
            let length = bytes.get(2..4)?.first_chunk()?;
            Some((4, usize::from(u16::from_be_bytes(*length))))
        }
        127 => {
            let length = bytes.get(2..10)?.first_chunk()?;
            Some((10, usize::try_from(u64::from_be_bytes(*length)).ok()?))
        }
        short => Some((2, usize::from(short))),
    }
}

/// `[0, key, nil, nil, "bench/0.1.0"]`.
fn hello(key: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    encode::write_array_len(&mut bytes, 5)?;
    encode::write_uint(&mut bytes, 0)?;
    encode::write_str(&mut bytes, key)?;
    encode::write_nil(&mut bytes)?;
    encode::write_nil(&mut bytes)?;
    encode::write_str(&mut bytes, "bench/0.1.0")?;
    Ok(bytes)
}

/// The leading integers of a message, which is all that the bench looks at.
struct Message<'a> {
    rest: &'a [u8],
    kind: u64,
}

impl<'a> Message<'a> {
    fn new(mut payload: &'a [u8]) -> anyhow::Result<Self> {
        rmp::decode::read_array_len(&mut payload)?;
        let kind = rmp::decode::read_int(&mut payload)?;
        Ok(Self {
            rest: payload,
            kind,
        })
    }

    fn integer(&mut self) -> anyhow::Result<u64> {
        Ok(rmp::decode::read_int(&mut self.rest)?)
    }
}

/// Reads on every socket at once until each is done, all on this thread.
pub(crate) async fn all<F>(
    sockets: Vec<Socket>,
    deadline: Duration,
    started: watch::Sender<bool>,
    read: impl Fn(Socket) -> F + 'static,
) -> anyhow::Result<(Vec<Socket>, Vec<Seen>)>
where
    F: Future<Output = anyhow::Result<(Socket, Seen)>> + 'static,
{
    let read = Rc::new(read);
    let tasks = tokio::task::LocalSet::new();
    let handles: Vec<_> = sockets
        .into_iter()
        .map(|socket| {
            let read = Rc::clone(&read);
            tasks.spawn_local(async move { read(socket).await })
        })
        .collect();
    let gathered = async {
        // Every reader has been polled once before the first change is made.
        tokio::task::yield_now().await;
        started.send_replace(true);
        let mut sockets = Vec::with_capacity(handles.len());
        let mut seen = Vec::with_capacity(handles.len());
        for (number, handle) in handles.into_iter().enumerate() {
            let (socket, one) = handle.await?.with_context(|| format!("socket {number}"))?;
            sockets.push(socket);
            seen.push(one);
        }
        Ok((sockets, seen))
    };
    tokio::time::timeout(deadline, tasks.run_until(gathered))
        .await
        .context("not every socket reached the final version in time")?
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    /// A socket at version 7 whose server has sent `deltas` of `[from, to]` and gone.
    async fn socket_after(deltas: &[[u64; 2]]) -> Socket {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let socket = Socket::open_bare(&address, 7).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        for [from, to] in deltas {
            let mut payload = Vec::new();
            encode::write_array_len(&mut payload, 4).unwrap();
            for integer in [DELTA, *from, *to, 1_000] {
                encode::write_uint(&mut payload, integer).unwrap();
            }
            let mut frame = vec![0x82, u8::try_from(payload.len()).unwrap()];
            frame.extend_from_slice(&payload);
            server.write_all(&frame).await.unwrap();
        }
        socket
    }

    #[tokio::test]
    async fn every_version_in_order_is_followed_to_the_last() {
        let socket = socket_after(&[[7, 8], [8, 11]]).await;
        let (socket, seen) = socket.follow(11).await.unwrap();
        assert_eq!(socket.version(), 11);
        assert_eq!(seen.deliveries.len(), 2);
    }

    #[tokio::test]
    async fn a_lost_version_fails_the_run() {
        let socket = socket_after(&[[7, 8], [9, 10]]).await;
        let error = socket.follow(10).await.err().unwrap();
        assert!(
            error.to_string().contains("lost what is between 8 and 9"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn a_repeated_version_fails_the_run() {
        let socket = socket_after(&[[7, 8], [7, 8]]).await;
        let error = socket.follow(9).await.err().unwrap();
        assert!(
            error.to_string().contains("version 8 came again"),
            "{error}"
        );
    }

    #[test]
    fn a_frame_is_as_long_as_its_header_says() {
        assert_eq!(frame_extent(&[0x82]), None);
        assert_eq!(frame_extent(&[0x82, 5]), Some((2, 5)));
        assert_eq!(frame_extent(&[0x82, 126, 1, 0]), Some((4, 256)));
        assert_eq!(
            frame_extent(&[0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
            Some((10, 65536))
        );
    }
}
