//! Metrics and health, on a separate listener that starts before anything can fail.

use std::sync::Arc;

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;
use tokio::sync::watch;

use crate::metrics::Metrics;

/// The hub's phase. A database outage does not change it: the hub continues to serve the state it holds, and moving traffic
/// away from it would only make things worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Phase {
    Starting,
    Ready,
    Draining,
}

/// The current phase, for readiness probes.
#[derive(Debug, Clone)]
pub(crate) struct Lifecycle(Arc<watch::Sender<Phase>>);

impl Lifecycle {
    pub(crate) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Starting)))
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.0.send_replace(phase);
    }

    fn phase(&self) -> Phase {
        *self.0.borrow()
    }
}

#[derive(Clone)]
struct Operations {
    metrics: Metrics,
    lifecycle: Lifecycle,
}

#[derive(Serialize)]
struct Status {
    status: Phase,
}

/// `/metrics`, `/healthz` (the process runs) and `/readyz` (it can receive traffic).
pub(crate) fn router(metrics: Metrics, lifecycle: Lifecycle) -> Router {
    Router::new()
        .route("/metrics", get(render))
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .with_state(Operations { metrics, lifecycle })
}

async fn render(
    State(operations): State<Operations>,
) -> ([(http::HeaderName, &'static str); 1], String) {
    let content_type = "text/plain; version=0.0.4; charset=utf-8";
    (
        [(http::header::CONTENT_TYPE, content_type)],
        operations.metrics.render(),
    )
}

async fn ready(State(operations): State<Operations>) -> (StatusCode, Json<Status>) {
    let status = operations.lifecycle.phase();
    let code = match status {
        Phase::Ready => StatusCode::OK,
        Phase::Starting | Phase::Draining => StatusCode::SERVICE_UNAVAILABLE,
    };
    (code, Json(Status { status }))
}
