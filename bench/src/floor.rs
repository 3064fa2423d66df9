//! The floor: a server that does nothing but send. It answers every upgrade and HELLO with the same bytes, and a round
//! is a bare loop of `send()` of the same bytes to all sockets.
//!
//! No user-space work can be less than this, so a figure's ratio to it says what the hub adds.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::fd::OwnedFd;

use anyhow::{Context as _, bail, ensure};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use serde::{Deserialize, Serialize};

use crate::clock::{Nanos, now};
use crate::cpus::{Cpus, Role};
use crate::generator::Issue;
use crate::pipe::{self, Part};
use crate::wire::{end_of_head, first_frame};

/// The name of the floor's subcommand.
pub(crate) const NAME: &str = "floor";

/// The answer to `Sec-WebSocket-Key: cGVlay1hLWJvbyBiZW5jaA==`, which every receiver sends.
const UPGRADED: &[u8] = b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Accept: 5PHZmwFn0ZSbO9Qs79igskeYCMY=\r\nSec-WebSocket-Protocol: peekaboo.v1\r\n\r\n";

/// What the server is told.
#[derive(Debug, Deserialize, Serialize)]
enum Order {
    /// What a group's sockets are answered to HELLO.
    Welcome { group: u32, bytes: Vec<u8> },
    /// What the coming rounds send, and to which group.
    Rounds(Vec<(u32, Vec<u8>)>),
    /// Say when the rounds until now began.
    Report,
}

/// What the server says.
#[derive(Debug, Deserialize, Serialize)]
enum ServerMessage {
    /// The addresses it listens on: for sockets, and for the connection that starts rounds.
    Listening {
        sockets: SocketAddr,
        rounds: SocketAddr,
    },
    Done,
    Began(Vec<Nanos>),
}

const INPUT: u64 = u64::MAX;
const SOCKETS: u64 = u64::MAX - 1;
const ROUNDS: u64 = u64::MAX - 2;
const BEGIN: u64 = u64::MAX - 3;

/// Obeys orders on standard input until that ends.
pub(crate) fn serve() -> anyhow::Result<()> {
    let mut server = Server::listen()?;
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    pipe::write(
        &mut output,
        &ServerMessage::Listening {
            sockets: server.sockets.local_addr()?,
            rounds: server.rounds.local_addr()?,
        },
    )?;
    epoll::add(
        &server.epoll,
        &input,
        EventData::new_u64(INPUT),
        EventFlags::IN,
    )?;
    let mut events = Vec::with_capacity(256);
    loop {
        epoll::wait(&server.epoll, spare_capacity(&mut events), None)?;
        for event in events.drain(..) {
            match event.data.u64() {
                INPUT => match pipe::read(&mut input)? {
                    Some(order) => pipe::write(&mut output, &server.obey(order))?,
                    None => return Ok(()),
                },
                SOCKETS => server.accept()?,
                ROUNDS => server.accept_beginner()?,
                BEGIN => server.begin()?,
                socket => server.read(socket),
            }
        }
    }
}

struct Server {
    epoll: OwnedFd,
    sockets: TcpListener,
    rounds: TcpListener,
    beginner: Option<TcpStream>,
    accepted: BTreeMap<u64, Accepted>,
    groups: BTreeMap<u32, Vec<(u64, TcpStream)>>,
    welcomes: BTreeMap<u32, Vec<u8>>,
    frames: Vec<(u32, Vec<u8>)>,
    began: Vec<Nanos>,
    next: u64,
}

/// An accepted socket. After the handshake, only what is needed to notice its end is left.
struct Accepted {
    /// None once it is in its group.
    handshaking: Option<TcpStream>,
    group: Option<u32>,
    unread: Vec<u8>,
}

