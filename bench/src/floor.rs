//! The floor: a bare loop of `send()` of the same bytes to the same number of sockets.
//!
//! No user-space work can be less than this, so a figure's ratio to it says what the hub adds.

use std::io::{BufRead as _, ErrorKind, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::process;
use crate::receivers::now_micros;

/// What the floor's server needs to know.
#[derive(Args)]
pub(crate) struct ServerOptions {
    /// How many sockets to wait for.
    #[arg(long)]
    sockets: usize,
    /// File that holds the bytes to send.
    #[arg(long)]
    frame: PathBuf,
}

/// One line on the server's standard output.
#[derive(Deserialize, Serialize)]
enum Report {
    /// It listens here.
    Listening(String),
    /// Every socket is connected.
    Connected,
    /// The loop began at this microsecond of the Unix epoch, and has ended.
    Sent(u64),
}

/// Accepts the sockets, then sends the frame to each once for every line of standard input.
pub(crate) fn serve(options: &ServerOptions) -> anyhow::Result<()> {
    let frame = std::fs::read(&options.frame)?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    tell(&Report::Listening(listener.local_addr()?.to_string()))?;
    let mut sockets = Vec::with_capacity(options.sockets);
    for _ in 0..options.sockets {
        let (socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        socket.set_nonblocking(true)?;
        sockets.push(socket);
    }
    tell(&Report::Connected)?;
    for round in std::io::stdin().lock().lines() {
        round?;
        let began = now_micros();
        for socket in &sockets {
            send(socket, &frame)?;
        }
        tell(&Report::Sent(began))?;
    }
    Ok(())
}

fn send(mut socket: &TcpStream, frame: &[u8]) -> anyhow::Result<()> {
    loop {
        match socket.write(frame) {
            Ok(written) => {
                ensure!(written == frame.len(), "the floor's frame was cut short");
                return Ok(());
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => return Err(error.into()),
        }
    }
}

fn tell(report: &Report) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, report)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}

/// A running floor server, ended when dropped.
pub(crate) struct Floor {
    child: Child,
    reports: std::io::Lines<std::io::BufReader<std::process::ChildStdout>>,
    pub(crate) address: String,
    _directory: tempfile::TempDir,
}

impl Floor {
    /// Starts this program's floor server for `sockets` sockets and the bytes of `frame`.
    pub(crate) fn start(sockets: usize, frame: &[u8]) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let file = directory.path().join("frame");
        std::fs::write(&file, frame)?;
        let mut child = Command::new(std::env::current_exe()?)
            .args(["floor-server", "--sockets", &sockets.to_string(), "--frame"])
            .arg(&file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().context("the floor's output is piped")?;
        let mut floor = Self {
            child,
            reports: std::io::BufReader::new(output).lines(),
            address: String::new(),
            _directory: directory,
        };
        match floor.next_report()? {
            Report::Listening(address) => floor.address = address,
            _ => anyhow::bail!("the floor's server did not say where it listens"),
        }
        Ok(floor)
    }

    /// Waits until the server has accepted every socket.
    pub(crate) fn wait_connected(&mut self) -> anyhow::Result<()> {
        ensure!(
            matches!(self.next_report()?, Report::Connected),
            "the floor's server is out of step"
        );
        Ok(())
    }

    /// Sends `rounds` times to every socket, `pause` apart, off this thread so that it can read.
    /// Answers when each round began, and this floor for its accounting.
    pub(crate) async fn send(
        mut self,
        rounds: u64,
        pause: Duration,
    ) -> anyhow::Result<(Self, Vec<u64>)> {
        let mut began = Vec::new();
        let mut ticks = tokio::time::interval(pause);
        for _ in 0..rounds {
            ticks.tick().await;
            let (floor, at) = tokio::task::spawn_blocking(move || {
                let at = self.send_once()?;
                anyhow::Ok((self, at))
            })
            .await??;
            self = floor;
            began.push(at);
        }
        Ok((self, began))
    }

    fn send_once(&mut self) -> anyhow::Result<u64> {
        let input = self.child.stdin.as_mut();
        input
            .context("the floor's input is piped")?
            .write_all(b"\n")?;
        match self.next_report()? {
            Report::Sent(at) => Ok(at),
            _ => anyhow::bail!("the floor's server is out of step"),
        }
    }

    /// Processor time that it has used.
    pub(crate) fn cpu_time(&self) -> anyhow::Result<Duration> {
        process::cpu_time(self.child.id())
    }

    fn next_report(&mut self) -> anyhow::Result<Report> {
        let line = self
            .reports
            .next()
            .context("the floor's server ended early")??;
        Ok(serde_json::from_str(&line)?)
    }
}

impl Drop for Floor {
    fn drop(&mut self) {
        // It may have ended by itself, which the run has then reported already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
