//! The usage of an edge's applications on its way to the upstream: stored on disk from when the edge acknowledges it
//! until the upstream has acknowledged it.
//!
//! Each environment has a folder of segments, which are lines of admitted batches. The newest segment is appended to,
//! and synced before anything in it is acknowledged. To send usage, the oldest segment is closed and merged into a few
//! batches, whose ids derive from the segment's name: after a crash, it produces the same batches with the same ids,
//! and the upstream counts each once. Size and age on disk are limited.

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

/// The size at which a segment is closed, which limits how much is read at once for sending.
const SEGMENT_BYTES: u64 = 1 << 20;

/// The age at which a segment is closed, so that discarding an old segment discards little that is not too old.
const SEGMENT_SPAN: Duration = Duration::hours(1);

/// Usage older than this is discarded. The upstream cannot place it in time, and does not remember batches for longer.
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
    /// For each environment, the discarded usage that is not reported to the upstream yet.
    dropped: BTreeMap<EnvironmentId, u64>,
}

/// Usage to send together. Once the upstream has acknowledged all of it, pass it to [`Spool::delivered`].
#[derive(Debug)]
pub struct UsageUpload {
    segment: SegmentId,
    /// Each batch fits into one message.
    pub batches: Vec<Batch>,
}

impl Spool {
    /// Opens the spool of a folder, including usage of an earlier process. It stores at most `most` bytes.
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

    /// Stores batches on disk; returns for each whether it was new.
    pub(crate) async fn record(&self, batches: &[Admitted]) -> Result<Vec<bool>> {
        let (spool, batches) = (self.clone(), batches.to_vec());
        let kept = spawn_blocking(move || spool.shared.record(batches)).await;
        kept.map_err(|_| Error::Interrupted)?
    }

    /// Notified when new usage of an environment has arrived since the last wait. Usage from before the first wait is
    /// not notified.
    pub fn arrivals(&self, environment: EnvironmentId) -> Arc<Notify> {
        let arrivals = self.shared.arrivals.lock();
        let mut arrivals = arrivals.unwrap_or_else(PoisonError::into_inner);
        Arc::clone(arrivals.entry(environment).or_default())
    }

    /// The oldest usage of an environment, ready to send, if there is any. Until it is delivered, another call returns
    /// the same batches.
    pub async fn oldest(
        &self,
        environment: EnvironmentId,
        now: OffsetDateTime,
    ) -> io::Result<Option<UsageUpload>> {
        // Usually there is none, which can be checked without a thread.
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

    /// Removes usage that the upstream has acknowledged.
    pub async fn delivered(&self, environment: EnvironmentId, upload: UsageUpload) {
        let spool = self.clone();
        let removed = spawn_blocking(move || {
            let mut state = spool.shared.state();
            state.remove(environment, upload.segment);
            spool.shared.tell(&state);
        });
        let _ = removed.await;
    }

    /// Returns once nothing is left to send.
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
            state.discard_older_than(now - KEPT_FOR);
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
        state.discard_older_than(now - KEPT_FOR);
        self.tell(&state);
        let Some(segment) = state.segments(environment).front_mut() else {
            return Ok(None);
        };
        segment.close();
        let id = segment.id();
        let mut merged = Merged::of(segment.read()?);
        // Not part of the segment: reported once, even if the upload that reports it fails.
        let dropped = state.dropped.remove(&environment).unwrap_or_default();
        merged.dropped = merged.dropped.saturating_add(dropped);
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
            // A later process sends it again with the same ids.
            tracing::warn!(%error, "cannot delete sent usage from disk");
        }
    }

    fn discard_older_than(&mut self, end: OffsetDateTime) {
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
            let dropped = self.dropped.entry(environment).or_default();
            *dropped = dropped.saturating_add(lost);
            self.remove(environment, id);
        }
    }
}

#[cfg(test)]
mod tests;
