//! The messages of a tenant's actor.
//!
//! The mailbox is unbounded, and bounded by what feeds it: a command for each permit of the tenant's semaphore, one
//! `Hinted` and one `ConnectionsMoved` at a time, one `Ready` for each connection that is being welcomed, one `Refresh`
//! that has not begun, one `Older` for each environment, a `KeysUsed` for each FOLLOW that an edge's throttle lets
//! through, and its own timers.

use peekaboo_protocol::Resume;
use peekaboo_storage::{
    Answered, Attribution, Command, Committed, EnvironmentId, IdempotentRequest, LogEntry, Outcome,
};
use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use crate::error::{Error, Result};

pub(crate) enum Message {
    /// Answer once the tenant is in memory, or cannot be. Without anybody to answer, take over from a predecessor.
    Ready(Option<oneshot::Sender<Result<()>>>),
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
    /// Write the snapshot file, if it is not up to date, and notify the sender.
    Save(Option<oneshot::Sender<()>>),
    /// The snapshot file is written, or could not be.
    Saved,
    /// Note which keys were used, and rest if nobody needs this tenant.
    Housekeep,
    /// Panic.
    #[cfg(test)]
    Poison,
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
