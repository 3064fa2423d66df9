//! One version of an environment: what readers and shards share without a lock.
//!
//! Everything here is immutable once published and holds no handles to actors, sockets or sources.

mod cache;
mod client_changes;
mod client_frames;
mod documents;
mod history;
mod snapshot;
mod touched;
mod values;

pub use self::documents::ContentCoding;
pub(crate) use self::history::Entry;
pub use self::snapshot::EnvironmentSnapshot;
pub(crate) use self::touched::Touched;
pub(crate) use self::values::CatchUp;
