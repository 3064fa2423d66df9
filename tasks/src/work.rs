//! What a kind of work has to say: how it is done.

use peekaboo_storage::{Storage, TaskId, TaskPayload, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use crate::failure::Failure;

/// Work on the database. It takes effect exactly once, for each chunk commits together with the note that it is done.
///
/// A chunk should take well under a second, because it may hold locks that people wait for, and on SQLite the only
/// writer.
pub trait DatabaseTask: Send + Sync + 'static {
    /// What the work needs to know.
    type Payload: TaskPayload;

    /// What a chunk tells the next one; `()` where there is nothing to tell.
    type Progress: Serialize + DeserializeOwned + Default + Send;

    /// Does the next chunk. It is undone when this fails, and when the claim was lost meanwhile.
    fn step(
        &self,
        chunk: Chunk<'_, Self::Payload, Self::Progress>,
    ) -> impl Future<Output = Result<Step<Self::Progress>, Failure>> + Send;
}

/// What there is to do a chunk of work with.
pub struct Chunk<'a, P, R> {
    /// Offers what can be done in the transaction.
    pub storage: &'a Storage,
    /// Commits with the completion of the chunk.
    pub transaction: &'a mut Transaction,
    /// What the work needs to know.
    pub payload: &'a P,
    /// What the previous chunk returned; the default in the first one.
    pub progress: R,
    /// The time.
    pub at: OffsetDateTime,
}

/// What follows a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<R> {
    /// Another chunk.
    More(R),
    /// Nothing. Recurring work is due again after its period.
    Done,
    /// The same work from the beginning, due at this time.
    Again(OffsetDateTime),
}

/// Work elsewhere: mail, requests. It takes effect at least once: twice where the node dies between the effect and the
/// note that it is done.
pub trait ExternalTask: Send + Sync + 'static {
    /// What the work needs to know.
    type Payload: TaskPayload;

    /// Does it. Name the effect by `id`, which is the same each time, so that a receiver can tell a repetition.
    ///
    /// May be dropped at any await, when the node stops or its claim is lost.
    fn perform(
        &self,
        id: TaskId,
        payload: &Self::Payload,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}
