//! The three listeners, bound before anything else starts.

use std::{
    io,
    net::{SocketAddr, TcpListener as StdListener},
};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::config::Config;

/// The kernel's queue of connections that are not accepted yet. Many clients can reconnect at once.
const BACKLOG: i32 = 4_096;

/// Listening sockets for the dashboard, for applications and for operators.
#[derive(Debug)]
pub struct Listeners {
    /// The dashboard and the admin API.
    pub dashboard: TcpListener,
    /// Applications.
    pub sdk: TcpListener,
    /// Metrics and health.
    pub metrics: TcpListener,
}

/// Listening sockets of an edge, which has no dashboard.
#[derive(Debug)]
pub struct EdgeListeners {
    /// Applications.
    pub sdk: TcpListener,
    /// Metrics and health.
    pub metrics: TcpListener,
}

/// A listener cannot be bound.
#[derive(Debug, thiserror::Error)]
#[error("cannot listen on {address} ({setting}): {}", explain(.cause, setting))]
pub struct BindError {
    /// The setting that names the address.
    pub setting: &'static str,
    /// The address.
    pub address: SocketAddr,
    /// Why.
    pub cause: io::Error,
}

fn explain(error: &io::Error, setting: &str) -> String {
    let flag = setting.replace(['.', '_'], "-");
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!(
                "another program is using this port; stop it, or choose another port with --{flag}"
            )
        }
        io::ErrorKind::AddrNotAvailable => {
            format!("this machine does not have this address; choose another with --{flag}")
        }
        io::ErrorKind::PermissionDenied => {
            format!("ports below 1024 need privileges; choose another port with --{flag}")
        }
        _ => error.to_string(),
    }
}

impl Listeners {
    /// Binds all three, or returns the setting of the one that cannot be bound.
    pub fn bind(config: &Config) -> Result<Self, BindError> {
        let [dashboard, sdk, metrics] = config.listeners().map(bind);
        Ok(Self {
            dashboard: dashboard?,
            sdk: sdk?,
            metrics: metrics?,
        })
    }
}

impl EdgeListeners {
    /// Binds both, or returns the setting of the one that cannot be bound.
    pub fn bind(config: &Config) -> Result<Self, BindError> {
        let [_, sdk, metrics] = config.listeners();
        Ok(Self {
            sdk: bind(sdk)?,
            metrics: bind(metrics)?,
        })
    }
}

fn bind((setting, address): (&'static str, SocketAddr)) -> Result<TcpListener, BindError> {
    listen(address).map_err(|cause| BindError {
        setting,
        address,
        cause,
    })
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A restart must not wait until the last run's sockets leave TIME_WAIT.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(StdListener::from(socket))
}
