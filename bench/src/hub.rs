//! A hub of its own for a run: the release binary with a database in a directory that goes away with it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::{Child, Command};

use crate::clock::{SECOND, now};
use crate::cpus::{Cpus, Role};
use crate::plain_http;
use crate::process;

/// The flags of every hub, in addition to its addresses and data directory. None of them makes it faster: they only raise
/// the limits that a load test would reach.
pub(crate) const TUNING: [&str; 8] = [
    "--sdk-handshakes-per-second=1000000",
    "--sdk-handshake-burst=1000000",
    "--sdk-requests-per-second-per-key=100000000",
    "--sdk-request-burst-per-key=100000000",
    "--sdk-slow-consumer-timeout=1h",
    "--limits-environments=1000",
    "--limits-projects=1000",
    "--log-filter=warn",
];

/// The system's choice.
const ANY_PORT: &str = "127.0.0.1:0";

/// A running node, ended when dropped: a hub, or an edge.
pub(crate) struct Node<R> {
    child: Child,
    /// Where it listens.
    pub(crate) ready: R,
    _data: tempfile::TempDir,
}

/// A hub, and how to sign in.
pub(crate) type Hub = Node<Ready>;

/// An edge.
pub(crate) type Edge = Node<EdgeReady>;

/// What the hub writes to its ready file.
#[derive(Deserialize)]
pub(crate) struct Ready {
    /// Base URL of the dashboard and the admin API.
    pub(crate) dashboard: String,
    /// Base URL of the SDK listener.
    pub(crate) sdk: String,
    /// Base URL of metrics and health.
    pub(crate) metrics: String,
    /// The demo organization, present because the hub is started with `--demo`.
    pub(crate) demo: Demo,
}

/// What an edge writes to its ready file.
#[derive(Deserialize)]
pub(crate) struct EdgeReady {
    /// Base URL of the SDK listener.
    pub(crate) sdk: String,
}

/// The demo organization's name and sign-in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Demo {
    pub(crate) organization: String,
    pub(crate) email: String,
    pub(crate) password: String,
}

impl<R: DeserializeOwned> Node<R> {
    /// Starts it on the server's processors and waits until every listener accepts.
    async fn spawn(cpus: &Cpus, mut command: Command) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let ready_file = data.path().join("ready.json");
        command
            .args(["--sdk-listen", ANY_PORT])
            .args(["--metrics-listen", ANY_PORT])
            .args(TUNING)
            .arg("--data-dir")
            .arg(data.path())
            .arg("--ready-file")
            .arg(&ready_file)
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let binary = command.as_std().get_program().to_owned();
        let started = cpus.start(Role::Server, || command.spawn());
        let mut child = started.with_context(|| format!("cannot start {}", binary.display()))?;
        let deadline = now() + 30 * SECOND;
        loop {
            if let Ok(text) = std::fs::read_to_string(&ready_file)
                && let Ok(ready) = serde_json::from_str(&text)
            {
                return Ok(Self {
                    child,
                    ready,
                    _data: data,
                });
            }
            if let Some(status) = child.try_wait()? {
                bail!("it ended before it was ready: {status}");
            }
            ensure!(now() < deadline, "it was not ready within 30 seconds");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The process, for accounting.
    pub(crate) fn pid(&self) -> anyhow::Result<u32> {
        self.child.id().context("it has ended")
    }

    /// Its memory.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<u64> {
        process::resident_bytes(self.pid()?)
    }
}

impl Edge {
    /// Starts an edge that follows a hub with this key.
    pub(crate) async fn start(
        cpus: &Cpus,
        binary: &Path,
        upstream: SocketAddr,
        key: &str,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(binary);
        command
            .args(["edge", "--upstream", &format!("ws://{upstream}")])
            .env("PEEKABOO_EDGE_KEYS", key);
        Self::spawn(cpus, command).await
    }

    /// Where applications connect.
    pub(crate) fn sdk_address(&self) -> anyhow::Result<SocketAddr> {
        address(&self.ready.sdk)
    }
}

impl Hub {
    /// Starts `binary` with further flags, and a database of its own unless they name one.
    pub(crate) async fn start(
        cpus: &Cpus,
        binary: &Path,
        flags: &[String],
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(binary);
        command
            .args(["serve", "--demo", "--dashboard-listen", ANY_PORT])
            .args(flags);
        Self::spawn(cpus, command).await
    }

    /// Where applications connect.
    pub(crate) fn sdk_address(&self) -> anyhow::Result<SocketAddr> {
        address(&self.ready.sdk)
    }

    /// The sum of a metric over its labels; 0 if there is none.
    pub(crate) async fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let url = format!("{}/metrics", self.ready.metrics);
        let answer = plain_http::client()?.get(url).send().await?;
        let text = answer.error_for_status()?.text().await?;
        Ok(sum(&text, name))
    }

    /// An environment's ruleset, as a server key reads it.
    pub(crate) async fn ruleset(&self, server_key: &str) -> anyhow::Result<String> {
        let url = format!("{}/sdk/v1/ruleset", self.ready.sdk);
        let request = plain_http::client()?.get(url).bearer_auth(server_key);
        Ok(request.send().await?.error_for_status()?.text().await?)
    }
}

/// Host and port of a base URL.
pub(crate) fn address(url: &str) -> anyhow::Result<SocketAddr> {
    let address = url.trim_start_matches("http://");
    address
        .parse()
        .with_context(|| format!("{url} is not http://address:port"))
}

fn sum(metrics: &str, name: &str) -> f64 {
    let values = metrics.lines().filter_map(|line| {
        let rest = line.strip_prefix(name)?;
        rest.starts_with([' ', '{'])
            .then(|| rest.rsplit(' ').next()?.parse::<f64>().ok())?
    });
    values.sum()
}

/// The hub binary next to this one, unless a path is given.
pub(crate) fn binary(given: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    let path = match given {
        Some(path) => path.clone(),
        None => std::env::current_exe()?.with_file_name("peekaboo"),
    };
    ensure!(
        path.exists(),
        "no hub at {}: build it with `cargo build --release --bin peekaboo`, or name one with --hub",
        path.display()
    );
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_summed_over_its_labels() {
        let text = "# TYPE a counter\na{kind=\"x\"} 2\na{kind=\"y z\"} 3\na_more 50\nb 7\n";
        assert!((sum(text, "a") - 5.0).abs() < 1e-9);
        assert!((sum(text, "b") - 7.0).abs() < 1e-9);
        assert!(sum(text, "c").abs() < 1e-9);
    }
}
