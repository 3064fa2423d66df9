//! Unleash Edge, which follows a stand-in for Unleash, through which the bench publishes.

use std::net::{TcpListener, TcpStream};
use std::path::Path;

use anyhow::Context as _;
use tokio::process::Command;

use super::process::{Found, Process};
use super::server::{Publishing, Server};
use super::upstream::Upstream;
use crate::cpus::Cpus;
use crate::dialects::unleash_edge::TOKEN;

/// Its flags, in addition to its address and its upstream.
const SETTINGS: &str = "edge --strict --streaming --delta";

/// The server's program.
pub(super) fn find(peers: &Path) -> Found {
    let program = peers.join("unleash-edge/bin/unleash-edge");
    let is_there = program.is_file();
    is_there
        .then_some(program)
        .ok_or("no unleash-edge is there")
}

/// Starts the server behind a stand-in of its own.
pub(super) async fn start(cpus: &Cpus, program: &Path) -> anyhow::Result<Server> {
    let version = version(program)?;
    let upstream = Upstream::start().await?;
    // It cannot be asked to choose a port; should another process take this one first, it ends and says so.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(program);
    command
        .args(["--interface", "127.0.0.1", "--port"])
        .arg(address.port().to_string())
        .args(SETTINGS.split(' '))
        .args(["--upstream-url", &upstream.url, "--tokens", TOKEN]);
    let mut process = Process::start(cpus, command)?;
    let followed = upstream.followed();
    let serves = || (*followed.borrow() && TcpStream::connect(address).is_ok()).then_some(());
    process.eventually(serves).await?;
    Ok(Server {
        address,
        version,
        settings: SETTINGS.to_owned(),
        publishing: Publishing::UnleashEdge(upstream),
        process,
        _folder: None,
    })
}

/// The program does not tell; cargo has written what it installed next to it.
fn version(program: &Path) -> anyhow::Result<String> {
    let root = program.ancestors().nth(2).context("it is in no folder")?;
    let list = root.join(".crates.toml");
    let text = std::fs::read_to_string(&list)
        .with_context(|| format!("cannot read {}", list.display()))?;
    installed(&text).with_context(|| format!("{} does not name it", list.display()))
}

fn installed(list: &str) -> Option<String> {
    let entry = list
        .lines()
        .find_map(|line| line.strip_prefix("\"unleash-edge "))?;
    let version = entry.split_whitespace().next()?;
    Some(format!("unleash-edge {version}"))
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::super::upstream::update;
    use super::*;
    use crate::dialects::Sender;

    #[test]
    fn the_version_is_what_cargo_installed() {
        let list = "[v1]\n\"unleash-edge 19.15.1 (registry+somewhere)\" = [\"unleash-edge\"]\n";
        assert_eq!(installed(list).as_deref(), Some("unleash-edge 19.15.1"));
        assert_eq!(installed("[v1]\n"), None);
    }

    /// The stand-in streams to Edge as Edge streams to its clients.
    #[tokio::test]
    async fn a_real_stream_is_read() {
        let upstream = Upstream::start().await.unwrap();
        let address = upstream.url.trim_start_matches("http://");
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let mut dialect = Sender::UnleashEdge.dialect(address.parse().unwrap());
        stream.write_all(&dialect.greeting()).await.unwrap();
        let (mut unread, mut subscribed, mut deliveries) = (Vec::new(), false, Vec::new());
        while deliveries != [2, 3] {
            assert!(stream.read_buf(&mut unread).await.unwrap() > 0);
            let taken = dialect.take(&mut unread).unwrap();
            if taken.subscribed {
                subscribed = true;
                for number in [2, 3] {
                    upstream.updates().send(&update(number)).unwrap();
                }
            }
            deliveries.extend(taken.deliveries);
        }
        assert!(subscribed);
    }
}
