//! One connection of a receiver: how it is opened, and what became of it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};

use anyhow::{Context as _, bail, ensure};
use peekaboo_protocol::{ClientFrame, Resume, STREAM_PATH, SUBPROTOCOL};
use socket2::{Domain, Protocol, Socket, Type};

use super::messages::{ClientProtocol, Group};
use super::state::Held;
use crate::clock::{Nanos, now};
use crate::dialects::Dialect;
use crate::population;
use crate::wire::{BINARY, client_frame};

/// Connections that leave from one address: there are 28,000 ports by default, and closed ones stay taken for a minute.
const PER_SOURCE: u32 = 14_000;

/// What a connection on a bad line announces: its server's kernel then buffers tens of kilobytes for it, not megabytes.
const NARROW_SEGMENT: u32 = 536;
const NARROW_WINDOW: usize = 4_096;

/// How far a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is not open.
    Closed,
    /// The answer to the upgrade is awaited.
    Upgrading,
    /// The state that it begins with is awaited.
    Beginning,
    /// It is up to date, or will be.
    Following,
}

/// A place for a connection, which may be opened again after it was closed.
pub(super) struct Connection {
    pub(super) group: u32,
    /// Its number in the group, from which its context is made.
    pub(super) number: u32,
    pub(super) stream: Option<TcpStream>,
    pub(super) phase: Phase,
    /// What was read of a frame that has not come whole.
    pub(super) unread: Vec<u8>,
    /// Parses the messages of a server that is not a hub.
    pub(super) dialect: Option<Box<dyn Dialect>>,
    pub(super) held: Held,
    pub(super) version: u64,
    pub(super) epoch: String,
    pub(super) mode: u8,
    pub(super) began: Nanos,
}

impl Connection {
    pub(super) fn new(group: u32, number: u32) -> Self {
        Self {
            group,
            number,
            stream: None,
            phase: Phase::Closed,
            unread: Vec::new(),
            dialect: None,
            held: Held::Nothing,
            version: 0,
            epoch: String::new(),
            mode: 0,
            began: 0,
        }
    }

    /// Connects and asks for the upgrade; `nth` counts the connections that this process ever opened.
    pub(super) fn open(&mut self, group: &Group, nth: u32) -> anyhow::Result<()> {
        self.began = now();
        let stream =
            connect(group, nth).with_context(|| format!("cannot connect to {}", group.address))?;
        let request = match &group.speech {
            ClientProtocol::Peekaboo { .. } => upgrade(group),
            ClientProtocol::Peer(peer) => {
                self.dialect.insert(peer.dialect(group.address)).greeting()
            }
        };
        self.stream = Some(stream);
        self.phase = Phase::Upgrading;
        self.unread.clear();
        self.write(&request)
    }

    /// Says HELLO, with the version that is held where `resume` says so.
    pub(super) fn say_hello(
        &mut self,
        speech: &ClientProtocol,
        resume: bool,
    ) -> anyhow::Result<()> {
        let ClientProtocol::Peekaboo { key, contexts } = speech else {
            bail!("only a hub is said HELLO to");
        };
        let hello = ClientFrame::Hello {
            key: Some(key.clone()),
            resume: resume.then(|| Resume {
                epoch: self.epoch.clone(),
                version: self.version,
            }),
            context: contexts.then(|| population::context(self.number)),
            sdk: concat!("bench/", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        self.write(&client_frame(BINARY, &hello.encode()))
    }

    /// Writes something small, which always fits.
    pub(super) fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let stream = self.stream.as_mut().context("the connection is closed")?;
        let written = stream.write(bytes)?;
        ensure!(
            written == bytes.len(),
            "a few hundred bytes did not fit into an empty socket"
        );
        Ok(())
    }

    /// Reads what is there; nothing where there is nothing.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> anyhow::Result<usize> {
        let Some(stream) = self.stream.as_mut() else {
            return Ok(0);
        };
        match stream.read(buffer) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(length) => Ok(length),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
            Err(error) => Err(error.into()),
        }
    }

    /// Closes it; what it holds stays, to resume from.
    pub(super) fn close(&mut self) {
        self.stream = None;
        self.phase = Phase::Closed;
        self.unread = Vec::new();
    }
}

fn upgrade(group: &Group) -> Vec<u8> {
    format!(
        "GET {STREAM_PATH}?group={} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: cGVlay1hLWJvbyBiZW5jaA==\r\n\
         Sec-WebSocket-Protocol: {SUBPROTOCOL}\r\n\r\n",
        group.id, group.address
    )
    .into_bytes()
}

fn connect(group: &Group, nth: u32) -> anyhow::Result<TcpStream> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    if group.address.ip().is_loopback() {
        socket.bind(&SocketAddr::from((source(nth), 0)).into())?;
    }
    if group.narrow {
        socket.set_recv_buffer_size(NARROW_WINDOW)?;
        socket.set_tcp_mss(NARROW_SEGMENT)?;
    }
    // On loopback the kernel completes this at once, whatever the server does.
    socket.connect(&group.address.into())?;
    socket.set_tcp_nodelay(true)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}

/// The address that the nth connection of this process leaves from: all of 127.0.0.0/8 is this machine.
fn source(nth: u32) -> IpAddr {
    let process = std::process::id();
    let first = 127 << 24 | (process % 0x7fff) << 8 | 1;
    let address = first + nth / PER_SOURCE;
    Ipv4Addr::from_bits(address).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_loopback_and_change_before_ports_run_out() {
        assert_eq!(source(0), source(PER_SOURCE - 1));
        assert_ne!(source(0), source(PER_SOURCE));
        assert!(source(200 * PER_SOURCE).is_loopback());
    }
}
