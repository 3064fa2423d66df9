//! A hub with no database: it follows an upstream, one stream an environment, and serves any number of applications.
//!
//! Everything behind the streams is the hub's own: the same actors, the same listener, the same drain. An edge has no
//! dashboard and no admin API, and never changes anything.

mod board;
mod dial;
mod link;
mod outbox;
mod stream;

use std::{io, time::Duration};

use peekaboo_actors::{Hub, Mirror, Spool};
use serde::Serialize;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use self::{board::Board, dial::Dialer, link::Link};
use crate::{
    EdgeListeners,
    config::{Config, Origin},
    running::Running,
};

/// What usage there still is when an edge ends is sent until then.
const TOLD_WITHIN: Duration = Duration::from_secs(3);

/// Why an edge failed.
#[derive(Debug, thiserror::Error)]
pub enum EdgeError {
    /// There is nothing to follow.
    #[error(
        "no upstream is named; write for example --upstream wss://flags.example.com (edge.upstream)"
    )]
    NoUpstream,
    /// There is nothing to serve.
    #[error(
        "no key is given; make a server key in the dashboard for each environment that this edge is to serve, and give \
         them in PEEKABOO_EDGE_KEYS or with --key (edge.keys)"
    )]
    NoKeys,
    /// TLS cannot be used.
    #[error("cannot prepare TLS: {0}")]
    Tls(String),
    /// A listener's own address cannot be read.
    #[error("cannot read a listener's address: {0}")]
    Listener(#[from] io::Error),
    /// The actors cannot be started.
    #[error("cannot start the edge: {0}")]
    Hub(#[from] peekaboo_actors::Error),
    /// The usage that waits for the upstream cannot be read.
    #[error("cannot read the usage kept in {folder}: {error}")]
    Spool {
        /// Where it is.
        folder: String,
        /// What is wrong.
        error: io::Error,
    },
    /// The upstream lets nobody in.
    #[error("{upstream} refuses every key that was given: {reasons}")]
    Refused {
        /// Who refuses.
        upstream: String,
        /// Why each is refused.
        reasons: String,
    },
}

/// Where everything is, once it listens: what is printed, and written to the ready file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EdgeReady {
    /// The stream that this edge follows.
    pub upstream: String,
    /// The stream that applications hold, as they reach it.
    pub stream: String,
    /// What applications reach besides the stream.
    pub sdk: String,
    /// Metrics and health.
    pub metrics: String,
}

impl EdgeReady {
    fn of(config: &Config, upstream: String, listeners: &EdgeListeners) -> io::Result<Self> {
        let sdk = Origin::of(listeners.sdk.local_addr()?);
        let metrics = Origin::of(listeners.metrics.local_addr()?);
        let sdk = config.sdk.public_url.as_ref().unwrap_or(&sdk);
        Ok(Self {
            upstream,
            stream: format!("{}/sdk/v1/stream", sdk.websocket()),
            sdk: sdk.to_string(),
            metrics: metrics.to_string(),
        })
    }
}

/// Serves until `shutdown`, then drains. `announce` is called once applications are served: when the upstream has told
/// of every environment, or does not answer and some were kept on disk.
pub async fn serve_edge(
    config: &Config,
    listeners: EdgeListeners,
    shutdown: CancellationToken,
    announce: impl FnOnce(&EdgeReady),
) -> Result<(), EdgeError> {
    let upstream = config.edge.upstream.clone().ok_or(EdgeError::NoUpstream)?;
    if config.edge.keys.is_empty() {
        return Err(EdgeError::NoKeys);
    }
    let dialer = Dialer::new(&upstream)?;
    let ready = EdgeReady::of(config, upstream.to_string(), &listeners)?;
    let running = Running::start(listeners.metrics, shutdown.clone());

    let mirror = Mirror::new(config.sdk.history, config.edge_snapshots());
    let spool = open_spool(config).await?;
    let hub = Hub::start_edge(config.edge_actors(), mirror.clone(), spool.clone()).await?;
    let board = Board::new(mirror.clone(), config.edge.keys.iter().count());
    for (place, key) in config.edge.keys.iter().enumerate() {
        let link = Link {
            key: key.clone(),
            dialer: dialer.clone(),
            mirror: mirror.clone(),
            spool: spool.clone(),
            hub: hub.clone(),
            seat: board.seat(place),
        };
        // Followed to the end of the drain: who has not left yet is still told.
        running.spawn(link.run());
    }
    tokio::select! {
        settled = board.settled() => settled.map_err(|reasons| EdgeError::Refused {
            upstream: upstream.to_string(),
            reasons,
        })?,
        () = shutdown.cancelled() => return Ok(()),
    }

    running.serve_applications(listeners.sdk, &hub, config);
    running.until_stopped(|| announce(&ready)).await;
    let told = async {
        // It is on disk, but a disk may end with its edge.
        if timeout(TOLD_WITHIN, spool.emptied()).await.is_err() {
            tracing::info!(
                "the upstream has not taken all usage; the rest is kept for the next start"
            );
        }
    };
    running.drain(&hub, config.shutdown.window, told).await;
    Ok(())
}

async fn open_spool(config: &Config) -> Result<Spool, EdgeError> {
    let folder = config.edge_usage();
    Spool::open(folder.clone(), config.edge.usage_spool.0 as u64)
        .await
        .map_err(|error| EdgeError::Spool {
            folder: folder.display().to_string(),
            error,
        })
}
