//! A batch on its way through the queue, in parts that are each written in one transaction.
//!
//! A batch of thousands of rows would hold SQLite's one writer for longer than a change should wait. How a batch is cut
//! depends on the batch alone, and each part has a name of its own: sent again after a crash, the parts that were
//! written count once, and the others are written then.

use std::collections::VecDeque;
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use peekaboo_protocol::{Batch, MAX_BATCH_ID};

use super::admit::InvalidBatch;
use crate::source::usage::Admitted;

/// Rows in one part at most. It never changes: a batch may be sent again to a node of another version.
pub(super) const PART_ROWS: usize = 250;

/// Called with the batch's id once it is known what became of the batch: durable, or never to be counted. It is dropped
/// uncalled when the batch could not be written and may be sent again, so a channel's sender inside it closes.
pub(crate) type OnRecorded = Box<dyn FnOnce(&str, Result<(), InvalidBatch>) + Send>;

/// A batch that waits to be written.
pub(super) struct Pending {
    parts: VecDeque<Admitted>,
    ticket: Arc<Ticket>,
}

/// One transaction's share of a batch.
pub(super) struct Part {
    pub(super) admitted: Admitted,
    ticket: Arc<Ticket>,
}

/// What the parts of one batch share.
struct Ticket {
    id: String,
    left: Mutex<Left>,
}

struct Left {
    parts: usize,
    is_new: bool,
    on_recorded: Option<OnRecorded>,
}

impl Pending {
    pub(super) fn new(admitted: Admitted, on_recorded: OnRecorded) -> Self {
        let id = admitted.batch.id.clone();
        let parts = cut(admitted);
        let left = Mutex::new(Left {
            parts: parts.len(),
            is_new: false,
            on_recorded: Some(on_recorded),
        });
        Self {
            parts,
            ticket: Arc::new(Ticket { id, left }),
        }
    }

    /// How many rows are left to be taken.
    pub(super) fn rows(&self) -> usize {
        self.parts.iter().map(rows).sum()
    }

    pub(super) fn next_part(&mut self) -> Option<Part> {
        let admitted = self.parts.pop_front()?;
        let ticket = Arc::clone(&self.ticket);
        Some(Part { admitted, ticket })
    }

    /// Whether every part was taken.
    pub(super) fn is_taken(&self) -> bool {
        self.parts.is_empty()
    }
}

impl Part {
    /// How many rows it is written from, its name included.
    pub(super) fn rows(&self) -> usize {
        rows(&self.admitted)
    }

    /// It is durable. Returns, with the batch's last part, whether the batch was new.
    pub(super) fn written(self, is_new: bool) -> Option<bool> {
        let mut left = self
            .ticket
            .left
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        left.parts -= 1;
        left.is_new |= is_new;
        let is_new = left.is_new;
        let is_last = left.parts == 0;
        let on_recorded = left.on_recorded.take_if(|_| is_last)?;
        drop(left);
        on_recorded(&self.ticket.id, Ok(()));
        Some(is_new)
    }

    /// It may be written when the batch is sent again. Returns whether this is the first part of the batch that failed.
    pub(super) fn failed(self) -> bool {
        self.take_callback().is_some()
    }

    /// It will never be written. Returns whether this is the first part of the batch that failed.
    pub(super) fn refused(self) -> bool {
        let Some(on_recorded) = self.take_callback() else {
            return false;
        };
        let detail = "the database refuses what the batch says: a number in it is too large, or a text cannot be stored";
        on_recorded(&self.ticket.id, Err(InvalidBatch::new("", detail)));
        true
    }

    fn take_callback(&self) -> Option<OnRecorded> {
        let left = self.ticket.left.lock();
        left.unwrap_or_else(PoisonError::into_inner)
            .on_recorded
            .take()
    }
}

fn rows(admitted: &Admitted) -> usize {
    let batch = &admitted.batch;
    1 + batch.counts.len() + batch.exposures.len() + batch.events.len()
}

