//! The actors' metrics. No label ever contains a flag, a user or anything that a client sent.
//!
//! `docs/metrics.md` explains each name, and a test fails when the two differ. Handles are looked up once, when the hub
//! starts: the recorder must be installed before.

use std::sync::Arc;

use metrics::{
    Counter, Gauge, Histogram, Unit, counter, describe_counter, describe_gauge, describe_histogram,
    gauge, histogram,
};
use peekaboo_protocol::{CLOSE_CODES, CloseCode};
use peekaboo_storage::SdkKeyKind;
use time::OffsetDateTime;

/// How a metric is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricKind {
    /// Only rises.
    Counter,
    /// Rises and falls.
    Gauge,
    /// A distribution.
    Histogram,
}

/// A metric that this crate reports.
#[derive(Clone, Copy, Debug)]
pub struct MetricInfo {
    /// The name in Prometheus.
    pub name: &'static str,
    /// How it is measured.
    pub kind: MetricKind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// The help text, in one line.
    pub help: &'static str,
}

const fn metric(
    name: &'static str,
    kind: MetricKind,
    labels: &'static [&'static str],
    help: &'static str,
) -> MetricInfo {
    MetricInfo {
        name,
        kind,
        labels,
        help,
    }
}

/// Every metric of the actors.
pub const METRICS: &[MetricInfo] = &[
    metric(
        "peekaboo_connections",
        MetricKind::Gauge,
        &["kind"],
        "Connections that received WELCOME, by kind of key",
    ),
    metric(
        "peekaboo_event_streams",
        MetricKind::Gauge,
        &[],
        "Open OFREP event streams, which are included in the connections",
    ),
    metric(
        "peekaboo_handshakes_total",
        MetricKind::Counter,
        &["outcome"],
        "Connection attempts, by outcome",
    ),
    metric(
        "peekaboo_closes_total",
        MetricKind::Counter,
        &["code"],
        "Connections that the hub closed after WELCOME, by close code",
    ),
    metric(
        "peekaboo_deltas_total",
        MetricKind::Counter,
        &[],
        "Changes of environments sent to the shards",
    ),
    metric(
        "peekaboo_deliveries_total",
        MetricKind::Counter,
        &["message"],
        "Frames written to sockets, by content",
    ),
    metric(
        "peekaboo_sent_bytes_total",
        MetricKind::Counter,
        &[],
        "Bytes of these frames",
    ),
    metric(
        "peekaboo_propagation_seconds",
        MetricKind::Histogram,
        &[],
        "Time from the commit of a change to the write to a socket, for each delivery",
    ),
    metric(
        "peekaboo_feed_lag_seconds",
        MetricKind::Histogram,
        &[],
        "Time from the commit of another node's change to its arrival on this node",
    ),
    metric(
        "peekaboo_log_reads_total",
        MetricKind::Counter,
        &[],
        "Reads of the change log to follow other nodes; a node's own changes cause no reads",
    ),
    metric(
        "peekaboo_slow_consumers",
        MetricKind::Gauge,
        &[],
        "Sockets whose buffer is full at the moment",
    ),
    metric(
        "peekaboo_merges_total",
        MetricKind::Counter,
        &[],
        "Deltas that cover several versions",
    ),
    metric(
        "peekaboo_resyncs_total",
        MetricKind::Counter,
        &[],
        "RESYNC messages received",
    ),
    metric(
        "peekaboo_notices_total",
        MetricKind::Counter,
        &[],
        "Change notifications sent to event streams",
    ),
    metric(
        "peekaboo_tenants_loaded",
        MetricKind::Gauge,
        &[],
        "Organizations in memory",
    ),
    metric(
        "peekaboo_tenant_loads_total",
        MetricKind::Counter,
        &["source"],
        "Organizations loaded into memory, by source",
    ),
    metric(
        "peekaboo_commands_total",
        MetricKind::Counter,
        &["outcome"],
        "Commands executed, by outcome",
    ),
    metric(
        "peekaboo_command_seconds",
        MetricKind::Histogram,
        &[],
        "Time from a command's arrival to its commit",
    ),
    metric(
        "peekaboo_actor_restarts_total",
        MetricKind::Counter,
        &["actor"],
        "Actors that failed and were restarted, or connections that failed and were closed",
    ),
    metric(
        "peekaboo_event_batches_total",
        MetricKind::Counter,
        &["outcome"],
        "Batches of events, by outcome",
    ),
    metric(
        "peekaboo_events_dropped_by_senders_total",
        MetricKind::Counter,
        &[],
        "Evaluations, exposures and events that clients dropped because their buffer was full",
    ),
    metric(
        "peekaboo_usage_waiting_bytes",
        MetricKind::Gauge,
        &[],
        "Usage that an edge stores on disk until its upstream has received it",
    ),
    metric(
        "peekaboo_stale",
        MetricKind::Gauge,
        &[],
        "1 while the database, or an edge's upstream, is not responding, so the served state may be outdated; also while the database takes no changes",
    ),
    metric(
        "peekaboo_database_writable",
        MetricKind::Gauge,
        &[],
        "0 while the database responds but takes no changes, because its disk is full or it is read-only",
    ),
];

