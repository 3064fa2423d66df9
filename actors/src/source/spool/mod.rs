//! What an edge's applications did with their flags, on its way upward: on disk, from when it is acknowledged to its
//! sender until the upstream has acknowledged it in turn.
//!
//! Each environment has a folder of segments, which are lines of admitted batches. The newest segment is appended to and
//! synced before anything in it is acknowledged. To be sent, the oldest is closed and merged into few batches, whose ids
//! follow from the segment's name: read again after a crash it makes the same batches under the same ids, and the
//! upstream counts each once. What is on disk is bounded, in bytes and in age.

mod merge;
mod recent;
mod segment;

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use peekaboo_protocol::Batch;
use peekaboo_storage::EnvironmentId;
use time::{Duration, OffsetDateTime};
use tokio::sync::{Notify, watch};
use tokio::task::spawn_blocking;

use self::merge::Merged;
use self::recent::RecentBatches;
use self::segment::{Segment, SegmentId};
use crate::error::{Error, Result};
use crate::metrics::Metrics;
use crate::source::usage::Admitted;

/// A segment that has grown to this is closed: what is read at once to be sent stays small.
const SEGMENT_BYTES: u64 = 1 << 20;

/// A segment that is so old is closed: what is given up for its age is little more than what is too old.
const SEGMENT_SPAN: Duration = Duration::hours(1);

/// Older than this, usage is given up. The upstream places nothing further back, and remembers no batch for longer.
const KEPT_FOR: Duration = Duration::hours(23);

/// The usage that waits for an edge's upstream; clones share it.
#[derive(Clone)]
pub struct Spool {
    shared: Arc<Shared>,
}

struct Shared {
    folder: PathBuf,
    most: u64,
    state: Mutex<State>,
    /// Notified of each environment with new usage.
    arrivals: Mutex<HashMap<EnvironmentId, Arc<Notify>>>,
    /// How many bytes wait.
    waiting: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    environments: BTreeMap<EnvironmentId, VecDeque<Segment>>,
    recent: RecentBatches,
    /// Of each environment, what was given up since the upstream was last told.
    dropped: BTreeMap<EnvironmentId, u64>,
}

/// What is sent upward together: once the upstream has all of it, it is [delivered](Spool::delivered).
#[derive(Debug)]
pub struct UsageUpload {
    segment: SegmentId,
    /// Each small enough for one message.
    pub batches: Vec<Batch>,
}

impl Spool {
    /// Opens the spool of a folder, with what an earlier process left there. It takes no more than `most` bytes.
    pub async fn open(folder: PathBuf, most: u64) -> io::Result<Self> {
        let state = spawn_blocking({
            let folder = folder.clone();
            move || State::read(&folder)
        })
        .await
        .map_err(io::Error::other)??;
        let spool = Self {
            shared: Arc::new(Shared {
                folder,
                most,
                waiting: watch::channel(state.bytes()).0,
                state: Mutex::new(state),
                arrivals: Mutex::default(),
            }),
        };
        Metrics::usage_waits(*spool.shared.waiting.borrow());
        Ok(spool)
    }

    /// Keeps batches, which are on disk when this answers: of each, whether it was new.
    pub(crate) async fn record(&self, batches: &[Admitted]) -> Result<Vec<bool>> {
        let (spool, batches) = (self.clone(), batches.to_vec());
        let kept = spawn_blocking(move || spool.shared.record(batches)).await;
        kept.map_err(|_| Error::Interrupted)?
    }

    /// Notified when usage of an environment has come since it was last waited for. What waits already when this is
    /// first asked for is not notified.
    pub fn arrivals(&self, environment: EnvironmentId) -> Arc<Notify> {
        let arrivals = self.shared.arrivals.lock();
        let mut arrivals = arrivals.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(arrivals.entry(environment).or_default())
    }

    /// The oldest usage of an environment, made ready to be sent; nothing where none waits. Asked again before it is
    /// delivered, it makes the same batches.
    pub async fn oldest(
        &self,
        environment: EnvironmentId,
        now: OffsetDateTime,
    ) -> io::Result<Option<UsageUpload>> {
        // Mostly none waits, and that takes no thread to see.
        if let Ok(state) = self.shared.state.try_lock()
            && !state.holds(environment)
        {
            return Ok(None);
        }
        let spool = self.clone();
        spawn_blocking(move || spool.shared.oldest(environment, now))
            .await
            .map_err(io::Error::other)?
    }

    /// Lets go of what the upstream has.
    pub async fn delivered(&self, environment: EnvironmentId, upload: UsageUpload) {
        let spool = self.clone();
        let removed = spawn_blocking(move || {
            let mut state = spool.shared.state();
            state.remove(environment, upload.segment);
            spool.shared.tell(&state);
        });
        let _ = removed.await;
    }

    /// Returns once nothing waits.
    pub async fn emptied(&self) {
        let mut waiting = self.shared.waiting.subscribe();
        // The spool itself holds the sender.
        let _ = waiting.wait_for(|bytes| *bytes == 0).await;
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, state: &State) {
        let bytes = state.bytes();
        Metrics::usage_waits(bytes);
        self.waiting.send_replace(bytes);
    }

