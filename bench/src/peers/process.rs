//! A peer's process.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::clock::{SECOND, now};
use crate::cpus::{Cpus, Role};

/// A program or its folder, or why there is none.
pub(super) type Found = Result<PathBuf, &'static str>;

/// Longer than any of them takes to start.
const SECONDS: u64 = 30;

/// A peer's process on the server's processors, ended when dropped.
pub(super) struct Process(Child);

impl Process {
    pub(super) fn start(cpus: &Cpus, mut command: Command) -> anyhow::Result<Self> {
        let program = command.as_std().get_program().to_owned();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let started = cpus.start(Role::Server, || command.spawn());
        Ok(Self(started.with_context(|| {
            format!("cannot start {}", program.display())
        })?))
    }

    pub(super) fn pid(&self) -> anyhow::Result<u32> {
        self.0.id().context("it has ended")
    }

    /// The first line of its standard output.
    pub(super) async fn line(&mut self) -> anyhow::Result<String> {
        let output = self.0.stdout.take().context("its output is piped")?;
        let mut line = String::new();
        let mut output = BufReader::new(output);
        timeout(Duration::from_secs(SECONDS), output.read_line(&mut line))
            .await
            .context("it did not say in time where it listens")??;
        ensure!(!line.is_empty(), "it ended before it listened");
        Ok(line)
    }

    /// All that it writes to its standard output before it ends by itself, and well.
    pub(super) async fn output(self) -> anyhow::Result<Vec<u8>> {
        let ended = timeout(Duration::from_secs(SECONDS), self.0.wait_with_output()).await;
        let output =
            ended.with_context(|| format!("it did not end within {SECONDS} seconds"))??;
        ensure!(output.status.success(), "it failed: {}", output.status);
        Ok(output.stdout)
    }

    /// Asks again and again until there is an answer, the process has ended, or it is too late.
    pub(super) async fn eventually<T>(
        &mut self,
        mut ask: impl FnMut() -> Option<T>,
    ) -> anyhow::Result<T> {
        let deadline = now() + SECONDS * SECOND;
        loop {
            if let Some(answer) = ask() {
                return Ok(answer);
            }
            if let Some(status) = self.0.try_wait()? {
                bail!("it ended before it served: {status}");
            }
            ensure!(
                now() < deadline,
                "it did not serve within {SECONDS} seconds"
            );
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What a program says of its version.
pub(super) async fn version(program: &Path) -> anyhow::Result<String> {
    let output = Command::new(program).arg("--version").output().await;
    let output = output.with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success(), "it does not tell its version");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Process::start(&Cpus::new(false).unwrap(), command).unwrap()
    }

    #[tokio::test]
    async fn the_first_line_is_heard() {
        let mut process = shell("echo 'port 7'; exec cat");
        assert_eq!(process.line().await.unwrap(), "port 7\n");
    }

    #[tokio::test]
    async fn the_output_is_that_of_a_process_that_ended_well() {
        assert_eq!(shell("echo 1; echo 2").output().await.unwrap(), b"1\n2\n");
        let error = shell("echo 1; exit 3").output().await.unwrap_err();
        assert!(error.to_string().contains("it failed"), "{error}");
    }

    #[tokio::test]
    async fn a_process_that_ends_early_is_not_waited_for() {
        let mut process = shell("exit 3");
        let error = process.eventually(|| None::<()>).await.unwrap_err();
        assert!(
            error.to_string().contains("ended before it served"),
            "{error}"
        );
        assert!(shell("exit 3").line().await.is_err());
    }
}