/// Cuts a batch into parts. The first has the batch's id. Those behind it have names that are longer than an id may be,
/// so that no sender can use one.
fn cut(admitted: Admitted) -> VecDeque<Admitted> {
    if rows(&admitted) <= PART_ROWS {
        return VecDeque::from([admitted]);
    }
    let Admitted {
        environment,
        at,
        mut batch,
    } = admitted;
    let (counts, exposures, events) = (
        take(&mut batch.counts),
        take(&mut batch.exposures),
        take(&mut batch.events),
    );
    let part = |part: Batch| Admitted {
        environment,
        at,
        batch: Batch {
            age_millis: batch.age_millis,
            ..part
        },
    };
    let mut parts: VecDeque<Admitted> = chunks(counts)
        .map(|counts| Batch {
            counts,
            ..Batch::default()
        })
        .chain(chunks(exposures).map(|exposures| Batch {
            exposures,
            ..Batch::default()
        }))
        .chain(chunks(events).map(|events| Batch {
            events,
            ..Batch::default()
        }))
        .map(part)
        .collect();
    for (number, part) in parts.iter_mut().enumerate() {
        part.batch.id = match number {
            0 => batch.id.clone(),
            _ => format!("{number:0width$}/{}", batch.id, width = MAX_BATCH_ID),
        };
    }
    parts
}

fn chunks<T>(items: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut items = items.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<T> = items.by_ref().take(PART_ROWS).collect();
        (!chunk.is_empty()).then_some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use peekaboo_protocol::Event;
    use peekaboo_storage::EnvironmentId;
    use time::OffsetDateTime;
    use uuid::Uuid;

    use super::*;

    fn pending(events: usize) -> (Pending, mpsc::Receiver<(String, bool)>) {
        let event = Event {
            event: "buy".to_owned(),
            value: None,
            targeting_key: None,
            age_millis: 0,
        };
        let admitted = Admitted {
            environment: EnvironmentId::from_uuid(Uuid::nil()),
            at: OffsetDateTime::UNIX_EPOCH,
            batch: Batch {
                id: "b".to_owned(),
                events: vec![event; events],
                ..Batch::default()
            },
        };
        let (told, hears) = mpsc::channel();
        let on_recorded = Box::new(move |id: &str, outcome: Result<(), InvalidBatch>| {
            told.send((id.to_owned(), outcome.is_ok()))
                .expect("a test listens");
        });
        (Pending::new(admitted, on_recorded), hears)
    }

    fn parts(pending: &mut Pending) -> Vec<Part> {
        std::iter::from_fn(|| pending.next_part()).collect()
    }

    #[test]
    fn a_large_batch_is_acknowledged_once_all_of_its_parts_are_durable() {
        let (mut batch, hears) = pending(600);
        let parts = parts(&mut batch);
        let sizes: Vec<_> = parts.iter().map(Part::rows).collect();
        assert_eq!(sizes, [251, 251, 101]);
        let mut last = None;
        for part in parts {
            assert_eq!(hears.try_recv().ok(), None);
            last = part.written(true);
        }
        assert_eq!(last, Some(true));
        assert_eq!(hears.try_recv(), Ok(("b".to_owned(), true)));
    }

    #[test]
    fn parts_have_the_same_names_whenever_a_batch_is_sent_and_no_sender_can_use_them() {
        let names = || {
            let parts = parts(&mut pending(600).0);
            parts
                .into_iter()
                .map(|part| part.admitted.batch.id)
                .collect::<Vec<_>>()
        };
        let first = names();
        assert_eq!(first, names());
        assert_eq!(first[0], "b");
        assert!(
            first[1..].iter().all(|name| name.len() > MAX_BATCH_ID),
            "{first:?}"
        );
    }

    #[test]
    fn a_batch_of_which_a_part_failed_is_acknowledged_to_nobody() {
        let (mut batch, hears) = pending(600);
        let mut parts = parts(&mut batch).into_iter();
        assert!(parts.next().expect("three").failed());
        assert!(!parts.next().expect("three").failed(), "it is counted once");
        assert_eq!(parts.next().expect("three").written(true), None);
        assert!(hears.recv().is_err(), "dropped uncalled");
    }

    #[test]
    fn a_batch_that_can_never_be_written_is_refused_once() {
        let (mut batch, hears) = pending(600);
        let refused = parts(&mut batch).into_iter().map(Part::refused);
        assert_eq!(refused.collect::<Vec<_>>(), [true, false, false]);
        assert_eq!(hears.try_recv(), Ok(("b".to_owned(), false)));
    }
}
