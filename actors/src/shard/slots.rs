//! The connections of a shard, by number.

use std::sync::Arc;

use tokio_util::task::AbortOnDropHandle;

use super::message::SlotId;
use super::outbox::Outbox;
use super::view::View;
use super::wheel::Tick;
use crate::live::CountedConnection;
use crate::wire::Socket;

/// One connection.
pub(crate) struct Slot {
    pub(super) socket: Arc<Socket>,
    /// The socket's reader; ends with the slot.
    pub(super) actor: Option<AbortOnDropHandle<()>>,
    pub(super) outbox: Outbox,
    pub(super) phase: Phase,
    /// When something was last written.
    pub(super) sent_at: Tick,
    /// When the shard last noticed incoming data.
    pub(super) heard_at: Tick,
    /// Whether a ping was sent and nothing has arrived since.
    pub(super) asked: bool,
}

/// The phase of a connection.
pub(crate) enum Phase {
    /// Before HELLO, until the deadline.
    Greeting {
        /// When the deadline passes.
        deadline: Tick,
    },
    /// Accepted.
    Serving(Session),
    /// A close frame was sent; the socket is closed once the client has had time to read it.
    Closing {
        /// When that is. Earlier timers are from another phase.
        deadline: Tick,
    },
}

/// An accepted connection.
pub(crate) struct Session {
    /// Counts this connection while it exists.
    pub(super) presence: CountedConnection,
    /// Its position among the members of its environment's group.
    pub(super) position: u32,
    /// When its heartbeat is checked next. Earlier timers are obsolete.
    pub(super) due: Tick,
    /// Whether it gets PING messages, because its client cannot see WebSocket pings.
    pub(super) ping_messages: bool,
    /// Whether this is an edge that has not received the keys yet, because its socket was blocked.
    pub(super) owed_keys: bool,
    /// Its projection, and the version that its client has.
    pub(super) view: View,
}

/// A slab: numbers are reused, so that tens of thousands of connections are contiguous in memory.
#[derive(Default)]
pub(crate) struct Slots {
    entries: Vec<Entry>,
    free: Vec<u32>,
}

struct Entry {
    generation: u32,
    slot: Option<Slot>,
}

impl Slots {
    pub(super) fn insert(&mut self, slot: Slot) -> SlotId {
        if let Some(index) = self.free.pop() {
            let entry = &mut self.entries[index as usize];
            entry.slot = Some(slot);
            return SlotId {
                index,
                generation: entry.generation,
            };
        }
        let index = u32::try_from(self.entries.len()).expect("fewer sockets than four billion");
        self.entries.push(Entry {
            generation: 0,
            slot: Some(slot),
        });
        SlotId {
            index,
            generation: 0,
        }
    }

    pub(super) fn get_mut(&mut self, id: SlotId) -> Option<&mut Slot> {
        let entry = self.entries.get_mut(id.index as usize)?;
        entry
            .slot
            .as_mut()
            .filter(|_| entry.generation == id.generation)
    }

    pub(super) fn remove(&mut self, id: SlotId) -> Option<Slot> {
        let entry = self.entries.get_mut(id.index as usize)?;
        if entry.generation != id.generation {
            return None;
        }
        let slot = entry.slot.take()?;
        entry.generation = entry.generation.wrapping_add(1);
        self.free.push(id.index);
        Some(slot)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }

    /// The ids of all connections, by number.
    pub(super) fn ids(&self) -> impl Iterator<Item = SlotId> {
        self.entries.iter().zip(0..).filter_map(|(entry, index)| {
            entry.slot.as_ref().map(|_| SlotId {
                index,
                generation: entry.generation,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_small() {
        let slot = size_of::<Entry>();
        assert!(slot <= 120, "a slot takes {slot} bytes");
    }
}