impl Server {
    fn listen() -> anyhow::Result<Self> {
        let bind = || -> anyhow::Result<TcpListener> {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            listener.set_nonblocking(true)?;
            Ok(listener)
        };
        let server = Self {
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            sockets: bind()?,
            rounds: bind()?,
            beginner: None,
            accepted: BTreeMap::new(),
            groups: BTreeMap::new(),
            welcomes: BTreeMap::new(),
            frames: Vec::new(),
            began: Vec::new(),
            next: 0,
        };
        // As many as a hub lets wait.
        rustix::net::listen(&server.sockets, 4_096)?;
        epoll::add(
            &server.epoll,
            &server.sockets,
            EventData::new_u64(SOCKETS),
            EventFlags::IN,
        )?;
        epoll::add(
            &server.epoll,
            &server.rounds,
            EventData::new_u64(ROUNDS),
            EventFlags::IN,
        )?;
        Ok(server)
    }

    fn obey(&mut self, order: Order) -> ServerMessage {
        match order {
            Order::Welcome { group, bytes } => {
                self.welcomes.insert(group, bytes);
                ServerMessage::Done
            }
            Order::Rounds(frames) => {
                self.frames = frames;
                self.began.clear();
                ServerMessage::Done
            }
            Order::Report => ServerMessage::Began(std::mem::take(&mut self.began)),
        }
    }

    fn accept(&mut self) -> anyhow::Result<()> {
        loop {
            let stream = match self.sockets.accept() {
                Ok((stream, _)) => stream,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            };
            stream.set_nodelay(true)?;
            stream.set_nonblocking(true)?;
            epoll::add(
                &self.epoll,
                &stream,
                EventData::new_u64(self.next),
                EventFlags::IN,
            )?;
            let accepted = Accepted {
                handshaking: Some(stream),
                group: None,
                unread: Vec::new(),
            };
            self.accepted.insert(self.next, accepted);
            self.next += 1;
        }
    }

    fn accept_beginner(&mut self) -> anyhow::Result<()> {
        let (stream, _) = self.rounds.accept()?;
        stream.set_nonblocking(true)?;
        epoll::add(
            &self.epoll,
            &stream,
            EventData::new_u64(BEGIN),
            EventFlags::IN,
        )?;
        self.beginner = Some(stream);
        Ok(())
    }

