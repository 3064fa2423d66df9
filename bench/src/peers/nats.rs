//! nats-server, to which the bench publishes over plain TCP, as services do.

use std::io::Write as _;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Stdio;

use anyhow::Context as _;
use serde::Deserialize;
use tokio::process::Command;

use super::process::{Found, Process, version};
use super::server::{Publishing, Server};
use crate::cpus::Cpus;

/// What differs from the server's defaults.
const SETTINGS: &str = "max_connections: 100000
websocket { host: \"127.0.0.1\", port: -1, no_tls: true }";

/// The server's program: the installer's, else one in the `PATH`.
pub(super) fn find(peers: &Path) -> Found {
    let installed = peers.join("nats/usr/sbin/nats-server");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let elsewhere = std::env::split_paths(&path).map(|folder| folder.join("nats-server"));
    std::iter::once(installed)
        .chain(elsewhere)
        .find(|program| program.is_file())
        .ok_or("no nats-server is there, nor in the PATH")
}

/// What the server writes to its file of ports.
#[derive(Deserialize)]
struct Ports {
    nats: Vec<String>,
    websocket: Vec<String>,
}

/// Starts the server on ports of its own choice.
pub(super) async fn start(cpus: &Cpus, program: &Path) -> anyhow::Result<Server> {
    let version = version(program).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("nats.conf");
    let places = format!(
        "listen: \"127.0.0.1:-1\"\nports_file_dir: \"{}\"",
        folder.path().display()
    );
    std::fs::write(&file, format!("{places}\n{SETTINGS}\n"))?;
    let mut command = Command::new(program);
    command.arg("--config").arg(&file).stderr(Stdio::null());
    let mut process = Process::start(cpus, command)?;
    let ports = folder
        .path()
        .join(format!("nats-server_{}.ports", process.pid()?));
    let read = || serde_json::from_slice(&std::fs::read(&ports).ok()?).ok();
    let ports: Ports = process.eventually(read).await?;
    Ok(Server {
        address: address(&ports.websocket, "ws://")?,
        version,
        settings: SETTINGS.replace('\n', ", "),
        publishing: Publishing::Nats(address(&ports.nats, "nats://")?),
        process,
        _folder: Some(folder),
    })
}

fn address(urls: &[String], scheme: &str) -> anyhow::Result<SocketAddr> {
    let url = urls.first().context("nats-server says no port")?;
    Ok(url.trim_start_matches(scheme).parse()?)
}

/// A connection to publish on.
pub(super) fn line(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.write_all(b"CONNECT {\"verbose\":false}\r\n")?;
    Ok(stream)
}
