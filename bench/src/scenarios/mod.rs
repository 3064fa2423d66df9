//! The scenarios: each makes what it needs, measures, checks, and reports.

mod fanout;

use clap::Subcommand;

use crate::admin::{Admin, Place};
use crate::bench::Bench;
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::hub::Hub;
use crate::measure::Limits;
use crate::receiver::Speech;
use crate::report::ScenarioReport;

/// What can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Subcommand)]
pub(crate) enum Scenario {
    /// One environment to many sockets under a server key
    Fanout,
}

impl Scenario {
    /// All, in the order in which they run.
    pub(crate) const ALL: [Self; 1] = [Self::Fanout];

    /// As on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fanout => fanout::NAME,
        }
    }

    /// Runs it.
    pub(crate) async fn run(self, bench: &Bench) -> anyhow::Result<ScenarioReport> {
        match self {
            Self::Fanout => fanout::run(bench).await,
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
        let hub = bench.hub().await?;
        let admin = Admin::sign_in(&hub.ready).await?;
        let place = admin.project("bench").await?;
        dataset::create_some(&admin, &place, flags).await?;
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

    /// The version of the environment now.
    async fn version(&self) -> anyhow::Result<u64> {
        let ruleset: serde_json::Value = serde_json::from_str(&self.ruleset().await?)?;
        ruleset["version"]
            .as_u64()
            .ok_or_else(|| anyhow::anyhow!("the ruleset has no version"))
    }

    /// What every socket must hold in the end.
    async fn ruleset(&self) -> anyhow::Result<String> {
        self.hub.ruleset(&self.place.server_key).await
    }

    /// Fails unless every connection of a group holds the right final state; says in the report how many do.
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
