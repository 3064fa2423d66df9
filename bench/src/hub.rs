//! A hub of its own for a run: the release binary with the demo's data in a directory that goes
//! away with it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// A running hub, ended when dropped.
pub(crate) struct Hub {
    child: Child,
    /// Where it listens and how to sign in.
    pub(crate) ready: Ready,
    _data: tempfile::TempDir,
}

/// What the hub writes to its ready file.
#[derive(Deserialize)]
pub(crate) struct Ready {
    /// Base URL of the dashboard and the admin API.
    pub(crate) dashboard: String,
    /// Base URL of the SDK listener.
    pub(crate) sdk: String,
    /// The demo organisation, present because the hub is started with `--demo`.
    pub(crate) demo: Demo,
}

/// The demo organisation's names, sign-in and keys.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Demo {
    pub(crate) organization: String,
    pub(crate) project: String,
    pub(crate) environment: String,
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) server_key: String,
}

impl Hub {
    /// Starts `binary` and waits until every listener accepts.
    pub(crate) async fn start(binary: &Path) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let ready_file = data.path().join("ready.json");
        let any_port = "127.0.0.1:0";
        let mut child = Command::new(binary)
            .args(["serve", "--demo"])
            .args(["--dashboard-listen", any_port])
            .args(["--sdk-listen", any_port])
            .args(["--metrics-listen", any_port])
            .arg("--data-dir")
            .arg(data.path())
            .arg("--ready-file")
            .arg(&ready_file)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            if let Ok(text) = std::fs::read_to_string(&ready_file) {
                let ready = serde_json::from_str(&text).context("the hub's ready file")?;
                return Ok(Self {
                    child,
                    ready,
                    _data: data,
                });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the hub ended before it was ready: {status}");
            }
            if Instant::now() > deadline {
                child.kill()?;
                bail!("the hub was not ready within 30 seconds");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// The process, for accounting.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Host and port of the SDK listener.
    pub(crate) fn sdk_address(&self) -> &str {
        self.ready.sdk.trim_start_matches("http://")
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // It may have ended by itself, which the run has then reported already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The hub binary beside this one, unless a path is given.
pub(crate) fn binary(given: Option<&PathBuf>) -> anyhow::Result<PathBuf> {
    let path = match given {
        Some(path) => path.clone(),
        None => std::env::current_exe()?.with_file_name("peekaboo"),
    };
    if !path.exists() {
        bail!(
            "no hub at {}: build it with `cargo build --release --bin peekaboo`, or name one with --hub",
            path.display()
        );
    }
    Ok(path)
}

/// An admin of the demo organisation, signed in.
pub(crate) struct Admin {
    http: reqwest::Client,
    base: String,
    project: String,
    environment: String,
}

impl Admin {
    /// Signs in with the demo's address and password.
    pub(crate) async fn sign_in(ready: &Ready) -> anyhow::Result<Self> {
        let demo = &ready.demo;
        let http = reqwest::Client::builder().cookie_store(true).build()?;
        http.post(format!("{}/api/v1/session", ready.dashboard))
            .header("origin", &ready.dashboard)
            .json(&serde_json::json!({ "email": demo.email, "password": demo.password }))
            .send()
            .await?
            .error_for_status()?;
        Ok(Self {
            http,
            base: ready.dashboard.clone(),
            project: format!(
                "{}/api/v1/organizations/{}/projects/{}",
                ready.dashboard, demo.organization, demo.project
            ),
            environment: demo.environment.clone(),
        })
    }

    /// Creates a boolean flag, off everywhere.
    pub(crate) async fn create_flag(&self, key: &str) -> anyhow::Result<()> {
        self.http
            .post(format!("{}/flags", self.project))
            .header("origin", &self.base)
            .json(&serde_json::json!({ "key": key, "type": "boolean" }))
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// Turns a flag on or off in the demo's environment; answers once that is committed.
    pub(crate) async fn toggle(&self, key: &str, enabled: bool) -> anyhow::Result<()> {
        self.http
            .patch(format!(
                "{}/flags/{key}/environments/{}",
                self.project, self.environment
            ))
            .header("origin", &self.base)
            .json(&serde_json::json!({ "enabled": enabled }))
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }
}
