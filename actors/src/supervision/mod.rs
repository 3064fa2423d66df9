//! Who starts the actors, and starts them again when they fail.

mod feed;
mod root;

pub(crate) use self::root::{Message as RootMessage, RootActor};
