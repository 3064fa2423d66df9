//! Counts how an application uses its flags. Usage is sent to the hub one batch at a time, and again with the same id until
//! it is acknowledged. Buffers are bounded; the rest is counted as dropped. This module knows no sockets.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::BuildHasher as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use peekaboo_flags::{CompiledFlag, Context, Reason};
use peekaboo_protocol::{Batch, Count, Encoded, Event, Exposure, MAX_CLIENT_MESSAGE};
use rand::{Rng, RngExt as _};
use serde::Serialize;
use tokio::time::Instant;

use crate::entry::Entry;

/// How long to collect usage, plus or minus a fifth, so that many clients do not send at the same time.
const FLUSH_EVERY: Duration = Duration::from_secs(10);

/// The maximum number of counts of deleted or unknown flags, and of exposures and events.
const MAX_COUNTS: usize = 2_000;
const MAX_RECORDS: usize = 1_000;

/// The maximum size of an exposure, event or count, in bytes; longer ones are dropped.
const MAX_ENTRY: usize = 2_048;

/// The maximum size of a batch's entries, in bytes; the rest of the message is for its own fields.
const BATCH_ROOM: usize = MAX_CLIENT_MESSAGE - 1_024;

/// How long equal exposures are reported only once, and how many are remembered.
const EXPOSED_FOR: Duration = Duration::from_mins(1);
const MAX_EXPOSED: usize = 10_000;

/// The time until the next flush.
pub(crate) fn flush_interval(random: &mut impl Rng) -> Duration {
    FLUSH_EVERY.mul_f64(random.random_range(0.8..=1.2))
}

/// Counts and collects usage.
#[derive(Debug)]
pub(crate) struct Usage {
    /// Usage is turned off.
    counting: bool,
    held: Mutex<Held>,
}

#[derive(Debug)]
struct Held {
    /// Every entry that may have counts: those in use, and those that a reader may still hold.
    entries: Vec<Arc<Entry>>,
    /// Reads of unknown keys.
    unknown: HashMap<String, u64>,
    records: VecDeque<Record>,
    exposed: Exposed,
    dropped: u64,
    /// The batch that was sent and is not acknowledged yet.
    batch: Option<Batch>,
    /// Whether more was waiting than fitted into that batch.
    overflowed: bool,
}

#[derive(Debug)]
struct Record {
    at: Instant,
    what: What,
}

/// The age is set when it is sent.
#[derive(Debug)]
enum What {
    Exposure(Exposure),
    Event(Event),
}

/// Recently reported exposures, as hashes: a read of a tracked flag copies no text. If two hashes collide, one exposure is
/// reported later.
#[derive(Debug)]
struct Exposed {
    hasher: foldhash::fast::RandomState,
    seen: HashSet<u64, foldhash::fast::RandomState>,
    since: Instant,
}

impl Usage {
    pub(crate) fn new(counting: bool) -> Self {
        Self {
            counting,
            held: Mutex::new(Held {
                entries: Vec::new(),
                unknown: HashMap::new(),
                records: VecDeque::new(),
                exposed: Exposed {
                    hasher: foldhash::fast::RandomState::default(),
                    seen: HashSet::default(),
                    since: Instant::now(),
                },
                dropped: 0,
                batch: None,
                overflowed: false,
            }),
        }
    }

