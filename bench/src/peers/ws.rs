//! Node's `ws`: the broadcast of its documentation, as `bench/peers/ws/server.js` has it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde::Deserialize;
use tokio::process::Command;

use super::dialect::{Dialect, Taken, end_of_answer};
use super::process::Process;
use super::websocket::{self, WebSocket};
use super::{Found, Publishing, Server, number_of};
use crate::cpus::Cpus;

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

/// One client that listens: whoever is connected is subscribed.
pub(super) struct Subscriber {
    host: String,
    socket: WebSocket,
    subscribed: bool,
}

impl Subscriber {
    pub(super) fn new(host: SocketAddr) -> Self {
        Self {
            host: host.to_string(),
            socket: WebSocket::default(),
            subscribed: false,
        }
    }
}

impl Dialect for Subscriber {
    fn greeting(&self) -> Vec<u8> {
        websocket::upgrade(&self.host)
    }

    fn take(&mut self, unread: &mut Vec<u8>) -> anyhow::Result<Taken> {
        let mut taken = Taken::default();
        let mut reply = Vec::new();
        let is_open = self.socket.read(unread, &mut reply, |payload, _| {
            taken.deliveries.push(number_of(payload)?);
            Ok(())
        })?;
        taken.reply = reply;
        taken.subscribed = is_open && !self.subscribed;
        self.subscribed = is_open;
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::super::dialect::tests::reads;
    use super::super::tests::delta;
    use super::*;

    #[test]
    fn whoever_is_connected_is_subscribed_and_reads_messages() {
        let subscriber =
            || -> Box<dyn Dialect> { Box::new(Subscriber::new(([127, 0, 0, 1], 80).into())) };
        let mut bytes = b"HTTP/1.1 101 Switching Protocols\r\n\r\n".to_vec();
        for number in [2, 3] {
            let payload = delta(number);
            bytes.extend([0x82, u8::try_from(payload.len()).unwrap()]);
            bytes.extend(payload);
        }
        let taken = reads(subscriber, &bytes);
        assert!(taken.subscribed);
        assert_eq!(taken.deliveries, [2, 3]);
    }
}
