//! The scenarios: each makes what it needs, measures, checks, and reports.

mod burst;
mod connect;
mod evaluate;
mod fanout;
mod handshakes;
mod idle;
mod lasting;
mod nodes;
mod slow;
mod storm;
mod tenants;

use anyhow::Context as _;
use clap::Subcommand;
use serde_json::Value;

use crate::admin::{Admin, Place};
use crate::bench::Bench;
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Requests;
use crate::http;
use crate::hub::Hub;
use crate::measure::Limits;
use crate::peers::Peer;
use crate::receiver::Speech;
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
}

impl Scenario {
    /// All, in the order in which they run.
    pub(crate) const ALL: [Self; 13] = [
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
        }
    }

    /// Whether it runs several hubs, which share a database.
    pub(crate) fn needs_postgres(self) -> bool {
        self == Self::Nodes
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
        }
    }
}

/// A hub with one environment of flags, and receivers for its sockets.
struct Stage {
    hub: Hub,
    admin: Admin,
    place: Place,
    fleet: Fleet,
}

impl Stage {
    /// Starts a hub and the receivers, with no socket open yet.
    async fn set(bench: &Bench, flags: usize, limits: Limits) -> anyhow::Result<Self> {
        Self::of(bench, bench.hub().await?, flags, limits).await
    }

    /// The same of a hub that runs already.
    async fn of(bench: &Bench, hub: Hub, flags: usize, limits: Limits) -> anyhow::Result<Self> {
        let admin = Admin::sign_in(&hub.ready).await?;
        let place = admin.project("bench").await?;
        dataset::create(&admin, &place, flags).await?;
        let fleet = Fleet::start(&bench.cpus, bench.sockets(), limits.deadline)?;
        Ok(Self {
            hub,
            admin,
            place,
            fleet,
        })
    }

    /// A group under the environment's server key.
    fn servers(&self, id: u32, count: u32) -> anyhow::Result<GroupSpec> {
        self.group(id, count, &self.place.server_key, false)
    }

    /// A group under the environment's client key, with a context for each connection.
    fn clients(&self, id: u32, count: u32) -> anyhow::Result<GroupSpec> {
        self.group(id, count, &self.place.client_key, true)
    }

    fn group(&self, id: u32, count: u32, key: &str, contexts: bool) -> anyhow::Result<GroupSpec> {
        Ok(GroupSpec {
            id,
            address: self.hub.sdk_address()?,
            speech: Speech::Peekaboo {
                key: key.to_owned(),
                contexts,
            },
            narrow: false,
            count,
        })
    }

    /// Toggles of the environment's flags for the generator, after those that were made before.
    fn toggles(&self, made: usize, flags: usize) -> anyhow::Result<Requests> {
        let place = self.place.clone();
        self.admin
            .toggles(move |nth| dataset::toggle(&place, made + nth, flags))
    }

    /// The version of the environment now.
    async fn version(&self) -> anyhow::Result<u64> {
        version(&self.ruleset().await?)
    }

    async fn ruleset(&self) -> anyhow::Result<String> {
        self.hub.ruleset(&self.place.server_key).await
    }

    /// Fails unless every connection of these groups holds the right final state; says in the report how many do.
    async fn compare(&mut self, report: &mut ScenarioReport, groups: &[u32]) -> anyhow::Result<()> {
        let ruleset = self.ruleset().await?;
        let mut compared = 0;
        for group in groups {
            compared += self.fleet.compare(*group, &ruleset).await?;
        }
        report.notes.push(format!(
            "no version lost or repeated on any connection; all {compared} hold the right final state"
        ));
        Ok(())
    }
}

/// The version in a ruleset's JSON.
fn version(ruleset: &str) -> anyhow::Result<u64> {
    let ruleset: Value = serde_json::from_str(ruleset)?;
    ruleset["version"]
        .as_u64()
        .context("the ruleset has no version")
}
