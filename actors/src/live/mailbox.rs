//! The messages of a tenant's actor.
//!
//! The mailbox is unbounded, so its senders bound it: a command for each permit of the tenant's semaphore, at most one
//! pending `Hinted` and one `ConnectionsMoved`, one `Ready` or `Want` for each connection that is being accepted, a
//! `Read` for each environment that is being loaded, one `Refresh` that has not started, one `Older` per environment, a
//! `KeysUsed` for each FOLLOW that an edge's throttle allows, and its own timers.

use std::collections::{HashMap, HashSet};

use peekaboo_protocol::Resume;
use peekaboo_storage::{
    Answered, Attribution, Command, Committed, EnvironmentId, IdempotentRequest, Key, LogEntry,
    Outcome, SdkKeyId,
};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use crate::error::{Error, Result};
use crate::state::EnvironmentSnapshot;

pub(crate) enum Message {
    /// Reply once the tenant's structure is in memory, or cannot be loaded. Without a reply, take over from a
    /// predecessor.
    Ready(Option<oneshot::Sender<Result<()>>>),
    /// Load an environment before those that no one has requested; reply once it is in memory, cannot be loaded, or is
    /// not in the structure.
    Want(Wanted, oneshot::Sender<Result<()>>),
    /// The size of each project: load the environments that no one has requested, small ones first.
    LoadAll(HashMap<Key, i64>),
    /// The result of reading an environment.
    Read(Box<Read>),
    /// Refresh everything now, and notify everyone who waits for it.
    Refresh(watch::Sender<Refreshed>),
    /// Execute a command.
    Execute(Box<Execute>),
    /// Take the hints and read what they announce.
    Hinted,
    /// Extend the history with older log entries.
    Older {
        /// The environment.
        environment: EnvironmentId,
        /// The position before the entries.
        from: Resume,
        /// In order.
        entries: Vec<LogEntry>,
        /// Notified when it is done.
        done: oneshot::Sender<()>,
    },
    /// The window of this environment's changes has closed.
    WindowCloses(EnvironmentId),
    /// A client connected or disconnected.
    ConnectionsMoved,
    /// Notify watchers of the connections now.
    ReportConnections,
    /// A key may have expired.
    KeysExpire,
    /// Keys with these identifiers are in use at an edge.
    KeysUsed(Vec<String>),
    /// Write the snapshot files that are not up to date, and notify the sender.
    Save(Option<oneshot::Sender<()>>),
    /// The snapshot files are written, except these.
    Saved(Unsaved),
    /// Record which keys were used, and leave memory if no one needs this tenant.
    Housekeep,
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// What a caller needs to have in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Environment(EnvironmentId),
    /// The environment of a key.
    KeyOf(SdkKeyId),
}

/// An environment that was read in the background.
pub(crate) struct Read {
    pub(crate) environment: EnvironmentId,
    /// `None` if it no longer exists.
    pub(crate) snapshot: Result<Option<EnvironmentSnapshot>>,
    /// Whether it comes from a snapshot file, and may therefore be outdated.
    pub(crate) is_saved: bool,
}

/// The parts that are missing in the snapshot files.
#[derive(Debug, Default)]
pub(crate) struct Unsaved {
    pub(crate) structure: bool,
    pub(crate) environments: HashSet<EnvironmentId>,
}

impl Unsaved {
    pub(crate) fn is_empty(&self) -> bool {
        !self.structure && self.environments.is_empty()
    }
}

/// The result of a refresh, once it has ended.
pub(crate) type Refreshed = Option<Result<()>>;

/// A command in the mailbox.
pub(crate) struct Execute {
    pub(crate) command: Command,
    pub(crate) by: Attribution,
    pub(crate) began: Instant,
    pub(crate) reply: Reply,
}

/// The reply to the caller of a command.
pub(crate) enum Reply {
    /// Its result.
    Committed(oneshot::Sender<Result<Committed>>),
    /// The response to a request that may be sent twice.
    Answered(
        IdempotentRequest<Outcome>,
        oneshot::Sender<Result<Answered<Committed>>>,
    ),
}

impl Reply {
    /// Tells the caller why nothing was executed.
    pub(crate) fn fail(self, error: Error) {
        // The caller may no longer wait.
        match self {
            Reply::Committed(reply) => drop(reply.send(Err(error))),
            Reply::Answered(_, reply) => drop(reply.send(Err(error))),
        }
    }
}
