//! Node's `ws`: the broadcast of its documentation, as `bench/peers/ws/server.js` has it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tokio::process::Command;

use super::process::{Found, Process};
use super::server::{Publishing, Server};
use crate::cpus::Cpus;
use crate::dialects::{end_of_answer, websocket};

const SERVER: &str = include_str!("../../peers/ws/server.js");

/// The folder where the installer put the package.
pub(super) fn find(peers: &Path) -> Found {
    let folder = peers.join("ws");
    let is_there = folder.join("node_modules/ws").is_dir();
    is_there.then_some(folder).ok_or("the package is not there")
}

/// What the server says once it listens.
#[derive(Deserialize)]
struct Listening {
    port: u16,
    version: String,
    node: String,
    bufferutil: bool,
}

/// Starts the server in the package's folder, where it finds the package by its name.
pub(super) async fn start(cpus: &Cpus, folder: &Path) -> anyhow::Result<Server> {
    let mut command = Command::new("node");
    command
        .args(["--input-type=module", "--eval", SERVER])
        .current_dir(folder);
    let mut process = Process::start(cpus, command)?;
    let listening: Listening = serde_json::from_str(&process.line().await?)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, listening.port));
    Ok(Server {
        address,
        version: format!("ws {}, Node {}", listening.version, listening.node),
        settings: format!(
            "perMessageDeflate: false, bufferutil: {}",
            listening.bufferutil
        ),
        publishing: Publishing::Ws(address),
        process,
        _folder: None,
    })
}

/// A client whose messages go to all others.
pub(super) fn line(address: SocketAddr) -> anyhow::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.write_all(&websocket::upgrade(&address.to_string()))?;
    let mut head = Vec::new();
    while end_of_answer(&head, 101)?.is_none() {
        let mut bytes = [0; 512];
        let count = stream
            .read(&mut bytes)
            .context("the answer to the upgrade")?;
        ensure!(count > 0, "the server closed the connection");
        head.extend_from_slice(&bytes[..count]);
    }
    Ok(stream)
}