/// The content of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// WELCOME, with the snapshot or delta that follows it.
    Welcome,
    /// A change.
    Delta,
    /// A snapshot, for a connection that was already accepted.
    Snapshot,
    /// The answer to a CONTEXT.
    Answer,
    /// Heartbeats, errors and closes.
    Control,
}

const DELIVERIES: [(Delivery, &str); 5] = [
    (Delivery::Welcome, "welcome"),
    (Delivery::Delta, "delta"),
    (Delivery::Snapshot, "snapshot"),
    (Delivery::Answer, "answer"),
    (Delivery::Control, "control"),
];

/// Handles to every metric; clones share them.
#[derive(Clone)]
pub(crate) struct Metrics {
    handles: Arc<Handles>,
}

struct Handles {
    server_connections: Gauge,
    client_connections: Gauge,
    followers: Gauge,
    notices: Counter,
    closes: Vec<(CloseCode, Counter)>,
    deltas: Counter,
    deliveries: [Counter; 5],
    sent_bytes: Counter,
    propagation: Histogram,
    feed_lag: Histogram,
    log_reads: Counter,
    slow_consumers: Gauge,
    merges: Counter,
    resyncs: Counter,
    tenants: Gauge,
    command_seconds: Histogram,
    stale: Gauge,
    writable: Gauge,
}

/// Raises a gauge by one while it exists, also if its owner panics.
pub(crate) struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.increment(1.0);
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// Describes each metric to the recorder.
pub(crate) fn describe() {
    for metric in METRICS {
        let unit = match metric.name {
            name if name.ends_with("_seconds") => Unit::Seconds,
            name if name.ends_with("_bytes_total") => Unit::Bytes,
            _ => Unit::Count,
        };
        match metric.kind {
            MetricKind::Counter => describe_counter!(metric.name, unit, metric.help),
            MetricKind::Gauge => describe_gauge!(metric.name, unit, metric.help),
            MetricKind::Histogram => describe_histogram!(metric.name, unit, metric.help),
        }
    }
}

impl Metrics {
    pub(crate) fn new() -> Self {
        describe();
        let handles = Handles {
            server_connections: gauge!("peekaboo_connections", "kind" => "server"),
            client_connections: gauge!("peekaboo_connections", "kind" => "client"),
            followers: gauge!("peekaboo_event_streams"),
            notices: counter!("peekaboo_notices_total"),
            closes: CLOSE_CODES
                .map(|code| {
                    (
                        code,
                        counter!("peekaboo_closes_total", "code" => code.name()),
                    )
                })
                .into(),
            deltas: counter!("peekaboo_deltas_total"),
            deliveries: DELIVERIES
                .map(|(_, name)| counter!("peekaboo_deliveries_total", "message" => name)),
            sent_bytes: counter!("peekaboo_sent_bytes_total"),
            propagation: histogram!("peekaboo_propagation_seconds"),
            feed_lag: histogram!("peekaboo_feed_lag_seconds"),
            log_reads: counter!("peekaboo_log_reads_total"),
            slow_consumers: gauge!("peekaboo_slow_consumers"),
            merges: counter!("peekaboo_merges_total"),
            resyncs: counter!("peekaboo_resyncs_total"),
            tenants: gauge!("peekaboo_tenants_loaded"),
            command_seconds: histogram!("peekaboo_command_seconds"),
            stale: gauge!("peekaboo_stale"),
            writable: gauge!("peekaboo_database_writable"),
        };
        handles.stale.set(0.0);
        handles.writable.set(1.0);
        // A rate needs a zero to start from, so the metrics that alerts use exist before anything happens.
        for outcome in ["accepted", "busy", "full", "full_for_address"] {
            let _ = counter!("peekaboo_handshakes_total", "outcome" => outcome);
        }
        for outcome in ["committed", "failed", "unavailable"] {
            let _ = counter!("peekaboo_commands_total", "outcome" => outcome);
        }
        for outcome in ["accepted", "duplicate", "invalid", "refused", "failed"] {
            let _ = counter!("peekaboo_event_batches_total", "outcome" => outcome);
        }
        let _ = counter!("peekaboo_events_dropped_by_senders_total");
        let _ = gauge!("peekaboo_usage_waiting_bytes");
        for actor in ["connection", "feed", "ingest", "shard", "tenant"] {
            let _ = counter!("peekaboo_actor_restarts_total", "actor" => actor);
        }
        Self {
            handles: Arc::new(handles),
        }
    }

    /// Counts a connection until what is returned is dropped.
    pub(crate) fn connection(&self, kind: SdkKeyKind) -> Counted {
        Counted::new(match kind {
            SdkKeyKind::Server => &self.handles.server_connections,
            SdkKeyKind::Client => &self.handles.client_connections,
        })
    }

    pub(crate) fn follower(&self) -> Counted {
        Counted::new(&self.handles.followers)
    }

    pub(crate) fn notice(&self) {
        self.handles.notices.increment(1);
    }

