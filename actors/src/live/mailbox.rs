//! The messages of a tenant's actor.
//!
//! The mailbox is unbounded, and bounded by what feeds it: a command for each permit of the tenant's semaphore, one
//! `Hinted` and one `ConnectionsMoved` at a time, one `Ready` or `Want` for each connection that is being welcomed, a
//! `Read` for each environment whose loading was begun, one `Refresh` that has not begun, one `Older` for each
//! environment, a `KeysUsed` for each FOLLOW that an edge's throttle lets through, and its own timers.

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
    /// Answer once the tenant's structure is in memory, or cannot be. Without anybody to answer, take over from a
    /// predecessor.
    Ready(Option<oneshot::Sender<Result<()>>>),
    /// Load an environment before those that nobody asks for; answer once it is in memory, or cannot be, or the
    /// structure does not list it.
    Want(Wanted, oneshot::Sender<Result<()>>),
    /// How much there is to read of each project: load the environments that nobody asks for, small ones first.
    LoadAll(HashMap<Key, i64>),
    /// What was read of an environment.
    Read(Box<Read>),
    /// Look at everything now, and tell everybody who waits for it.
    Refresh(watch::Sender<Refreshed>),
    /// Execute a command.
    Execute(Box<Execute>),
    /// Take the hints and look at what they name.
    Hinted,
    /// Take what the log has from before the versions that are remembered.
    Older {
        /// Of which environment.
        environment: EnvironmentId,
        /// The position that the entries follow.
        from: Resume,
        /// In order.
        entries: Vec<LogEntry>,
        /// Notified when it is done.
        done: oneshot::Sender<()>,
    },
    /// Changes of this environment have gathered for long enough.
    WindowCloses(EnvironmentId),
    /// Somebody connected or left.
    ConnectionsMoved,
    /// Tell watchers who is connected now.
    ReportConnections,
    /// A key may have expired.
    KeysExpire,
    /// Keys with these identifiers are in use at an edge.
    KeysUsed(Vec<String>),
    /// Write the snapshot files that are not up to date, and notify the sender.
    Save(Option<oneshot::Sender<()>>),
    /// The snapshot files are written, except these.
    Saved(Unsaved),
    /// Note which keys were used, and rest if nobody needs this tenant.
    Housekeep,
    /// Panic.
    #[cfg(test)]
    Poison,
}

/// What a caller needs in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Environment(EnvironmentId),
    /// The environment that a key opens.
    KeyOf(SdkKeyId),
}

/// An environment that was read in the background.
pub(crate) struct Read {
    pub(crate) environment: EnvironmentId,
    /// None where it does not exist any more.
    pub(crate) snapshot: Result<Option<EnvironmentSnapshot>>,
    /// It comes from a snapshot file, and so may be old.
    pub(crate) is_saved: bool,
}

/// What the snapshot files lack.
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

/// How a look at everything went, once it is over.
pub(crate) type Refreshed = Option<Result<()>>;

/// A command on its way.
pub(crate) struct Execute {
    pub(crate) command: Command,
    pub(crate) by: Attribution,
    pub(crate) began: Instant,
    pub(crate) reply: Reply,
}

/// What the caller of a command waits for.
pub(crate) enum Reply {
    /// Its result.
    Committed(oneshot::Sender<Result<Committed>>),
    /// The answer to a request that may be sent twice.
    Answered(
        IdempotentRequest<Outcome>,
        oneshot::Sender<Result<Answered<Committed>>>,
    ),
}

impl Reply {
    /// Tells the caller why nothing was executed.
    pub(crate) fn fail(self, error: Error) {
        // The caller may have given up.
        match self {
            Reply::Committed(reply) => drop(reply.send(Err(error))),
            Reply::Answered(_, reply) => drop(reply.send(Err(error))),
        }
    }
}
