//! Starts the actors, and restarts them when they fail.

mod feed;
mod root;

pub(crate) use self::root::{Message as RootMessage, RootActor};