    fn notify(&self, environment: EnvironmentId) {
        let arrivals = self.arrivals.lock();
        let arrivals = arrivals.unwrap_or_else(PoisonError::into_inner);
        if let Some(arrival) = arrivals.get(&environment) {
            arrival.notify_one();
        }
    }

    fn record(&self, batches: Vec<Admitted>) -> Result<Vec<bool>> {
        let mut state = self.state();
        let mut apart: BTreeMap<EnvironmentId, Vec<Admitted>> = BTreeMap::new();
        let mut together = HashSet::new();
        let new: Vec<bool> = batches
            .iter()
            .map(|admitted| {
                let name = RecentBatches::name(admitted.environment, &admitted.batch.id);
                !state.recent.holds(name) && together.insert(name)
            })
            .collect();
        let now = batches.iter().map(|admitted| admitted.at).max();
        for (admitted, _) in batches.into_iter().zip(&new).filter(|(_, new)| **new) {
            let of = apart.entry(admitted.environment).or_default();
            of.push(admitted);
        }
        if let Some(now) = now {
            state.give_up_what_is_older_than(now - KEPT_FOR);
        }
        if apart.is_empty() {
            return Ok(new);
        }
        if state.bytes() >= self.most {
            return Err(Error::Unavailable(format!(
                "the usage spool is full: {} bytes wait for the upstream (edge.usage_spool)",
                state.bytes()
            )));
        }
        for (environment, batches) in apart {
            let written = state.append(&self.folder, environment, &batches);
            self.tell(&state);
            written.map_err(|error| {
                Error::Unavailable(format!("cannot write usage to disk: {error}"))
            })?;
            self.notify(environment);
        }
        Ok(new)
    }

    fn oldest(
        &self,
        environment: EnvironmentId,
        now: OffsetDateTime,
    ) -> io::Result<Option<UsageUpload>> {
        let mut state = self.state();
        state.give_up_what_is_older_than(now - KEPT_FOR);
        self.tell(&state);
        let Some(segment) = state.segments(environment).front_mut() else {
            return Ok(None);
        };
        segment.close();
        let id = segment.id();
        let mut merged = Merged::of(segment.read()?);
        // Not part of the segment: said once, whatever becomes of the upload that says it.
        merged.dropped += state.dropped.remove(&environment).unwrap_or_default();
        Ok(Some(UsageUpload {
            segment: id,
            batches: merged.into_batches(&id.to_string(), now),
        }))
    }
}

impl State {
    fn read(folder: &Path) -> io::Result<Self> {
        let mut state = Self::default();
        for (environment, segment) in segment::find(folder)? {
            for admitted in segment.read()? {
                let name = RecentBatches::name(environment, &admitted.batch.id);
                state.recent.remember(name);
            }
            state.segments(environment).push_back(segment);
        }
        Ok(state)
    }

    fn holds(&self, environment: EnvironmentId) -> bool {
        let segments = self.environments.get(&environment);
        segments.is_some_and(|segments| !segments.is_empty())
    }

    fn segments(&mut self, environment: EnvironmentId) -> &mut VecDeque<Segment> {
        self.environments.entry(environment).or_default()
    }

    fn bytes(&self) -> u64 {
        self.environments
            .values()
            .flatten()
            .map(Segment::bytes)
            .sum()
    }

    fn append(
        &mut self,
        folder: &Path,
        environment: EnvironmentId,
        batches: &[Admitted],
    ) -> io::Result<()> {
        let segments = self.segments(environment);
        let goes_on = |newest: &Segment| {
            let is_young = batches
                .iter()
                .all(|admitted| admitted.at - newest.began() < SEGMENT_SPAN);
            newest.is_open() && newest.bytes() < SEGMENT_BYTES && is_young
        };
        if !segments.back().is_some_and(goes_on) {
            if let Some(full) = segments.back_mut() {
                full.close();
            }
            segments.push_back(Segment::create(folder, environment)?);
        }
        if let Some(open) = segments.back_mut() {
            open.append(batches)?;
        }
        for admitted in batches {
            let name = RecentBatches::name(environment, &admitted.batch.id);
            self.recent.remember(name);
        }
        Ok(())
    }

    fn remove(&mut self, environment: EnvironmentId, id: SegmentId) {
        let segments = self.segments(environment);
        if let Some(place) = segments.iter().position(|segment| segment.id() == id)
            && let Some(segment) = segments.remove(place)
            && let Err(error) = segment.delete()
        {
            // Sent again by a later process, under the same ids.
            tracing::warn!(%error, "cannot delete sent usage from disk");
        }
    }

    fn give_up_what_is_older_than(&mut self, end: OffsetDateTime) {
        let of = self.environments.iter();
        let old: Vec<_> = of
            .flat_map(|(environment, segments)| {
                let old = segments.iter().filter(|segment| segment.began() < end);
                old.map(|segment| (*environment, segment.id()))
            })
            .collect();
        for (environment, id) in old {
            let segments = self.segments(environment);
            let segment = segments.iter().find(|segment| segment.id() == id);
            let lost = segment
                .and_then(|segment| segment.read().ok())
                .map(|batches| Merged::of(batches).size());
            let lost = lost.unwrap_or_default();
            tracing::warn!(%environment, lost, "discarding usage that could not be sent to the upstream for a day");
            *self.dropped.entry(environment).or_default() += lost;
            self.remove(environment, id);
        }
    }
}

#[cfg(test)]
mod tests;
