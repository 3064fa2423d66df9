//! A hub on a filled database, who asks it, and who toggles flags of other projects meanwhile.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use reqwest::StatusCode;
use tokio::sync::watch;
use tokio::time::sleep;

use super::admin_client::AdminClient;
use crate::bench::Bench;
use crate::data::{EnvironmentPath, Filled};
use crate::hub::Hub;
use crate::plain_http;
use crate::process::CpuTime;

/// Between two toggles of a bystander.
const BYSTANDER_PAUSE: Duration = Duration::from_millis(5);

/// How long anything may take until it is as it should be.
const PATIENCE: Duration = Duration::from_mins(3);

/// A hub at rest uses less of a processor than this share.
const REST: f64 = 0.02;

/// A hub and everyone around it.
pub(super) struct World<'a> {
    pub(super) filled: &'a Filled,
    pub(super) hub: Hub,
    /// Of the organization with the large project.
    pub(super) large: AdminClient,
    /// Of a small organization.
    pub(super) small: AdminClient,
    pub(super) http: reqwest::Client,
    /// Whether figures only have to be there.
    pub(super) quick: bool,
}

impl<'a> World<'a> {
    /// Starts a hub with further flags.
    pub(super) async fn start(
        bench: &Bench,
        filled: &'a Filled,
        flags: &[&str],
    ) -> anyhow::Result<Self> {
        let mut all = vec!["--database-url".to_owned(), filled.url.clone()];
        all.extend(flags.iter().map(|flag| (*flag).to_owned()));
        let hub = bench.hub_with(&all).await?;
        let dashboard = &hub.ready.dashboard;
        Ok(Self {
            large: AdminClient::new(dashboard, &filled.tokens.large)?,
            small: AdminClient::new(dashboard, &filled.tokens.small)?,
            http: plain_http::client()?,
            quick: bench.options.quick,
            filled,
            hub,
        })
    }

    /// How long it takes until a key is answered with its ruleset, asking again where the hub says to.
    pub(super) async fn first_answer(&self, place: &EnvironmentPath) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        loop {
            let status = self.ruleset_status(place).await?;
            let took = begun.elapsed();
            match status {
                StatusCode::OK => return Ok(took),
                StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {}
                other => bail!("a good key was answered {other}"),
            }
            ensure!(took < PATIENCE, "a good key was never answered");
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// What a key's ruleset is answered with.
    pub(super) async fn ruleset_status(
        &self,
        place: &EnvironmentPath,
    ) -> anyhow::Result<StatusCode> {
        let url = format!("{}/sdk/v1/ruleset", self.hub.ready.sdk);
        let request = self.http.get(url).bearer_auth(&place.server_key);
        let answer = request.send().await?;
        let status = answer.status();
        answer.bytes().await?;
        Ok(status)
    }

    /// What the hub used of a processor until now.
    pub(super) fn cpu(&self) -> anyhow::Result<CpuTime> {
        CpuTime::of(self.hub.pid()?)
    }

    /// Waits until nothing is left to be done after what was asked before.
    pub(super) async fn rest(&self) -> anyhow::Result<()> {
        rest(self.hub.pid()?).await
    }

    /// Toggles flags of another project of the large organization, and of another organization, until it is ended.
    pub(super) fn bystanders(&self) -> [BackgroundToggler; 2] {
        [
            BackgroundToggler::begin(self.large.clone(), self.filled.neighbor.clone()),
            BackgroundToggler::begin(self.small.clone(), self.filled.small.clone()),
        ]
    }
}

/// Waits until a process has been at rest for a second, later than what waits for two seconds after a change.
pub(super) async fn rest(pid: u32) -> anyhow::Result<()> {
    let begun = Instant::now();
    let mut quiet = Duration::ZERO;
    let step = Duration::from_millis(500);
    while quiet < Duration::from_millis(2_500) {
        ensure!(begun.elapsed() < PATIENCE, "the hub does not come to rest");
        let before = CpuTime::of(pid)?;
        sleep(step).await;
        let used = CpuTime::of(pid)?.since(&before);
        quiet = if used.as_secs_f64() < REST * step.as_secs_f64() {
            quiet + step
        } else {
            Duration::ZERO
        };
    }
    Ok(())
}

/// Someone who toggles a flag again and again, and remembers the longest that it took.
pub(super) struct BackgroundToggler {
    end: watch::Sender<bool>,
    toggling: tokio::task::JoinHandle<anyhow::Result<Duration>>,
}

impl BackgroundToggler {
    fn begin(admin_client: AdminClient, place: EnvironmentPath) -> Self {
        let (end, ended) = watch::channel(false);
        let toggling = tokio::spawn(async move {
            let mut longest = Duration::ZERO;
            for nth in 0_u64.. {
                let took = admin_client
                    .toggle(&place, 1 + nth % 8, (nth / 8).is_multiple_of(2))
                    .await?;
                longest = longest.max(took);
                if *ended.borrow() {
                    break;
                }
                sleep(BYSTANDER_PAUSE).await;
            }
            // So that the next to come finds every flag off.
            for flag in 1..=8 {
                admin_client.toggle(&place, flag, false).await?;
            }
            Ok(longest)
        });
        Self { end, toggling }
    }

    /// Ends it; returns the longest that a toggle took.
    pub(super) async fn end(self) -> anyhow::Result<Duration> {
        // One that failed has ended by itself.
        let _ = self.end.send(true);
        self.toggling.await?.context("somebody else's toggle")
    }
}
