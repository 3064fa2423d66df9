//! Receivers: processes that hold connections and read them, the same for the hub, the floor and peers, so that what
//! differs between two figures is the server alone.
//!
//! One thread waits on epoll for all connections of a process, notes when each delivery arrived, and checks it against
//! what the connection held: a version that is lost, or comes twice, ends the run.

mod connection;
mod messages;
mod state;

use std::collections::{BTreeMap, HashSet};
use std::os::fd::OwnedFd;

use anyhow::{Context as _, bail, ensure};
use peekaboo_flags::{CompiledRuleset, Context as Evaluated};
use peekaboo_protocol::{ClientFrame, Mode, ServerFrame};
use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use serde::Deserialize as _;
use serde_json::{Value, json};

use self::connection::{Connection, Phase};
pub(crate) use self::messages::{
    Answer, ClientProtocol, Collected, Command, Commit, Comparison, Delivery, Group, Handshake,
    RecordedFrames,
};
use self::state::{FrameEffect, States, hash};
use crate::clock::{Nanos, now, timespec};
use crate::dialects::{self, Dialect};
use crate::wire::{BINARY, CLOSE, Frame, PING, PONG, client_frame, end_of_head, first_frame};
use crate::{pipe, population};

/// The name of a receiver's subcommand.
pub(crate) const NAME: &str = "receiver";

/// Events taken from the kernel at once.
const EVENTS: usize = 256;

/// Reads at once; a snapshot of a large ruleset takes several.
const BUFFER: usize = 64 * 1024;

/// Obeys commands on standard input until that ends.
pub(crate) fn run() -> anyhow::Result<()> {
    let mut receiver = Receiver::new()?;
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    while let Some(command) = receiver.read_until_told(&mut input)? {
        let answer = receiver.obey(command);
        pipe::write(
            &mut output,
            &answer.unwrap_or_else(|error| Answer::Failed(format!("{error:#}"))),
        )?;
    }
    Ok(())
}

/// Connections in the order in which they were first opened.
struct Receiver {
    epoll: OwnedFd,
    groups: BTreeMap<u32, GroupState>,
    connections: Vec<Connection>,
    states: States,
    /// Connections in progress to the state that they begin with.
    opening: u32,
    ever_opened: u32,
    resuming: bool,
    handshakes: Vec<Handshake>,
    /// The version that each awaited group is to reach, and how many connections are not there.
    awaited: BTreeMap<u32, u64>,
    behind: usize,
    collected: Collected,
    buffer: Vec<u8>,
    /// Why reading on makes no sense: told with the next answer.
    failure: Option<anyhow::Error>,
}

struct GroupState {
    group: Group,
    /// Where its connections are.
    first: usize,
    stalled: bool,
    witness: RecordedFrames,
    /// The versions of which the commit was noted.
    committed: HashSet<u64>,
}

impl GroupState {
    fn members(&self) -> std::ops::Range<usize> {
        self.first..self.first + self.group.count as usize
    }
}

impl Receiver {
    fn new() -> anyhow::Result<Self> {
        Ok(Self {
            epoll: epoll::create(CreateFlags::CLOEXEC)?,
            groups: BTreeMap::new(),
            connections: Vec::new(),
            states: States::default(),
            opening: 0,
            ever_opened: 0,
            resuming: false,
            handshakes: Vec::new(),
            awaited: BTreeMap::new(),
            behind: 0,
            collected: Collected::default(),
            buffer: vec![0; BUFFER],
            failure: None,
        })
    }

    /// Reads connections until a command comes; `None` where none will any more.
    fn read_until_told(
        &mut self,
        mut input: impl std::io::Read + std::os::fd::AsFd,
    ) -> anyhow::Result<Option<Command>> {
        const INPUT: u64 = u64::MAX;
        epoll::add(
            &self.epoll,
            &input,
            EventData::new_u64(INPUT),
            EventFlags::IN,
        )?;
        let mut events = Vec::with_capacity(EVENTS);
        loop {
            epoll::wait(&self.epoll, spare_capacity(&mut events), None)?;
            let mut told = false;
            for event in events.drain(..) {
                match event.data.u64() {
                    INPUT => told = true,
                    connection => self.readable(connection),
                }
            }
            if told {
                epoll::delete(&self.epoll, &input)?;
                return pipe::read(&mut input);
            }
        }
    }

