//! What waits to be written, in fair turns: of the organizations that wait, each comes once before any comes twice, and so
//! do the keys of one organization.
//!
//! The queue is bounded. An organization, and a key of it, may fill no more than what is still free: one alone leaves
//! half of the room to those who come later, and two leave a third. A client key is public, so a flood under one takes
//! neither the room nor the turns of others.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use peekaboo_storage::{OrganizationId, SdkKeyId};
use tokio::sync::Notify;

use super::parts::{Part, Pending};

/// Rows that may wait for each batch that may: most batches have fewer.
const ROWS_A_BATCH: usize = 256;

/// Whose batch it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) organization: OrganizationId,
    pub(super) key: SdkKeyId,
}

/// The queue has no room for a batch.
#[derive(Debug)]
pub(super) struct Full;

/// The queue; one task takes from it.
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// Wakes the task that takes.
    changed: Notify,
    room: Load,
}

/// How much there is of something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Load {
    batches: usize,
    rows: usize,
}

#[derive(Default)]
struct Waiting {
    load: Load,
    closed: bool,
    organizations: HashMap<OrganizationId, Organization>,
    /// Those that have something waiting, each once.
    turns: VecDeque<OrganizationId>,
}

#[derive(Default)]
struct Organization {
    load: Load,
    keys: HashMap<SdkKeyId, Key>,
    turns: VecDeque<SdkKeyId>,
}

#[derive(Default)]
struct Key {
    load: Load,
    batches: VecDeque<Pending>,
}

impl Queue {
    /// With room for so many batches.
    pub(super) fn new(batches: usize) -> Self {
        let batches = batches.max(1);
        Self {
            waiting: Mutex::default(),
            changed: Notify::new(),
            room: Load {
                batches,
                rows: batches.saturating_mul(ROWS_A_BATCH),
            },
        }
    }

