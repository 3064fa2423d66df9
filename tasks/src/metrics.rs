//! What is counted of background work, by kind. `docs/metrics.md` explains each name, and a test compares the two.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics::{
    Gauge, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use peekaboo_actors::{MetricInfo, MetricKind};
use peekaboo_storage::TaskCounts;
use time::OffsetDateTime;

/// Every metric of background work.
pub const METRICS: &[MetricInfo] = &[
    MetricInfo {
        name: "peekaboo_tasks_due",
        kind: MetricKind::Gauge,
        labels: &["kind"],
        help: "Tasks in the database that are due and not claimed",
    },
    MetricInfo {
        name: "peekaboo_tasks_dead",
        kind: MetricKind::Gauge,
        labels: &["kind"],
        help: "Tasks in the database that failed for good",
    },
    MetricInfo {
        name: "peekaboo_tasks_oldest_due_seconds",
        kind: MetricKind::Gauge,
        labels: &["kind"],
        help: "How long the oldest of the due tasks has waited to be claimed",
    },
    MetricInfo {
        name: "peekaboo_tasks_running",
        kind: MetricKind::Gauge,
        labels: &["kind"],
        help: "Tasks that this node is running",
    },
    MetricInfo {
        name: "peekaboo_tasks_total",
        kind: MetricKind::Counter,
        labels: &["kind", "outcome"],
        help: "Finished runs of tasks on this node, by outcome",
    },
    MetricInfo {
        name: "peekaboo_task_seconds",
        kind: MetricKind::Histogram,
        labels: &["kind"],
        help: "Time from the start of a task's run to its end",
    },
    MetricInfo {
        name: "peekaboo_task_delay_seconds",
        kind: MetricKind::Histogram,
        labels: &["kind"],
        help: "Time from when a task was due until it was done",
    },
];

/// How a claim ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The task is done.
    Done,
    /// It failed and is retried.
    Retried,
    /// It was given up.
    Dead,
    /// Its lease ran out, or how it ended could not be written.
    Lost,
    /// The node stops, and gave it back.
    Interrupted,
}

impl Outcome {
    const ALL: [Self; 5] = [
        Self::Done,
        Self::Retried,
        Self::Dead,
        Self::Lost,
        Self::Interrupted,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retried => "retried",
            Self::Dead => "dead",
            Self::Lost => "lost",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Counts a runner's work; clones share it.
#[derive(Clone)]
pub(crate) struct Metrics {
    shared: Arc<Shared>,
}

struct Shared {
    /// Kinds whose gauges are shown: those of this node, and others that were seen in the database.
    kinds: Mutex<BTreeSet<String>>,
    /// Whether the database answered the last look.
    reached: AtomicBool,
}

/// Holds a gauge up by one for as long as it lives, also when its owner panics.
pub(crate) struct Running(Gauge);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

impl Metrics {
    pub(crate) fn new(kinds: impl Iterator<Item = &'static str>) -> Self {
        describe();
        let kinds: BTreeSet<String> = kinds.map(str::to_owned).collect();
        for kind in &kinds {
            // A rate needs a zero to rise from: what alerts look at is there before it happens.
            for outcome in Outcome::ALL {
                let _ = counter!("peekaboo_tasks_total", "kind" => kind.clone(), "outcome" => outcome.name());
            }
            gauge!("peekaboo_tasks_running", "kind" => kind.clone()).set(0.0);
            let _ = histogram!("peekaboo_task_seconds", "kind" => kind.clone());
            let _ = histogram!("peekaboo_task_delay_seconds", "kind" => kind.clone());
        }
        let metrics = Self {
            shared: Arc::new(Shared {
                kinds: Mutex::new(kinds),
                reached: AtomicBool::new(true),
            }),
        };
        metrics.counted(&[], OffsetDateTime::UNIX_EPOCH);
        metrics
    }

    /// Shows what there is in the database.
    pub(crate) fn counted(&self, counts: &[TaskCounts], now: OffsetDateTime) {
        let mut kinds = self
            .shared
            .kinds
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        kinds.extend(counts.iter().map(|counts| counts.kind.clone()));
        for kind in kinds.iter() {
            let found = counts.iter().find(|counts| counts.kind == *kind);
            let waited = found
                .and_then(|found| found.oldest_ready_at)
                .map(|at| now - at);
            gauge!("peekaboo_tasks_due", "kind" => kind.clone())
                .set(number(found.map_or(0, |found| found.due)));
            gauge!("peekaboo_tasks_dead", "kind" => kind.clone())
                .set(number(found.map_or(0, |found| found.dead)));
            gauge!("peekaboo_tasks_oldest_due_seconds", "kind" => kind.clone())
                .set(waited.map_or(0.0, |waited| waited.as_seconds_f64().max(0.0)));
        }
    }

    /// Counts a running task until the returned value is dropped.
    pub(crate) fn running(kind: &'static str) -> Running {
        let gauge = gauge!("peekaboo_tasks_running", "kind" => kind);
        gauge.increment(1.0);
        Running(gauge)
    }

    pub(crate) fn ended(kind: &'static str, outcome: Outcome, took: Duration) {
        counter!("peekaboo_tasks_total", "kind" => kind, "outcome" => outcome.name()).increment(1);
        histogram!("peekaboo_task_seconds", "kind" => kind).record(took);
    }

    /// Notes how long after it was due a task was done; a clock that is behind counts as no time.
    pub(crate) fn done_after(kind: &'static str, delay: time::Duration) {
        histogram!("peekaboo_task_delay_seconds", "kind" => kind)
            .record(delay.as_seconds_f64().max(0.0));
    }

    /// The database answered.
    pub(crate) fn reached(&self) {
        if !self.shared.reached.swap(true, Ordering::Relaxed) {
            tracing::info!("the database is responding again; background work continues");
        }
    }

    /// Logs that the database did not answer, once per outage.
    pub(crate) fn unreached(&self, error: &peekaboo_storage::Error) {
        if self.shared.reached.swap(false, Ordering::Relaxed) {
            tracing::warn!(%error, "background work is waiting for the database");
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
fn number(count: i64) -> f64 {
    count as f64
}

fn describe() {
    for metric in METRICS {
        let unit = match metric.name {
            name if name.ends_with("_seconds") => Unit::Seconds,
            _ => Unit::Count,
        };
        match metric.kind {
            MetricKind::Counter => describe_counter!(metric.name, unit, metric.help),
            MetricKind::Gauge => describe_gauge!(metric.name, unit, metric.help),
            MetricKind::Histogram => describe_histogram!(metric.name, unit, metric.help),
        }
    }
}
