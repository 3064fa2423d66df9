//! Others, measured in the same run and in the same way: servers that send one message to many sockets beside the hub,
//! and engines beside ours.
//!
//! `bench/peers/install` gets them. None is needed: one that is not there is reported, and fails the run only where it
//! was asked for by name.

pub(crate) mod dialect;
mod engines;
mod nats;
mod process;
mod publisher;
mod unleash_edge;
mod upstream;
mod websocket;
mod ws;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use clap::ValueEnum;
use peekaboo_protocol::ServerFrame;
use rmp::decode;
use serde::{Deserialize, Serialize};

use self::dialect::Dialect;
use self::process::Process;
use self::publisher::Publisher;
use self::upstream::Upstream;
use crate::cpus::Cpus;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Schedule;
use crate::measure::{self, Goals, Limits, Plan, Served};
use crate::receiver::Speech;
use crate::report::{Figure, ScenarioReport, Unit, count, progress};

/// The number of what sockets hold when they have subscribed.
pub(crate) const BASE: u64 = 1;

/// What can be measured beside ours, as it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Peer {
    /// nats-server, over WebSockets
    Nats,
    /// Node's `ws`
    Ws,
    /// Unleash Edge, by server-sent events
    UnleashEdge,
    /// LaunchDarkly's and Unleash's engines
    Engines,
}

/// A program or its folder, or why there is none.
type Found = Result<PathBuf, &'static str>;

impl Peer {
    const ALL: [Self; 4] = [Self::Nats, Self::Ws, Self::UnleashEdge, Self::Engines];

    /// The name by which it is asked for.
    fn name(self) -> &'static str {
        match self {
            Self::Nats => "nats",
            Self::Ws => "ws",
            Self::UnleashEdge => "unleash-edge",
            Self::Engines => "engines",
        }
    }

    /// The server that it is; `None` for engines, which have no sockets.
    pub(crate) fn sender(self) -> Option<Sender> {
        match self {
            Self::Nats => Some(Sender::Nats),
            Self::Ws => Some(Sender::Ws),
            Self::UnleashEdge => Some(Sender::UnleashEdge),
            Self::Engines => None,
        }
    }

    /// Looks for it in the folder that the installer fills; otherwise says how to get it.
    fn find(self, folder: &Path) -> Result<PathBuf, String> {
        let found = match self {
            Self::Nats => nats::find(folder),
            Self::Ws => ws::find(folder),
            Self::UnleashEdge => unleash_edge::find(folder),
            Self::Engines => engines::find(folder),
        };
        found.map_err(|reason| {
            format!(
                "{name} was not measured: {reason} ({}): get it with `bench/peers/install {name}`",
                folder.display(),
                name = self.name()
            )
        })
    }
}

/// A server that sends one message to many sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Sender {
    Nats,
    Ws,
    UnleashEdge,
}

impl Sender {
    async fn start(self, cpus: &Cpus, program: &Path) -> anyhow::Result<Server> {
        match self {
            Self::Nats => nats::start(cpus, program).await,
            Self::Ws => ws::start(cpus, program).await,
            Self::UnleashEdge => unleash_edge::start(cpus, program).await,
        }
    }

    /// How one socket subscribes.
    pub(crate) fn dialect(self, address: SocketAddr) -> Box<dyn Dialect> {
        match self {
            Self::Nats => Box::new(nats::Subscriber::new(address)),
            Self::Ws => Box::new(ws::Subscriber::new(address)),
            Self::UnleashEdge => Box::new(unleash_edge::Subscriber::new(address)),
        }
    }

    /// Handshakes that it keeps up with at a time: nats-server answers some 270 a second, and gives others up.
    fn at_once(self) -> u32 {
        match self {
            Self::Nats => 50,
            Self::Ws | Self::UnleashEdge => 64,
        }
    }
}

/// A running sender, ended when dropped.
struct Server {
    /// Where subscribers connect.
    address: SocketAddr,
    version: String,
    /// What differs from its defaults.
    settings: String,
    publishing: Publishing,
    process: Process,
    _folder: Option<tempfile::TempDir>,
}

/// How it is made to send a message.
enum Publishing {
    Nats(SocketAddr),
    Ws(SocketAddr),
    UnleashEdge(Upstream),
}

/// Which peers are to be measured, and where they are.
#[derive(Clone, Debug)]
pub(crate) struct Peers {
    asked: Vec<Peer>,
    by_name: bool,
    folder: PathBuf,
}

/// What is sent to how many, and when.
pub(crate) struct FanOut<'a> {
    pub(crate) sockets: u32,
    pub(crate) changes: usize,
    pub(crate) every: u64,
    /// A message of the hub's: what peers send too, with numbers of their own.
    pub(crate) delta: &'a [u8],
}

impl Peers {
    /// Those that were named; all, where none was.
    pub(crate) fn new(named: &[Peer], folder: PathBuf) -> Self {
        let by_name = !named.is_empty();
        Self {
            asked: if by_name { named } else { &Peer::ALL }.to_vec(),
            by_name,
            folder,
        }
    }

