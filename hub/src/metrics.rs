//! What operators scrape: the recorder behind `metrics::counter!` and friends, and the process's
//! own figures. No label ever names a flag, a user or a context.

use std::{sync::OnceLock, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::time::{MissedTickBehavior, interval};

use crate::{process, sdk_http::observe};

/// From half a millisecond, a change's way within one process, to what no one would wait for.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Histograms keep samples in a buffer until someone folds them in: often enough to bound it.
const UPKEEP_EVERY: Duration = Duration::from_secs(5);

/// The process's metrics, as a handle that renders them.
#[derive(Clone)]
pub(crate) struct Metrics(PrometheusHandle);

impl Metrics {
    /// Installs the recorder, once a process: hubs that share one, as in tests, share its figures.
    pub(crate) fn install() -> Self {
        static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
        let handle = HANDLE.get_or_init(|| {
            let handle = PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
                .expect("the list of buckets is not empty")
                .install_recorder()
                .expect("nothing else installs a recorder");
            describe();
            handle
        });
        Self(handle.clone())
    }

    /// Everything in Prometheus' text format.
    pub(crate) fn render(&self) -> String {
        process::record();
        self.0.render()
    }

    /// Keeps the size of histograms bounded.
    pub(crate) async fn keep_up(self) {
        let mut ticks = interval(UPKEEP_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            self.0.run_upkeep();
        }
    }
}

fn describe() {
    metrics::describe_gauge!("peekaboo_build_info", "Always 1; the label is the version");
    metrics::gauge!("peekaboo_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    metrics::describe_counter!(
        "peekaboo_http_requests_total",
        "Requests to the dashboard's listener by method, route and status"
    );
    metrics::describe_histogram!(
        "peekaboo_http_request_duration_seconds",
        metrics::Unit::Seconds,
        "Time to the response's headers, by method and route"
    );
    metrics::describe_counter!(
        "peekaboo_http_password_hashes_refused_total",
        "Sign-ins rejected because too many passwords were being checked"
    );
    metrics::describe_counter!(
        "peekaboo_http_connections_refused_total",
        "Connections refused because their address holds as many as it may"
    );
    let _ = metrics::counter!("peekaboo_http_connections_refused_total");
    // A rate needs a zero to rise from.
    let _ = metrics::counter!("peekaboo_http_password_hashes_refused_total");
    observe::describe();
    process::describe();
}