    /// Reads connections until `done`; fails after `deadline` with what `missing` says.
    fn read_until(
        &mut self,
        deadline: Nanos,
        mut done: impl FnMut(&mut Self) -> anyhow::Result<bool>,
        missing: impl Fn(&Self) -> String,
    ) -> anyhow::Result<()> {
        let mut events = Vec::with_capacity(EVENTS);
        loop {
            if let Some(failure) = self.failure.take() {
                return Err(failure);
            }
            if done(self)? {
                return Ok(());
            }
            let left = deadline.saturating_sub(now());
            ensure!(left > 0, missing(self));
            epoll::wait(
                &self.epoll,
                spare_capacity(&mut events),
                Some(&timespec(left)),
            )?;
            for event in events.drain(..) {
                self.readable(event.data.u64());
            }
        }
    }

    fn obey(&mut self, command: Command) -> anyhow::Result<Answer> {
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        match command {
            Command::Open {
                group,
                at_once,
                deadline,
            } => {
                let id = group.id;
                self.add(group)?;
                self.open(id, false, at_once, deadline)
            }
            Command::Drop { group, from, count } => self.drop_some(group, from, count),
            Command::Reopen {
                group,
                resume,
                at_once,
                deadline,
            } => self.open(group, resume, at_once, deadline),
            Command::Stall { group, stalled } => self.stall(group, stalled),
            Command::Await { versions, deadline } => self.reach(versions, deadline),
            Command::Idle { until } => {
                self.read_until(until, |_| Ok(now() >= until), |_| String::new())
                    .or_else(|error| if now() >= until { Ok(()) } else { Err(error) })?;
                Ok(Answer::Done)
            }
            Command::Collect => Ok(Answer::Collected(std::mem::take(&mut self.collected))),
            Command::RecordedFrames { group } => {
                let group = self
                    .groups
                    .get_mut(&group)
                    .context("there is no such group")?;
                let messages = std::mem::take(&mut group.witness.messages);
                let welcome = group.witness.welcome.clone();
                Ok(Answer::RecordedFrames(RecordedFrames { welcome, messages }))
            }
            Command::Compare { group, ruleset } => {
                self.compare(group, &ruleset).map(Answer::Compared)
            }
        }
    }

    fn add(&mut self, group: Group) -> anyhow::Result<()> {
        ensure!(
            !self.groups.contains_key(&group.id),
            "the group is there already"
        );
        let first = self.connections.len();
        let numbers = group.first..group.first + group.count;
        self.connections
            .extend(numbers.map(|number| Connection::new(group.id, number)));
        let state = GroupState {
            first,
            stalled: false,
            witness: RecordedFrames::default(),
            committed: HashSet::new(),
            group,
        };
        self.groups.insert(state.group.id, state);
        Ok(())
    }

    // Opening and closing

    fn open(
        &mut self,
        group: u32,
        resume: bool,
        at_once: u32,
        deadline: Nanos,
    ) -> anyhow::Result<Answer> {
        let members = self.group(group)?.members();
        let mut closed = members
            .filter(|at| self.connections[*at].phase == Phase::Closed)
            .collect::<Vec<_>>();
        closed.reverse();
        self.resuming = resume;
        self.handshakes.clear();
        let open_more = |receiver: &mut Self| {
            while receiver.opening < at_once
                && let Some(at) = closed.pop()
            {
                receiver.open_one(at).with_context(|| receiver.name(at))?;
            }
            Ok(closed.is_empty() && receiver.opening == 0)
        };
        self.read_until(deadline, open_more, |receiver| {
            let ended = receiver.handshakes.len();
            let under_way = receiver.opening;
            format!("after {ended} handshakes the next {under_way} did not end in time")
        })?;
        Ok(Answer::Opened(std::mem::take(&mut self.handshakes)))
    }

    fn open_one(&mut self, at: usize) -> anyhow::Result<()> {
        let connection = &mut self.connections[at];
        let group = &self
            .groups
            .get(&connection.group)
            .context("there is no such group")?
            .group;
        connection.open(group, self.ever_opened)?;
        let stream = connection.stream.as_ref().context("it is open")?;
        epoll::add(
            &self.epoll,
            stream,
            EventData::new_u64(at as u64),
            EventFlags::IN,
        )?;
        self.ever_opened += 1;
        self.opening += 1;
        Ok(())
    }