    /// Takes a batch, if there is room for it.
    pub(super) fn offer(&self, sender: Sender, batch: Pending) -> Result<(), Full> {
        let mut waiting = self.waiting();
        if waiting.closed || !waiting.has_room_for(sender, self.room) {
            return Err(Full);
        }
        waiting.push(sender, batch);
        drop(waiting);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for something, and takes parts in fair turns up to so many rows, or one that has more; `None` once the
    /// queue is closed and empty.
    pub(super) async fn next(&self, rows: usize) -> Option<Vec<Part>> {
        loop {
            let changed = self.changed.notified();
            {
                let mut waiting = self.waiting();
                let parts = waiting.take(rows);
                if !parts.is_empty() {
                    return Some(parts);
                }
                if waiting.closed {
                    return None;
                }
            }
            changed.await;
        }
    }

    /// Takes nothing more. What waits can still be taken from it.
    pub(super) fn close(&self) {
        self.waiting().closed = true;
        self.changed.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Load {
    fn add(&mut self, rows: usize) {
        self.batches += 1;
        self.rows += rows;
    }

    fn written(&mut self, rows: usize, is_last: bool) {
        self.batches -= usize::from(is_last);
        self.rows -= rows;
    }

    /// Whether somebody with this load may add to it, when so much is free.
    fn may_grow(self, free: Load) -> bool {
        self.batches < free.batches && self.rows < free.rows
    }
}

impl Waiting {
    fn has_room_for(&self, sender: Sender, room: Load) -> bool {
        let free = Load {
            batches: room.batches.saturating_sub(self.load.batches),
            rows: room.rows.saturating_sub(self.load.rows),
        };
        // A key never has more than its organization.
        let organization = self.organizations.get(&sender.organization);
        let load = organization.map_or(Load::default(), |organization| organization.load);
        load.may_grow(free) && !self.is_crowding(sender, free)
    }

    /// Whether a key has more than a fair part of what its organization may have.
    fn is_crowding(&self, sender: Sender, free: Load) -> bool {
        let Some(organization) = self.organizations.get(&sender.organization) else {
            return false;
        };
        let Some(key) = organization.keys.get(&sender.key) else {
            return false;
        };
        let left = Load {
            batches: free.batches.saturating_sub(organization.load.batches),
            rows: free.rows.saturating_sub(organization.load.rows),
        };
        !key.load.may_grow(left)
    }

    fn push(&mut self, sender: Sender, batch: Pending) {
        let rows = batch.rows();
        self.load.add(rows);
        let organization = self.organizations.entry(sender.organization).or_default();
        if organization.turns.is_empty() {
            self.turns.push_back(sender.organization);
        }
        organization.load.add(rows);
        let key = organization.keys.entry(sender.key).or_default();
        if key.batches.is_empty() {
            organization.turns.push_back(sender.key);
        }
        key.load.add(rows);
        key.batches.push_back(batch);
    }

    fn take(&mut self, most: usize) -> Vec<Part> {
        let (mut parts, mut rows) = (Vec::new(), 0);
        while rows < most
            && let Some(part) = self.take_one()
        {
            rows += part.rows();
            parts.push(part);
        }
        parts
    }

    /// The next part of whose turn it is.
    fn take_one(&mut self) -> Option<Part> {
        let id = self.turns.pop_front()?;
        let organization = self.organizations.get_mut(&id)?;
        let key_id = organization.turns.pop_front()?;
        let key = organization.keys.get_mut(&key_id)?;
        let batch = key.batches.front_mut()?;
        let part = batch.next_part()?;
        let (rows, is_last) = (part.rows(), batch.is_taken());
        if is_last {
            key.batches.pop_front();
        }
        for load in [&mut self.load, &mut organization.load, &mut key.load] {
            load.written(rows, is_last);
        }
        if key.batches.is_empty() {
            organization.keys.remove(&key_id);
        } else {
            organization.turns.push_back(key_id);
        }
        if organization.turns.is_empty() {
            self.organizations.remove(&id);
        } else {
            self.turns.push_back(id);
        }
        Some(part)
    }
}

#[cfg(test)]
mod tests {
    use peekaboo_protocol::Batch;
    use peekaboo_storage::EnvironmentId;
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;
    use crate::source::usage::Admitted;

    fn sender(organization: u128, key: u128) -> Sender {
        Sender {
            organization: OrganizationId::from_uuid(Uuid::from_u128(organization)),
            key: SdkKeyId::from_uuid(Uuid::from_u128(key)),
        }
    }

    fn batch(id: &str) -> Pending {
        let admitted = Admitted {
            environment: EnvironmentId::from_uuid(Uuid::nil()),
            at: OffsetDateTime::UNIX_EPOCH,
            batch: Batch {
                id: id.to_owned(),
                ..Batch::default()
            },
        };
        Pending::new(admitted, Box::new(|_, _| ()))
    }

    fn taken(queue: &Queue, rows: usize) -> Vec<String> {
        let parts = queue.waiting().take(rows);
        let ids = parts.iter().map(|part| part.admitted.batch.id.clone());
        ids.collect()
    }

    #[test]
    fn who_waits_behind_a_flood_of_others_comes_next() {
        let queue = Queue::new(100);
        for number in 0..20 {
            queue
                .offer(sender(1, 1), batch(&format!("flood-{number}")))
                .expect("room");
        }
        queue
            .offer(sender(1, 2), batch("same organization"))
            .expect("room");
        queue.offer(sender(2, 3), batch("other")).expect("room");
        assert_eq!(taken(&queue, 3), ["flood-0", "other", "same organization"]);
        assert_eq!(taken(&queue, 2), ["flood-1", "flood-2"]);
    }

    #[test]
    fn a_flood_leaves_room_for_others() {
        let queue = Queue::new(100);
        let flood = (0..100).take_while(|_| queue.offer(sender(1, 1), batch("flood")).is_ok());
        let flood = flood.count();
        assert!((30..=50).contains(&flood), "{flood}");
        queue
            .offer(sender(1, 2), batch("another key"))
            .expect("room");
        queue
            .offer(sender(2, 3), batch("another organization"))
            .expect("room");
    }

    #[test]
    fn room_comes_back_with_what_is_taken() {
        let queue = Queue::new(2);
        queue.offer(sender(1, 1), batch("a")).expect("room");
        queue
            .offer(sender(1, 1), batch("b"))
            .expect_err("half of the room is for others");
        assert_eq!(taken(&queue, 10), ["a"]);
        queue.offer(sender(1, 1), batch("b")).expect("room again");
    }

    #[tokio::test]
    async fn a_closed_queue_takes_nothing_and_gives_what_it_has() {
        let queue = Queue::new(10);
        queue.offer(sender(1, 1), batch("a")).expect("room");
        queue.close();
        queue.offer(sender(1, 1), batch("b")).expect_err("closed");
        let parts = queue.next(10).await.expect("what it has");
        assert_eq!(parts.len(), 1);
        assert!(queue.next(10).await.is_none());
    }
}