    pub(crate) fn is_counting(&self) -> bool {
        self.counting
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Creates an entry, and registers it as a place that may have counts.
    pub(crate) fn entry(&self, key: Arc<str>, flag: Option<Arc<CompiledFlag>>) -> Arc<Entry> {
        let entry = Arc::new(Entry::new(key, flag, self.counting));
        if self.counting {
            let held = &mut *self.held();
            if held.entries.len() == held.entries.capacity() {
                held.sweep();
            }
            held.entries.push(Arc::clone(&entry));
        }
        entry
    }

    /// Handles new rules: removes entries that no one can count with any more and, if too many of them have unsent
    /// counts, the oldest counts.
    pub(crate) fn sweep(&self) {
        if self.counting {
            self.held().sweep();
        }
    }

    /// Records an evaluation. Lock-free, unless the flag is tracked.
    #[inline]
    pub(crate) fn evaluated(
        &self,
        entry: &Entry,
        variation: Option<usize>,
        (reason, rule): (Reason, Option<u32>),
        context: &Context,
    ) {
        entry.tally.count(variation, reason);
        if entry.tracked {
            self.expose(entry, variation, (reason, rule), context);
        }
    }

    /// Records a read of an unknown key.
    pub(crate) fn unknown(&self, key: &str) {
        if !self.counting {
            return;
        }
        let held = &mut *self.held();
        if let Some(count) = held.unknown.get_mut(key) {
            *count += 1;
        } else if held.unknown.len() < MAX_COUNTS && key.len() + 64 <= MAX_ENTRY {
            held.unknown.insert(key.to_owned(), 1);
        } else {
            held.dropped += 1;
        }
    }

    /// Records an event. A value that is not finite is ignored.
    pub(crate) fn track(&self, event: &str, context: &Context, value: Option<f64>) {
        if !self.counting {
            return;
        }
        let event = Event {
            event: event.to_owned(),
            value: value.filter(|value| value.is_finite()),
            targeting_key: context.targeting_key.clone(),
            age_millis: 0,
        };
        self.held().record(What::Event(event));
    }

    #[cold]
    fn expose(
        &self,
        entry: &Entry,
        variation: Option<usize>,
        (reason, rule): (Reason, Option<u32>),
        context: &Context,
    ) {
        let (Some(variation), Some(key)) = (variation, &context.targeting_key) else {
            return;
        };
        let Some(flag_version) = entry.version() else {
            return;
        };
        let held = &mut *self.held();
        if !held
            .exposed
            .is_news(&(&*entry.key, flag_version, variation, rule, key))
        {
            return;
        }
        held.record(What::Exposure(Exposure {
            flag: entry.key.as_ref().to_owned(),
            flag_version,
            variation: entry.variation(variation).unwrap_or_default().to_owned(),
            targeting_key: key.clone(),
            age_millis: 0,
            reason: Some(reason.to_string()),
            rule: entry.rule(rule).map(str::to_owned),
            unit: entry.unit(reason, rule, context),
        }));
    }

    /// The batch to be acknowledged next, created now if necessary; `None` if there is no usage.
    pub(crate) fn next(&self) -> Option<Batch> {
        let held = &mut *self.held();
        if held.batch.is_none() {
            held.batch = held.form();
        }
        held.batch.clone()
    }

    /// The hub acknowledged this batch. Returns whether more usage is waiting.
    pub(crate) fn acknowledge(&self, id: &str) -> bool {
        let held = &mut *self.held();
        held.batch.take_if(|batch| batch.id == id).is_some() && held.overflowed
    }

    /// The hub refused the batch permanently.
    pub(crate) fn give_up(&self) {
        self.held().batch = None;
    }

    /// The number of entries that can be counted with or have counts.
    #[cfg(test)]
    pub(crate) fn places(&self) -> usize {
        self.held().entries.len()
    }

    /// Whether a batch was sent and is not acknowledged.
    pub(crate) fn is_waiting(&self) -> bool {
        self.held().batch.is_some()
    }
}

impl Exposed {
    fn is_news(&mut self, exposure: &(&str, u64, usize, Option<u32>, &String)) -> bool {
        let now = Instant::now();
        if now - self.since >= EXPOSED_FOR || self.seen.len() >= MAX_EXPOSED {
            self.seen.clear();
            self.since = now;
        }
        self.seen.insert(self.hasher.hash_one(exposure))
    }
}

impl Held {
    fn is_empty(&self) -> bool {
        let counted = self.entries.iter().any(|entry| !entry.tally.is_empty());
        !counted && self.unknown.is_empty() && self.records.is_empty() && self.dropped == 0
    }

    fn record(&mut self, what: What) {
        if self.records.len() < MAX_RECORDS && what.size() <= MAX_ENTRY {
            let at = Instant::now();
            self.records.push_back(Record { at, what });
        } else {
            self.dropped += 1;
        }
    }