    fn drop_some(&mut self, group: u32, from: u32, count: u32) -> anyhow::Result<Answer> {
        let state = self.group(group)?;
        let (first, size) = (state.first, state.group.count);
        for offset in 0..count.min(size) {
            let at = first + ((from + offset) % size) as usize;
            // The kernel takes what is closed out of the epoll set.
            self.connections[at].close();
        }
        Ok(Answer::Done)
    }

    fn stall(&mut self, group: u32, stalled: bool) -> anyhow::Result<Answer> {
        let state = self
            .groups
            .get_mut(&group)
            .context("there is no such group")?;
        if state.stalled == stalled {
            return Ok(Answer::Done);
        }
        state.stalled = stalled;
        let flags = if stalled {
            EventFlags::empty()
        } else {
            EventFlags::IN
        };
        for at in state.members() {
            if let Some(stream) = &self.connections[at].stream {
                epoll::modify(&self.epoll, stream, EventData::new_u64(at as u64), flags)?;
            }
        }
        Ok(Answer::Done)
    }

    fn reach(&mut self, versions: Vec<(u32, u64)>, deadline: Nanos) -> anyhow::Result<Answer> {
        self.awaited = versions
            .into_iter()
            .filter(|(group, _)| self.groups.contains_key(group))
            .collect();
        let missing = self.connections.iter().filter(|one| {
            one.phase == Phase::Following
                && self
                    .awaited
                    .get(&one.group)
                    .is_some_and(|version| one.version < *version)
        });
        self.behind = missing.count();
        let reached = self.read_until(
            deadline,
            |receiver| Ok(receiver.behind == 0),
            |receiver| {
                let behind = receiver.connections.iter().filter(|one| {
                    one.phase == Phase::Following
                        && receiver
                            .awaited
                            .get(&one.group)
                            .is_some_and(|version| one.version < *version)
                });
                let furthest = behind.min_by_key(|one| one.version);
                let furthest = furthest.map_or(String::new(), |one| {
                    let version = receiver
                        .awaited
                        .get(&one.group)
                        .copied()
                        .unwrap_or_default();
                    format!("; one holds version {} and not {version}", one.version)
                });
                let of = receiver.connections.len();
                format!(
                    "{} of {of} connections did not come up to date in time{furthest}",
                    receiver.behind
                )
            },
        );
        self.awaited.clear();
        reached.map(|()| Answer::Done)
    }

    fn group(&self, group: u32) -> anyhow::Result<&GroupState> {
        self.groups.get(&group).context("there is no such group")
    }

    fn name(&self, at: usize) -> String {
        let connection = &self.connections[at];
        format!(
            "connection {} of group {}",
            connection.number, connection.group
        )
    }

    // Reading

    fn readable(&mut self, at: u64) {
        let Ok(at) = usize::try_from(at) else { return };
        if let Err(error) = self.read_some(at) {
            let name = self.name(at);
            self.connections[at].close();
            self.failure.get_or_insert_with(|| error.context(name));
        }
    }

