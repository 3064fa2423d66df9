//! The start and end of serving, shared by hubs and edges: the operators' listener, the phases, draining.

use std::time::Duration;

use axum::Router;
use peekaboo_actors::Hub;
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{
    sync::{CancellationToken, DropGuard},
    task::TaskTracker,
};

use crate::{
    config::Config,
    health::{self, Lifecycle, Phase},
    http::{Room, serve_http},
    metrics::Metrics,
    sdk_module,
    sdk_router::sdk_router,
    stream::serve_sdk,
};

/// Connections of scrapers and probes: a few. A further one replaces the one that has been silent for longest, so that
/// health always responds.
const OPERATORS: Room = Room {
    connections: 64,
    of_address: usize::MAX,
    cuts_answers: true,
};

/// How long pending responses have to end when the hub stops, if the window for connections is shorter.
const FINISH_WITHIN: Duration = Duration::from_secs(2);

/// Process managers kill a process after 30 seconds, so it ends before that.
const ENDED_WITHIN: Duration = Duration::from_secs(29);

/// A hub or an edge from its start to its end. Dropping it ends its tasks.
pub(crate) struct Running {
    shutdown: CancellationToken,
    lifecycle: Lifecycle,
    /// The listeners for people and applications: end with the drain.
    serving: TaskTracker,
    /// The listener for operators, and the tasks that it shows: end last.
    operating: TaskTracker,
    ended: DropGuard,
}

impl Running {
    /// Starts the operators' listener first, so that operators can see a failed start.
    pub(crate) fn start(operators: TcpListener, shutdown: CancellationToken) -> Self {
        let running = Self {
            shutdown,
            lifecycle: Lifecycle::new(),
            serving: TaskTracker::new(),
            operating: TaskTracker::new(),
            ended: CancellationToken::new().drop_guard(),
        };
        let recorder = Metrics::install();
        running.spawn(recorder.clone().keep_up());
        running.operating.spawn(serve_http(
            operators,
            health::router(recorder, running.lifecycle.clone()),
            OPERATORS,
            FINISH_WITHIN,
            running.ended.token().clone(),
        ));
        running
    }

    /// Runs a task until the drain is over.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let ended = self.ended.token().clone();
        self.operating.spawn(ended.run_until_cancelled_owned(task));
    }

    /// Serves people.
    pub(crate) fn serve_dashboard(&self, listener: TcpListener, router: Router, config: &Config) {
        self.serving.spawn(serve_http(
            listener,
            router,
            config.people(),
            config.shutdown.window.max(FINISH_WITHIN),
            self.shutdown.clone(),
        ));
    }

    /// Serves applications.
    pub(crate) fn serve_applications(&self, listener: TcpListener, hub: &Hub, config: &Config) {
        self.serving.spawn(serve_sdk(
            listener,
            hub.clone(),
            sdk_module::router().merge(sdk_router(hub.clone())),
            config.stream(),
            self.shutdown.clone(),
        ));
    }

    /// Marks the hub as ready, and waits for the shutdown.
    pub(crate) async fn until_stopped(&self, announce: impl FnOnce()) {
        self.lifecycle.enter(Phase::Ready);
        announce();
        self.shutdown.cancelled().await;
        self.lifecycle.enter(Phase::Draining);
    }

    /// Drains connections within the window, then stops the hub, then runs `last`.
    pub(crate) async fn drain(self, hub: &Hub, window: Duration, last: impl Future<Output = ()>) {
        let drained = async {
            self.serving.close();
            tokio::join!(hub.drain(window), self.serving.wait());
            // No listener for commands is left.
            hub.stop().await;
            last.await;
            // The operators' listener ends last.
            self.ended.token().cancel();
            self.operating.close();
            self.operating.wait().await;
        };
        if timeout(ENDED_WITHIN, drained).await.is_err() {
            tracing::warn!("stopped before all connections were closed");
        }
    }
}
