//! Work to do later, as rows: queued in the transaction that needs it, and done by whichever node claims it first.
//!
//! A claim is a lease. It ends by itself, so that the work of a node that died is done by another. Completing work checks
//! in the same transaction that the claim still holds, which makes its effects on the database happen exactly once.
//! What work there is and how it is done is the business of the crate `tasks`.

mod claim;
mod clean;
mod inspect;
mod mail;
mod queue;
mod step;

pub use claim::{ClaimedTask, NextTask, TaskKinds};
pub use inspect::{Task, TaskCounts, TaskState};
pub use mail::{Mail, MailTemplate, SealedLink};
pub use queue::TaskPayload;
pub use step::TaskStep;