    fn read_some(&mut self, at: usize) -> anyhow::Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let read = self.connections[at].read(&mut buffer);
        let understood = read.and_then(|length| {
            if length == 0 {
                return Ok(());
            }
            self.collected.bytes += length as u64;
            self.understand(at, &buffer[..length], now())
        });
        self.buffer = buffer;
        understood
    }

    fn understand(&mut self, at: usize, new: &[u8], arrived: Nanos) -> anyhow::Result<()> {
        if let Some(mut dialect) = self.connections[at].dialect.take() {
            self.connections[at].unread.extend_from_slice(new);
            let understood = self.hear(at, dialect.as_mut(), arrived);
            self.connections[at].dialect = Some(dialect);
            return understood;
        }
        let mut unread = std::mem::take(&mut self.connections[at].unread);
        let mut rest = if unread.is_empty() {
            new
        } else {
            unread.extend_from_slice(new);
            unread.as_slice()
        };
        if self.connections[at].phase == Phase::Upgrading
            && let Some(end) = end_of_head(rest)
        {
            let head = String::from_utf8_lossy(&rest[..end]);
            ensure!(
                head.starts_with("HTTP/1.1 101"),
                "the upgrade was refused: {}",
                head.trim_end()
            );
            let connection = &mut self.connections[at];
            connection.phase = Phase::Beginning;
            let group = self
                .groups
                .get(&connection.group)
                .context("there is no such group")?;
            connection.say_hello(&group.group.speech, self.resuming)?;
            rest = &rest[end..];
        }
        while self.connections[at].phase != Phase::Upgrading
            && let Some(frame) = first_frame(rest)
        {
            rest = &rest[frame.whole.len()..];
            self.take(at, &frame, arrived)?;
        }
        self.connections[at].unread = rest.to_vec();
        Ok(())
    }

    fn take(&mut self, at: usize, frame: &Frame<'_>, arrived: Nanos) -> anyhow::Result<()> {
        match frame.opcode {
            BINARY => self.message(at, frame, arrived),
            PING => self.connections[at].write(&client_frame(PONG, frame.payload)),
            CLOSE => {
                let code = frame
                    .payload
                    .first_chunk()
                    .map_or(1005, |bytes| u16::from_be_bytes(*bytes));
                bail!("the server closed with {code}")
            }
            other => bail!("a frame of opcode {other}"),
        }
    }

    fn message(&mut self, at: usize, frame: &Frame<'_>, arrived: Nanos) -> anyhow::Result<()> {
        let connection = &mut self.connections[at];
        let witness = match self.groups.get_mut(&connection.group) {
            Some(group) if group.first == at => Some(&mut group.witness),
            _ => None,
        };
        let before = connection.version;
        // Every message is an array of a few elements that begins with its type, so that these two bytes tell it.
        let brought = match frame.payload.get(1) {
            Some(16) => {
                let ServerFrame::Welcome {
                    epoch,
                    version,
                    mode,
                    ..
                } = ServerFrame::decode(frame.payload)?
                else {
                    bail!("a message that is not a WELCOME");
                };
                if let Some(witness) = witness {
                    witness.welcome = frame.whole.to_vec();
                }
                connection.mode = u8::try_from(mode.code()).unwrap_or_default();
                connection.epoch = epoch;
                if mode != Mode::Current {
                    return Ok(());
                }
                ensure!(
                    version == before,
                    "version {version} was called current, {before} is held"
                );
                self.begun(at, arrived);
                return Ok(());
            }
            Some(17) => {
                if let Some(witness) = witness {
                    witness.welcome.extend_from_slice(frame.whole);
                }
                self.states.snapshot(&mut connection.held, frame.payload)?
            }
            Some(18) => {
                let brought = self
                    .states
                    .delta(&mut connection.held, before, frame.payload)?;
                if let Some(witness) = witness {
                    if connection.phase == Phase::Beginning {
                        witness.welcome.extend_from_slice(frame.whole);
                    } else {
                        witness
                            .messages
                            .push((short(brought.to)?, frame.whole.to_vec()));
                    }
                }
                brought
            }
            Some(22) => {
                return connection.write(&client_frame(BINARY, &ClientFrame::Alive.encode()));
            }
            _ => bail!("unexpected: {:?}", ServerFrame::decode(frame.payload)?),
        };
        connection.version = brought.to;
        self.note(at, before, brought, arrived)
    }

    /// Reads the messages of a server that is not a hub. They are numbered consecutively.
    fn hear(&mut self, at: usize, dialect: &mut dyn Dialect, arrived: Nanos) -> anyhow::Result<()> {
        let connection = &mut self.connections[at];
        let taken = dialect.take(&mut connection.unread)?;
        if !taken.reply.is_empty() {
            connection.write(&taken.reply)?;
        }
        if taken.subscribed && connection.phase == Phase::Upgrading {
            connection.version = dialects::BASE;
            self.begun(at, arrived);
        }
        for number in taken.deliveries {
            let connection = &mut self.connections[at];
            let before = connection.version;
            ensure!(
                connection.phase == Phase::Following,
                "message {number} came before the subscription was confirmed"
            );
            ensure!(
                number > before,
                "message {number} came again after {before}"
            );
            ensure!(
                number == before + 1,
                "lost what is between {before} and {number}"
            );
            connection.version = number;
            let brought = FrameEffect {
                to: number,
                committed_micros: 0,
            };
            self.note(at, before, brought, arrived)?;
        }
        Ok(())
    }

    /// Counts what a message brought: as the state to begin with, or as a delivery.
    fn note(
        &mut self,
        at: usize,
        before: u64,
        brought: FrameEffect,
        arrived: Nanos,
    ) -> anyhow::Result<()> {
        let connection = &self.connections[at];
        let (group, number) = (connection.group, connection.number);
        if connection.phase == Phase::Beginning {
            self.begun(at, arrived);
            return Ok(());
        }
        self.collected.deliveries.push(Delivery {
            group,
            number,
            from: short(before)?,
            to: short(brought.to)?,
            arrived,
        });
        if let Some(state) = self.groups.get_mut(&group)
            && state.committed.insert(brought.to)
        {
            self.collected.commits.push(Commit {
                group,
                version: short(brought.to)?,
                wall_micros: brought.committed_micros,
            });
        }
        if let Some(awaited) = self.awaited.get(&group)
            && before < *awaited
            && brought.to >= *awaited
        {
            self.behind -= 1;
        }
        Ok(())
    }

    fn begun(&mut self, at: usize, ended: Nanos) {
        let connection = &mut self.connections[at];
        connection.phase = Phase::Following;
        self.opening -= 1;
        self.handshakes.push(Handshake {
            began: connection.began,
            ended,
            mode: connection.mode,
        });
    }

    // Comparing

    fn compare(&self, group: u32, ruleset: &str) -> anyhow::Result<Comparison> {
        let ruleset: Value =
            serde_json::from_str(ruleset).context("the ruleset to compare with")?;
        let version = ruleset["version"]
            .as_u64()
            .context("the ruleset has no version")?;
        let state = self.group(group)?;
        let mut comparison = Comparison::default();
        let expected = hash(&ruleset["flags"], &ruleset["segments"]);
        let compiled = CompiledRuleset::load(&ruleset)?;
        let ClientProtocol::Peekaboo { contexts, .. } = state.group.speech else {
            bail!("only what a hub's connections hold can be compared");
        };
        for at in state.members() {
            let connection = &self.connections[at];
            if connection.phase != Phase::Following {
                continue;
            }
            let difference = if connection.version != version {
                Some(format!(
                    "holds version {} and not {version}",
                    connection.version
                ))
            } else if contexts {
                self.differing_value(connection, &compiled)?
            } else {
                let hash = self.states.hash(&connection.held);
                (hash.as_ref() != Some(&expected))
                    .then(|| format!("holds another ruleset of version {version}"))
            };
            match difference {
                None => comparison.alike += 1,
                Some(difference) => {
                    comparison.different += 1;
                    comparison
                        .example
                        .get_or_insert_with(|| format!("{} {difference}", self.name(at)));
                }
            }
        }
        Ok(comparison)
    }

    /// The first flag of which a connection's value is not that of an evaluation here.
    fn differing_value(
        &self,
        connection: &Connection,
        ruleset: &CompiledRuleset,
    ) -> anyhow::Result<Option<String>> {
        let held = self
            .states
            .held_values(&connection.held)
            .context("it holds no values")?;
        let context =
            Evaluated::deserialize(Value::Object(population::context(connection.number)))?;
        let visible = ruleset.flags().filter(|(_, flag)| flag.is_client_visible());
        let mut expected = BTreeMap::new();
        for (key, _) in visible {
            let detail = ruleset.evaluate(key, &context);
            expected.insert(
                key,
                json!([
                    detail.value,
                    detail.variation,
                    detail.reason.as_str(),
                    detail.flag_version
                ]),
            );
        }
        if held == expected {
            return Ok(None);
        }
        let keys = expected.keys().chain(held.keys());
        let wrong = keys.copied().find(|key| held.get(key) != expected.get(key));
        Ok(wrong.map(|key| {
            let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
            format!(
                "has {} for {key} and not {}",
                text(held.get(key)),
                text(expected.get(key))
            )
        }))
    }
}

fn short(version: u64) -> anyhow::Result<u32> {
    u32::try_from(version).context("a version past four thousand million")
}
