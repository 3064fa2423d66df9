//! Followers: clients that are notified over HTTP when something changed, and then fetch it themselves.
//!
//! A follower has no actor and no mailbox. It holds the last version that it announced, and compares it with the newest
//! one whenever the environment changes. A slow client therefore costs only its slot, receives one notification for any
//! number of changes, and always ends at the newest state. Notifications never say which flags changed.

use std::time::Duration;

use peekaboo_protocol::{CloseCode, Resume};
use peekaboo_storage::SdkKeyKind;
use rand::RngExt as _;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Access;
use crate::live::CountedConnection;
use crate::metrics::Counted;
use crate::state::EnvironmentSnapshot;

/// The SDK name under which followers are counted among an environment's connections.
const SDK: &str = "ofrep";

/// A client that wants to be notified of changes; counted as a connection while it exists.
pub struct Follower {
    access: Access,
    /// The last version that the client was notified of.
    told: Resume,
    changed: watch::Receiver<()>,
    draining: watch::Receiver<Option<Duration>>,
    /// When to disconnect, once the hub drains.
    leave_at: Option<Instant>,
    has_ended: bool,
    _presence: CountedConnection,
    _counted: Counted,
}

/// A notification for a follower.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The client's state may be outdated.
    Changed {
        /// The current version.
        version: Resume,
        /// When it was committed, in microseconds since 1970; 0 if unknown.
        committed_at_micros: u64,
    },
    /// The key is no longer valid, as the client learns from its next request. This is the last notification.
    KeyDied,
    /// The hub drains: reconnect after this time. This is the last notification.
    GoAway(Duration),
}

impl Access {
    /// Follows the environment from the client's version, or from the newest one; the error is the close code that a
    /// stream would get.
    pub fn follow(&self, since: Option<Resume>) -> Result<Follower, CloseCode> {
        let directory = self.directory();
        let now = (directory.registry.config.clock)();
        let presence = CountedConnection::new(
            self.live_key().clone(),
            SDK,
            &directory.registry.config,
            &directory.registry.metrics,
            now,
        )?;
        // Before the version is compared, so that every later change wakes the follower.
        let changed = self.live_key().environment().changes();
        let told = since.unwrap_or_else(|| position(&self.snapshot()));
        Ok(Follower {
            access: self.clone(),
            told,
            changed,
            draining: directory.followers(),
            leave_at: None,
            has_ended: false,
            _presence: presence,
            _counted: directory.registry.metrics.follower(),
        })
    }
}

impl Follower {
    /// The last version that the client was notified of.
    pub fn told(&self) -> &Resume {
        &self.told
    }

    /// A sign of life should be sent after this time without a notification.
    pub fn heartbeat(&self) -> Duration {
        self.access.heartbeat()
    }

    /// How long a client that lost its stream should wait before it reconnects, spread at random.
    pub fn reconnect_after(&self) -> Duration {
        let (least, most) = self.access.directory().registry.config.reconnect_after;
        rand::rng().random_range(least..=most.max(least))
    }

    /// Waits for the next notification; `None` after the last.
    pub async fn next(&mut self) -> Option<Notice> {
        loop {
            if self.has_ended {
                return None;
            }
            if !self.access.is_live() {
                self.has_ended = true;
                return Some(Notice::KeyDied);
            }
            // Marked as seen before the state is read, so that every later change wakes this again.
            self.changed.borrow_and_update();
            if let Some(notice) = self.advance(&self.access.snapshot()) {
                self.access.directory().registry.metrics.notice();
                return Some(notice);
            }
            let window = *self.draining.borrow_and_update();
            if let Some(window) = window.filter(|_| self.leave_at.is_none()) {
                self.leave_at = Some(Instant::now() + window.mul_f64(rand::rng().random()));
            }
            let leave_at = self.leave_at;
            let leaving = async {
                match leave_at {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                changed = self.changed.changed() => changed.ok()?,
                drained = self.draining.changed(), if leave_at.is_none() => drained.ok()?,
                () = leaving => {
                    self.has_ended = true;
                    return Some(Notice::GoAway(self.reconnect_after()));
                }
            }
        }
    }

    /// Moves to `snapshot`; returns a notification if the client may see a difference.
    fn advance(&mut self, snapshot: &EnvironmentSnapshot) -> Option<Notice> {
        if snapshot.epoch == self.told.epoch {
            // A client that comes from a node that was ahead must not go back to an older version.
            if snapshot.version <= self.told.version {
                return None;
            }
            if self.access.kind() == SdkKeyKind::Client
                && !snapshot.concerns_clients(self.told.version)
            {
                self.told.version = snapshot.version;
                return None;
            }
        }
        self.told = position(snapshot);
        Some(Notice::Changed {
            version: self.told.clone(),
            committed_at_micros: snapshot.committed_at_micros,
        })
    }
}

fn position(snapshot: &EnvironmentSnapshot) -> Resume {
    Resume {
        epoch: snapshot.epoch.clone(),
        version: snapshot.version,
    }
}