    /// A round for each byte.
    fn begin(&mut self) -> anyhow::Result<()> {
        let mut bytes = [0; 64];
        let beginner = self.beginner.as_mut().context("nobody begins rounds")?;
        let rounds = match beginner.read(&mut bytes) {
            Ok(0) => {
                self.beginner = None;
                return Ok(());
            }
            Ok(rounds) => rounds,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        for _ in 0..rounds {
            let (group, frame) = self
                .frames
                .get(self.began.len())
                .context("a round too many")?;
            self.began.push(now());
            for (_, socket) in self.groups.get(group).into_iter().flatten() {
                send(socket, frame)?;
            }
        }
        Ok(())
    }

    /// Reads of a socket; one that ended, or talks nonsense, is forgotten.
    fn read(&mut self, id: u64) {
        if !self.read_some(id).unwrap_or(false) {
            let accepted = self.accepted.remove(&id);
            if let Some(group) = accepted.and_then(|accepted| accepted.group)
                && let Some(sockets) = self.groups.get_mut(&group)
                && let Ok(at) = sockets.binary_search_by_key(&id, |(id, _)| *id)
            {
                sockets.remove(at);
            }
        }
    }

    /// Whether it goes on.
    fn read_some(&mut self, id: u64) -> anyhow::Result<bool> {
        let accepted = self.accepted.get_mut(&id).context("it is unknown")?;
        let mut bytes = [0; 4_096];
        let Some(stream) = &mut accepted.handshaking else {
            let sockets = self
                .groups
                .get_mut(&accepted.group.context("it is in a group")?);
            let sockets = sockets.context("there is no such group")?;
            let at = sockets.binary_search_by_key(&id, |(id, _)| *id);
            let (_, stream) = &mut sockets[at.ok().context("it is not in its group")?];
            return Ok(stream.read(&mut bytes)? > 0);
        };
        let length = stream.read(&mut bytes)?;
        accepted.unread.extend_from_slice(&bytes[..length]);
        if accepted.group.is_none()
            && let Some(end) = end_of_head(&accepted.unread)
        {
            accepted.group = Some(group_of(&accepted.unread[..end])?);
            accepted.unread.drain(..end);
            send(stream, UPGRADED)?;
        }
        if let Some(group) = accepted.group
            && first_frame(&accepted.unread).is_some()
        {
            accepted.unread = Vec::new();
            send(
                stream,
                self.welcomes
                    .get(&group)
                    .context("there is no such group")?,
            )?;
            let stream = accepted.handshaking.take().context("it is there")?;
            let sockets = self.groups.entry(group).or_default();
            let at = sockets.partition_point(|(other, _)| *other < id);
            sockets.insert(at, (id, stream));
        }
        Ok(length > 0)
    }
}

/// The number behind `?group=` in a request's first line.
fn group_of(head: &[u8]) -> anyhow::Result<u32> {
    let head = std::str::from_utf8(head)?;
    let (_, rest) = head
        .split_once("?group=")
        .context("the request names no group")?;
    let digits = rest
        .split(|c: char| !c.is_ascii_digit())
        .next()
        .unwrap_or_default();
    Ok(digits.parse()?)
}

fn send(mut socket: &TcpStream, mut bytes: &[u8]) -> anyhow::Result<()> {
    while !bytes.is_empty() {
        match socket.write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// A running floor, ended when dropped.
pub(crate) struct Floor {
    server: Part,
    /// Where sockets connect.
    pub(crate) address: SocketAddr,
    rounds: SocketAddr,
}

impl Floor {
    /// Starts it on the server's processors.
    pub(crate) async fn start(cpus: &Cpus) -> anyhow::Result<Self> {
        let mut server = Part::start(cpus, Role::Server, NAME)?;
        match server.hear().await? {
            ServerMessage::Listening { sockets, rounds } => Ok(Self {
                server,
                address: sockets,
                rounds,
            }),
            other => bail!("the floor is out of step: {other:?}"),
        }
    }

    /// The process, for accounting.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.server.pid()
    }

    /// Sets what a group's sockets are answered.
    pub(crate) async fn welcome(&mut self, group: u32, bytes: Vec<u8>) -> anyhow::Result<()> {
        self.order(&Order::Welcome { group, bytes }).await
    }

    /// Sets what the coming rounds send, and says how to begin them.
    pub(crate) async fn rounds(&mut self, frames: Vec<(u32, Vec<u8>)>) -> anyhow::Result<Rounds> {
        self.order(&Order::Rounds(frames)).await?;
        let stream = TcpStream::connect(self.rounds)?;
        stream.set_nodelay(true)?;
        Ok(Rounds(stream))
    }

    /// When each round began.
    pub(crate) async fn began(&mut self) -> anyhow::Result<Vec<Nanos>> {
        self.server.tell(&Order::Report).await?;
        match self.server.hear().await? {
            ServerMessage::Began(began) => Ok(began),
            other => bail!("the floor is out of step: {other:?}"),
        }
    }

    async fn order(&mut self, order: &Order) -> anyhow::Result<()> {
        self.server.tell(order).await?;
        let word = self.server.hear().await?;
        ensure!(
            matches!(word, ServerMessage::Done),
            "the floor is out of step: {word:?}"
        );
        Ok(())
    }
}

/// Begins a round of the floor for each change.
pub(crate) struct Rounds(TcpStream);

impl Issue for Rounds {
    fn prepare(&mut self) -> anyhow::Result<()> {
        Ok(())
    }

    fn issue(&mut self, _: usize) -> anyhow::Result<()> {
        Ok(self.0.write_all(&[1])?)
    }

    fn finish(&mut self, _: Nanos) -> anyhow::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_of_which_group_it_is() {
        assert_eq!(
            group_of(b"GET /sdk/v1/stream?group=17 HTTP/1.1\r\n").unwrap(),
            17
        );
        assert!(group_of(b"GET /sdk/v1/stream HTTP/1.1\r\n").is_err());
    }
}
