//! Measures a server that sends one message to many sockets, as the hub is measured.

use std::path::Path;

use super::fan_out::FanOut;
use super::publisher::Publisher;
use super::server::Server;
use super::{nats, unleash_edge, ws};
use crate::cpus::Cpus;
use crate::dialects::{BASE, Sender};
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Schedule;
use crate::measure::{self, Goals, Limits, Plan, Served};
use crate::receiver::ClientProtocol;
use crate::report::{Figure, ScenarioReport, Unit, count};

/// What one server does.
pub(super) struct Measured {
    served: Served,
    resident_bytes: u64,
    about: String,
}

/// Starts a server, has it send to receivers of its own, and ends it.
pub(super) async fn measure(
    sender: Sender,
    cpus: &Cpus,
    program: &Path,
    fan_out: &FanOut<'_>,
    limits: Limits,
) -> anyhow::Result<Measured> {
    let server = start(sender, cpus, program).await?;
    let pid = server.process.pid()?;
    let mut fleet = Fleet::start(cpus, fan_out.sockets, limits.deadline)?;
    let group = GroupSpec {
        id: 0,
        address: server.address,
        speech: ClientProtocol::Peer(sender),
        narrow: false,
        count: fan_out.sockets,
    };
    let before = crate::process::resident_bytes(pid)?;
    fleet.open_at_once(&group, at_once(sender)).await?;
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

/// Sets a server's figures next to the hub's.
pub(super) fn set_beside(report: &mut ScenarioReport, name: &'static str, measured: &Measured) {
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

async fn start(sender: Sender, cpus: &Cpus, program: &Path) -> anyhow::Result<Server> {
    match sender {
        Sender::Nats => nats::start(cpus, program).await,
        Sender::Ws => ws::start(cpus, program).await,
        Sender::UnleashEdge => unleash_edge::start(cpus, program).await,
    }
}

/// Handshakes that it keeps up with at a time: nats-server answers some 270 a second, and gives others up.
fn at_once(sender: Sender) -> u32 {
    match sender {
        Sender::Nats => 50,
        Sender::Ws | Sender::UnleashEdge => 64,
    }
}