    fn sweep(&mut self) {
        // Entries in use can be counted with again. Newest first, so that the oldest are dropped if there is no room.
        let mut room = MAX_COUNTS;
        let mut dropped = 0;
        for entry in self.entries.iter_mut().rev() {
            if Arc::get_mut(entry).is_none() || entry.tally.is_empty() {
                continue;
            }
            let has_room = room > 0;
            room = room.saturating_sub(1);
            entry
                .tally
                .take(|_, _| !has_room, |_, _, count| dropped += count);
        }
        self.dropped += dropped;
        self.entries
            .retain_mut(|entry| Arc::get_mut(entry).is_none() || !entry.tally.is_empty());
    }

    fn form(&mut self) -> Option<Batch> {
        if self.is_empty() {
            return None;
        }
        let mut room = RemainingBytes {
            left: BATCH_ROOM,
            overflowed: false,
        };
        let mut batch = Batch {
            id: id(),
            dropped: std::mem::take(&mut self.dropped),
            ..Batch::default()
        };
        self.take_records(&mut batch, &mut room);
        self.take_counts(&mut batch, &mut room);
        self.overflowed = room.overflowed;
        self.sweep();
        Some(batch)
    }

    fn take_records(&mut self, batch: &mut Batch, room: &mut RemainingBytes) {
        let now = Instant::now();
        while let Some(Record { at, what }) = self.records.front() {
            let age = u64::try_from((now - *at).as_millis()).unwrap_or(u64::MAX);
            if !room.takes(what.size()) {
                return;
            }
            match self.records.pop_front().map(|record| record.what) {
                Some(What::Exposure(exposure)) => batch.exposures.push(Exposure {
                    age_millis: age,
                    ..exposure
                }),
                Some(What::Event(event)) => batch.events.push(Event {
                    age_millis: age,
                    ..event
                }),
                None => {}
            }
        }
    }

    fn take_counts(&mut self, batch: &mut Batch, room: &mut RemainingBytes) {
        self.unknown.retain(|key, count| {
            let outcome = Count(key.clone(), None, None, Reason::Error.to_string(), *count);
            let fits = room.takes(size(&outcome));
            if fits {
                batch.counts.push(outcome);
            }
            !fits
        });
        for entry in &self.entries {
            let outcome = |variation: Option<usize>, reason: Reason, count| {
                let variation = variation.and_then(|index| entry.variation(index));
                let variation = variation.map(str::to_owned);
                let key = entry.key.as_ref().to_owned();
                Count(key, entry.version(), variation, reason.to_string(), count)
            };
            let mut too_long = 0;
            entry.tally.take(
                |variation, reason| {
                    let size = size(&outcome(variation, reason, u64::MAX));
                    size > MAX_ENTRY || room.takes(size)
                },
                |variation, reason, count| {
                    let outcome = outcome(variation, reason, count);
                    if size(&outcome) > MAX_ENTRY {
                        too_long += count;
                    } else {
                        batch.counts.push(outcome);
                    }
                },
            );
            batch.dropped += too_long;
        }
    }
}

/// The remaining size of a message.
struct RemainingBytes {
    left: usize,
    overflowed: bool,
}

impl RemainingBytes {
    fn takes(&mut self, size: usize) -> bool {
        match self.left.checked_sub(size) {
            Some(left) if !self.overflowed => self.left = left,
            _ => self.overflowed = true,
        }
        !self.overflowed
    }
}

impl What {
    /// With room for an age.
    fn size(&self) -> usize {
        8 + match self {
            Self::Exposure(exposure) => size(exposure),
            Self::Event(event) => size(event),
        }
    }
}

/// The size in a message. Everything that is sent can be written as JSON.
fn size(entry: &impl Serialize) -> usize {
    Encoded::of(entry).map_or(usize::MAX, |encoded| encoded.as_bytes().len())
}

/// 128 random bits.
fn id() -> String {
    format!("{:032x}", rand::rng().random::<u128>())
}
