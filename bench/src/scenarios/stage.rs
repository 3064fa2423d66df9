//! What most scenarios need: a hub, its admin, and receivers.

use anyhow::Context as _;
use serde_json::Value;

use crate::admin::{Admin, Place};
use crate::bench::Bench;
use crate::dataset;
use crate::fleet::{Fleet, GroupSpec};
use crate::generator::Requests;
use crate::hub::Hub;
use crate::measure::Limits;
use crate::receiver::ClientProtocol;
use crate::report::ScenarioReport;

/// A hub with one environment of flags, and receivers for its sockets.
pub(super) struct Stage {
    pub(super) hub: Hub,
    pub(super) admin: Admin,
    pub(super) place: Place,
    pub(super) fleet: Fleet,
}

impl Stage {
    /// Starts a hub and the receivers, with no socket open yet.
    pub(super) async fn set(bench: &Bench, flags: usize, limits: Limits) -> anyhow::Result<Self> {
        Self::of(bench, bench.hub().await?, flags, limits).await
    }

    /// The same of a hub that runs already.
    pub(super) async fn of(
        bench: &Bench,
        hub: Hub,
        flags: usize,
        limits: Limits,
    ) -> anyhow::Result<Self> {
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
    pub(super) fn servers(&self, id: u32, count: u32) -> anyhow::Result<GroupSpec> {
        self.group(id, count, &self.place.server_key, false)
    }

    /// A group under the environment's client key, with a context for each connection.
    pub(super) fn clients(&self, id: u32, count: u32) -> anyhow::Result<GroupSpec> {
        self.group(id, count, &self.place.client_key, true)
    }

    fn group(&self, id: u32, count: u32, key: &str, contexts: bool) -> anyhow::Result<GroupSpec> {
        Ok(GroupSpec {
            id,
            address: self.hub.sdk_address()?,
            speech: ClientProtocol::Peekaboo {
                key: key.to_owned(),
                contexts,
            },
            narrow: false,
            count,
        })
    }

    /// Toggles of the environment's flags for the generator, after those that were made before.
    pub(super) fn toggles(&self, made: usize, flags: usize) -> anyhow::Result<Requests> {
        let place = self.place.clone();
        self.admin
            .toggles(move |nth| dataset::toggle(&place, made + nth, flags))
    }

    /// The version of the environment now.
    pub(super) async fn version(&self) -> anyhow::Result<u64> {
        version(&self.ruleset().await?)
    }

    pub(super) async fn ruleset(&self) -> anyhow::Result<String> {
        self.hub.ruleset(&self.place.server_key).await
    }

    /// Fails unless every connection of these groups holds the right final state; says in the report how many do.
    pub(super) async fn compare(
        &mut self,
        report: &mut ScenarioReport,
        groups: &[u32],
    ) -> anyhow::Result<()> {
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
pub(super) fn version(ruleset: &str) -> anyhow::Result<u64> {
    let ruleset: Value = serde_json::from_str(ruleset)?;
    ruleset["version"]
        .as_u64()
        .context("the ruleset has no version")
}