    pub(crate) fn slow_consumer(&self) -> Counted {
        Counted::new(&self.handles.slow_consumers)
    }

    pub(crate) fn tenant(&self) -> Counted {
        Counted::new(&self.handles.tenants)
    }

    /// Rare, so it has no handle, like the others below without one.
    pub(crate) fn tenant_loaded(source: &'static str) {
        counter!("peekaboo_tenant_loads_total", "source" => source).increment(1);
    }

    pub(crate) fn handshake(outcome: &'static str) {
        counter!("peekaboo_handshakes_total", "outcome" => outcome).increment(1);
    }

    pub(crate) fn closed(&self, code: CloseCode) {
        if let Some((_, counter)) = self.handles.closes.iter().find(|(known, _)| *known == code) {
            counter.increment(1);
        }
    }

    pub(crate) fn delta(&self) {
        self.handles.deltas.increment(1);
    }

    pub(crate) fn delivered(&self, delivery: Delivery, bytes: usize) {
        self.handles.deliveries[delivery as usize].increment(1);
        self.handles.sent_bytes.increment(bytes as u64);
    }

    /// Records `deliveries` of a change that was committed at `micros`.
    pub(crate) fn propagated(&self, micros: u64, now: OffsetDateTime, deliveries: usize) {
        if let Some(seconds) = seconds_since(micros, now) {
            self.handles.propagation.record_many(seconds, deliveries);
        }
    }

    pub(crate) fn fed(&self, micros: u64, now: OffsetDateTime) {
        if let Some(seconds) = seconds_since(micros, now) {
            self.handles.feed_lag.record(seconds);
        }
    }

    pub(crate) fn log_read(&self) {
        self.handles.log_reads.increment(1);
    }

    pub(crate) fn merged(&self) {
        self.handles.merges.increment(1);
    }

    pub(crate) fn resync(&self) {
        self.handles.resyncs.increment(1);
    }

    pub(crate) fn command(&self, outcome: &'static str, seconds: f64) {
        counter!("peekaboo_commands_total", "outcome" => outcome).increment(1);
        self.handles.command_seconds.record(seconds);
    }

    pub(crate) fn events(outcome: &'static str) {
        counter!("peekaboo_event_batches_total", "outcome" => outcome).increment(1);
    }

    pub(crate) fn events_dropped_by_senders(dropped: u64) {
        counter!("peekaboo_events_dropped_by_senders_total").increment(dropped);
    }

    #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
    pub(crate) fn usage_waits(bytes: u64) {
        gauge!("peekaboo_usage_waiting_bytes").set(bytes as f64);
    }

    pub(crate) fn restarted(actor: &'static str) {
        counter!("peekaboo_actor_restarts_total", "actor" => actor).increment(1);
    }

    pub(crate) fn writable(&self, writable: bool) {
        self.handles.writable.set(if writable { 1.0 } else { 0.0 });
    }

    pub(crate) fn stale(&self, stale: bool) {
        self.handles.stale.set(if stale { 1.0 } else { 0.0 });
    }
}

/// Zero if another node's clock is ahead of ours; nothing if the commit's time is unknown.
fn seconds_since(micros: u64, now: OffsetDateTime) -> Option<f64> {
    let commit = OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1_000).ok()?;
    (micros > 0).then(|| (now - commit).as_seconds_f64().max(0.0))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Mutex;

    use metrics::{Key, KeyName, Metadata, Recorder, SharedString};

    use super::*;

    #[test]
    fn deliveries_are_named_in_the_order_of_their_numbers() {
        for (index, (delivery, _)) in DELIVERIES.into_iter().enumerate() {
            assert_eq!(delivery as usize, index);
        }
    }

    /// Records which names are requested.
    #[derive(Default)]
    struct Names(Mutex<BTreeSet<String>>);

    impl Names {
        fn note(&self, key: &Key) {
            self.0.lock().unwrap().insert(key.name().to_owned());
        }
    }

    impl Recorder for Names {
        fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
        fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

        fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
            self.note(key);
            Counter::noop()
        }

        fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
            self.note(key);
            Gauge::noop()
        }

        fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
            self.note(key);
            Histogram::noop()
        }
    }

    #[test]
    fn every_reported_metric_is_listed() {
        let names = Names::default();
        metrics::with_local_recorder(&names, || {
            let metrics = Metrics::new();
            Metrics::tenant_loaded("storage");
            Metrics::handshake("accepted");
            Metrics::restarted("shard");
            metrics.command("committed", 0.001);
        });
        let listed: BTreeSet<String> = METRICS
            .iter()
            .map(|metric| metric.name.to_owned())
            .collect();
        assert_eq!(*names.0.lock().unwrap(), listed);
    }

    #[test]
    fn a_clock_ahead_of_ours_counts_as_no_time() {
        let now = OffsetDateTime::from_unix_timestamp(100).unwrap();
        assert_eq!(seconds_since(99_500_000, now), Some(0.5));
        assert_eq!(seconds_since(100_500_000, now), Some(0.0));
        assert_eq!(seconds_since(0, now), None);
    }
}
