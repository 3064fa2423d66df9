//! The scenarios: each makes what it needs, measures, checks, and reports.

mod burst;
mod connect;
mod data;
mod evaluate;
mod fanout;
mod handshakes;
mod idle;
mod lasting;
mod nodes;
mod slow;
mod stage;
mod storm;
pub(crate) mod tasks;
mod tenants;

use clap::Subcommand;

use crate::bench::Bench;
use crate::http;
use crate::peers::Peer;
use crate::report::ScenarioReport;

/// What can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Scenario {
    /// Memory and processor time of connections that nothing happens on
    Idle,
    /// One environment to many sockets under a server key
    Fanout,
    /// Many environments of very different size
    Tenants,
    /// A hundred changes at once
    Burst,
    /// One environment to many sockets under a client key, with a context each
    Clients,
    /// One and five in a hundred readers stall
    Slow,
    /// All sockets drop and resume
    Storm,
    /// Handshakes with a snapshot of fifty flags
    Connect,
    /// A tenth of the connections replaced a minute
    Churn,
    /// Evaluations in this process, in nanoseconds
    Evaluate,
    /// Changes and churn for long
    Soak,
    /// OFREP evaluations and rulesets by HTTP
    Http,
    /// Several hubs on one PostgreSQL, and edges below a hub
    Nodes,
    /// Background work on two nodes that are killed a hundred times
    Tasks,
    /// A large customer's data: what is slow next to it, and who waits
    Data,
}

impl Scenario {
    /// All, in the order in which they run.
    pub(crate) const ALL: [Self; 15] = [
        Self::Idle,
        Self::Fanout,
        Self::Clients,
        Self::Tenants,
        Self::Burst,
        Self::Slow,
        Self::Connect,
        Self::Storm,
        Self::Churn,
        Self::Nodes,
        Self::Tasks,
        Self::Data,
        Self::Http,
        Self::Evaluate,
        Self::Soak,
    ];

    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Idle => idle::NAME,
            Self::Fanout => fanout::SERVERS,
            Self::Tenants => tenants::NAME,
            Self::Burst => burst::NAME,
            Self::Clients => fanout::CLIENTS,
            Self::Slow => slow::NAME,
            Self::Storm => storm::NAME,
            Self::Connect => connect::NAME,
            Self::Churn => lasting::CHURN,
            Self::Evaluate => evaluate::NAME,
            Self::Soak => lasting::SOAK,
            Self::Http => http::NAME,
            Self::Nodes => nodes::NAME,
            Self::Tasks => tasks::NAME,
            Self::Data => data::NAME,
        }
    }

    /// Whether it needs a PostgreSQL: for several hubs, or to be measured itself.
    pub(crate) fn needs_postgres(self) -> bool {
        matches!(self, Self::Nodes | Self::Tasks | Self::Data)
    }

    /// Whether this peer can be measured in it.
    pub(crate) fn compares(self, peer: Peer) -> bool {
        match self {
            Self::Fanout => peer.sender().is_some(),
            Self::Evaluate => peer == Peer::Engines,
            _ => false,
        }
    }

    /// Runs it.
    pub(crate) async fn run(self, bench: &Bench) -> anyhow::Result<ScenarioReport> {
        match self {
            Self::Idle => idle::run(bench).await,
            Self::Fanout => fanout::servers(bench).await,
            Self::Tenants => tenants::run(bench).await,
            Self::Burst => burst::run(bench).await,
            Self::Clients => fanout::clients(bench).await,
            Self::Slow => slow::run(bench).await,
            Self::Storm => storm::run(bench).await,
            Self::Connect => connect::run(bench).await,
            Self::Churn => lasting::churn(bench).await,
            Self::Evaluate => evaluate::run(bench).await,
            Self::Soak => lasting::soak(bench).await,
            Self::Http => http::run(bench).await,
            Self::Nodes => nodes::run(bench).await,
            Self::Tasks => tasks::run(bench).await,
            Self::Data => data::run(bench).await,
        }
    }
}
