//! The status of a client, and why it may have no rules.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;

/// The status of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// Connecting for the first time.
    Connecting,
    /// Connected, with the hub's current rules.
    Live,
    /// The connection is lost and will be retried; the last rules are served.
    Reconnecting,
    /// The hub refused this client: its key is unknown or revoked; see [`Client::refusal`](crate::Client::refusal). The
    /// last rules are served, and the client retries every few minutes.
    Stopped,
    /// Closed by the application; the last rules are served.
    Closed,
    /// Rules come from a file, from a ruleset or from nowhere; there is no hub.
    Offline,
}

impl Status {
    /// Whether the status is final.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed)
    }

    /// The name that all of Peek-a-boo's SDKs use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connecting => "connecting",
            Self::Live => "live",
            Self::Reconnecting => "reconnecting",
            Self::Stopped => "stopped",
            Self::Closed => "closed",
            Self::Offline => "offline",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A stream of a client's status, until it is final. A late reader gets the latest status.
#[derive(Clone, Debug)]
#[must_use = "a status does nothing unless it is read"]
pub struct StatusChanges {
    status: watch::Receiver<Status>,
    last: Status,
}

impl StatusChanges {
    pub(crate) fn new(mut status: watch::Receiver<Status>) -> Self {
        let last = *status.borrow_and_update();
        Self { status, last }
    }

    /// The next status; `None` if there will be none.
    pub async fn next(&mut self) -> Option<Status> {
        if self.last.is_final() {
            return None;
        }
        self.status.changed().await.ok()?;
        self.last = *self.status.borrow_and_update();
        Some(self.last)
    }
}

/// Why a hub refused this client: its key is unknown or revoked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the hub refused with code {code}: {reason}")]
#[non_exhaustive]
pub struct Refusal {
    /// The close code, from 4500 to 4999; `docs/protocol.md` lists them.
    pub code: u16,
    /// The hub's message.
    pub reason: String,
}

/// Why [`Client::ready`](crate::Client::ready) has no rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotReady {
    /// The time is over; the client keeps trying, and serves defaults until then.
    #[error("no rules within {} ms; {}", .waited.as_millis(), .cause.as_deref().unwrap_or("the source is not responding"))]
    TimedOut {
        /// How long it waited.
        waited: Duration,
        /// Why there is no connection, if known: nothing listens there, or something that is not a hub.
        cause: Option<String>,
    },
    /// The hub refused the client, which retries every few minutes.
    #[error(transparent)]
    Stopped(#[from] Refusal),
    /// The client was closed, or its runtime ended.
    #[error("the client was closed before any rules arrived")]
    Closed,
}