    /// Fails where one that was named and is to be measured is not there, before anything is measured.
    pub(crate) fn check(&self, is_measured: impl Fn(Peer) -> bool) -> anyhow::Result<()> {
        let needed = self.asked.iter().filter(|_| self.by_name);
        for peer in needed.filter(|peer| is_measured(**peer)) {
            peer.find(&self.folder).map_err(anyhow::Error::msg)?;
        }
        Ok(())
    }

    /// Measures each server and sets its figures beside the hub's.
    pub(crate) async fn measure(
        &self,
        cpus: &Cpus,
        fan_out: &FanOut<'_>,
        limits: Limits,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<()> {
        for peer in &self.asked {
            let Some(sender) = peer.sender() else {
                continue;
            };
            let Some(program) = self.program(*peer, report) else {
                continue;
            };
            progress(&format!("  the same by {}", peer.name()));
            let measured = measure(sender, cpus, &program, fan_out, limits).await;
            if let Some(measured) = self.unless_failed(*peer, measured, report)? {
                set_beside(report, peer.name(), &measured);
            }
        }
        Ok(())
    }

    /// Measures evaluations in other engines and sets their figures beside ours.
    pub(crate) async fn evaluate(
        &self,
        cpus: &Cpus,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<()> {
        let engines = Peer::Engines;
        if !self.asked.contains(&engines) {
            return Ok(());
        }
        let Some(program) = self.program(engines, report) else {
            return Ok(());
        };
        progress("  the same by other engines");
        let measured = engines::measure(cpus, &program).await;
        if let Some(measured) = self.unless_failed(engines, measured, report)? {
            engines::set_beside(report, measured);
        }
        Ok(())
    }

    /// Where a peer is; notes how to get one that is missing.
    fn program(&self, peer: Peer, report: &mut ScenarioReport) -> Option<PathBuf> {
        let found = peer.find(&self.folder);
        found.map_err(|reason| report.notes.push(reason)).ok()
    }

    /// What a peer's measurement found; notes why it failed, which fails the run where the peer was named.
    fn unless_failed<T>(
        &self,
        peer: Peer,
        measured: anyhow::Result<T>,
        report: &mut ScenarioReport,
    ) -> anyhow::Result<Option<T>> {
        let name = peer.name();
        match measured {
            Ok(measured) => Ok(Some(measured)),
            Err(error) if self.by_name => Err(error.context(name)),
            Err(error) => {
                let note = format!("{name} was not measured: {error:#}");
                report.notes.push(note);
                Ok(None)
            }
        }
    }
}

struct Measured {
    served: Served,
    resident_bytes: u64,
    about: String,
}

async fn measure(
    sender: Sender,
    cpus: &Cpus,
    program: &Path,
    fan_out: &FanOut<'_>,
    limits: Limits,
) -> anyhow::Result<Measured> {
    let server = sender.start(cpus, program).await?;
    let pid = server.process.pid()?;
    let mut fleet = Fleet::start(cpus, fan_out.sockets, limits.deadline)?;
    let group = GroupSpec {
        id: 0,
        address: server.address,
        speech: Speech::Peer(sender),
        narrow: false,
        count: fan_out.sockets,
    };
    let before = crate::process::resident_bytes(pid)?;
    fleet.open_at_once(&group, sender.at_once()).await?;
    let resident = crate::process::resident_bytes(pid)?.saturating_sub(before);
    let plan = Plan::of_all([(group.id, BASE)], fan_out.changes);
    let (publisher, began) = Publisher::new(&server.publishing, fan_out)?;
    let schedule = Schedule::from_now(fan_out.changes, fan_out.every);
    let window = measure::window(&mut fleet, pid, publisher, schedule, plan.last(), limits).await?;
    Ok(Measured {
        served: Served::by_instants(&window, &plan, &began.instants())?,
        resident_bytes: resident / u64::from(fan_out.sockets),
        about: format!("{} ({})", server.version, server.settings),
    })
}

fn set_beside(report: &mut ScenarioReport, name: &'static str, measured: &Measured) {
    let mut own = ScenarioReport::new(name, "");
    measure::report_fan_out(&mut own, &measured.served, None, Goals::default());
    own.push(resident(measured.resident_bytes));
    // How the load was made is said once.
    let of_load = ["deliveries", "intendedToCommitP99", "lag"];
    for figure in own
        .figures
        .into_iter()
        .filter(|one| !of_load.contains(&one.id))
    {
        if let Some(ours) = report.figure_mut(figure.id) {
            ours.peers.insert(name.to_owned(), figure.ours);
        }
    }
    for curves in own.curves {
        let ours = report
            .curves
            .iter_mut()
            .find(|ours| ours.name == curves.name);
        if let Some(ours) = ours {
            ours.lines.extend(curves.lines.into_iter().map(|mut line| {
                name.clone_into(&mut line.server);
                line
            }));
        }
    }
    report.notes.push(format!("{name} is {}", measured.about));
}

/// The figure of a server's memory, which a fan-out reports where it has peers.
pub(crate) fn resident(bytes: u64) -> Figure {
    Figure::new(
        "residentPerConnection",
        "resident memory a connection",
        Unit::Kilobytes,
        count(bytes) / 1_000.0,
    )
}

/// A delta of the hub's with another number, and nothing else changed.
fn numbered(delta: &[u8], number: u64) -> anyhow::Result<Vec<u8>> {
    let mut frame = ServerFrame::decode(delta)?;
    let ServerFrame::Delta { from, to, .. } = &mut frame else {
        anyhow::bail!("what is to be sent is no delta");
    };
    (*from, *to) = (Some(number - 1), number);
    Ok(frame.encode())
}

/// The number of a delta, without reading the rest of it.
fn number_of(mut delta: &[u8]) -> anyhow::Result<u64> {
    let members = decode::read_array_len(&mut delta)?;
    ensure!(members > 2, "a message of {members} members is no delta");
    for _ in 0..2 {
        let _: u64 = decode::read_int(&mut delta).context("a message that is no delta")?;
    }
    Ok(decode::read_int(&mut delta)?)
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::Map;

    use super::*;
    use crate::scenarios::Scenario;

    /// A delta to this version.
    pub(super) fn delta(to: u64) -> Vec<u8> {
        let frame = ServerFrame::Delta {
            from: Some(to - 1),
            to,
            committed_at_micros: 1_700_000_000_000_000,
            put_flags: Map::new(),
            deleted_flags: vec!["gone".to_owned()],
            put_segments: Some(Map::new()),
            deleted_segments: Some(Vec::new()),
        };
        frame.encode()
    }

    #[test]
    fn a_message_is_the_hubs_with_another_number() {
        let numbered = numbered(&delta(8), 300).unwrap();
        assert_eq!(numbered, delta(300));
        assert_eq!(number_of(&numbered).unwrap(), 300);
    }

    #[test]
    fn what_is_no_delta_has_no_number() {
        assert!(number_of(&[0x92, 1, 2]).is_err());
        assert!(number_of(b"hello").is_err());
        assert!(numbered(b"hello", 3).is_err());
    }

    fn missing(named: &[Peer]) -> (Peers, tempfile::TempDir) {
        let empty = tempfile::tempdir().unwrap();
        (Peers::new(named, empty.path().to_owned()), empty)
    }

    #[test]
    fn a_peer_that_is_missing_is_said_with_how_to_get_it() {
        for peer in [Peer::UnleashEdge, Peer::Engines] {
            let (named, _empty) = missing(&[peer]);
            let error = named.check(|_| true).unwrap_err().to_string();
            let advice = format!("get it with `bench/peers/install {}`", peer.name());
            assert!(error.contains(&advice), "{error}");
        }
        let (all, _empty) = missing(&[]);
        assert!(
            all.check(|_| true).is_ok(),
            "none is needed unless it is named"
        );
    }

    #[test]
    fn a_peer_is_needed_only_where_it_can_be_measured() {
        let is_measured = |scenario: Scenario, peer| {
            missing(&[peer])
                .0
                .check(|peer| scenario.compares(peer))
                .is_err()
        };
        assert!(is_measured(Scenario::Fanout, Peer::UnleashEdge));
        assert!(!is_measured(Scenario::Fanout, Peer::Engines));
        assert!(is_measured(Scenario::Evaluate, Peer::Engines));
        assert!(!is_measured(Scenario::Evaluate, Peer::UnleashEdge));
        assert!(!is_measured(Scenario::Idle, Peer::Engines));
    }

    #[tokio::test]
    async fn engines_that_are_missing_are_noted_unless_others_were_asked_for() {
        let cpus = Cpus::new(false).unwrap();
        let mut report = ScenarioReport::new("evaluate", "");
        let (others, _empty) = missing(&[Peer::Nats]);
        others.evaluate(&cpus, &mut report).await.unwrap();
        assert_eq!(report.notes, [""; 0]);
        let (all, _empty) = missing(&[]);
        all.evaluate(&cpus, &mut report).await.unwrap();
        let [note] = report.notes.as_slice() else {
            panic!("{:?}", report.notes);
        };
        assert!(note.starts_with("engines was not measured: "), "{note}");
    }

    #[test]
    fn a_failure_is_noted_and_fails_the_run_that_names_the_peer() {
        let mut report = ScenarioReport::new("evaluate", "");
        let mut failed = |named: &[Peer]| {
            let error: anyhow::Result<()> = Err(anyhow::anyhow!("broken"));
            missing(named)
                .0
                .unless_failed(Peer::Engines, error, &mut report)
        };
        assert_eq!(failed(&[]).unwrap(), None);
        let error = failed(&[Peer::Engines]).unwrap_err();
        assert_eq!(format!("{error:#}"), "engines: broken");
        assert_eq!(report.notes, ["engines was not measured: broken"]);
    }
}
