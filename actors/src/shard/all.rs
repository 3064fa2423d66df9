//! Every shard of a hub, by index.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arc_swap::ArcSwapOption;
use ractor::{ActorRef, MessagingErr};

use super::message::Message;

/// The shards. A failed shard is replaced by its successor.
pub(crate) struct Shards {
    actors: Box<[ArcSwapOption<ActorRef<Message>>]>,
    next: AtomicUsize,
}

impl Shards {
    pub(crate) fn new(count: usize) -> Self {
        let actors = std::iter::repeat_with(ArcSwapOption::empty)
            .take(count)
            .collect();
        Self {
            actors,
            next: AtomicUsize::new(0),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.actors.len()
    }

    pub(crate) fn set(&self, index: usize, shard: ActorRef<Message>) {
        self.actors[index].store(Some(Arc::new(shard)));
    }

    /// Sends a message to one shard, in rotation, skipping shards that are being replaced; false if all are.
    pub(crate) fn tell_next(&self, message: Message) -> bool {
        let first = self.next.fetch_add(1, Ordering::Relaxed);
        let mut message = message;
        for index in (0..self.actors.len()).map(|step| (first + step) % self.actors.len()) {
            let Some(shard) = self.actors[index].load_full() else {
                continue;
            };
            match shard.cast(message) {
                Ok(()) => return true,
                Err(MessagingErr::SendErr(refused)) => message = refused,
                Err(_) => return false,
            }
        }
        false
    }

    /// Sends a message to every shard.
    pub(crate) fn tell_all(&self, mut message: impl FnMut() -> Message) {
        for shard in &self.actors {
            if let Some(shard) = shard.load().as_ref() {
                // A failed shard has no connections; its successor starts with none.
                let _ = shard.cast(message());
            }
        }
    }
}
