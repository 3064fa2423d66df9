//! Follows the upstream with every key, serves applications, and drains.

use std::{io, time::Duration};

use peekaboo_actors::{Hub, Mirror, Spool};
use serde::Serialize;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{board::KeyBoard, dial::Dialer, error::EdgeError, link::Link};
use crate::{
    config::{Config, PublicUrl},
    listeners::EdgeListeners,
    private_files,
    running::Running,
};

/// How long to send the remaining usage when an edge ends.
const TOLD_WITHIN: Duration = Duration::from_secs(3);

/// The addresses of all listeners, which are printed and written to the ready file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EdgeReady {
    /// The stream that this edge follows.
    pub upstream: String,
    /// The stream's URL for applications.
    pub stream: String,
    /// The URL of the HTTP endpoints for applications.
    pub sdk: String,
    /// Metrics and health.
    pub metrics: String,
}

impl EdgeReady {
    fn of(config: &Config, upstream: String, listeners: &EdgeListeners) -> io::Result<Self> {
        let sdk = PublicUrl::of(listeners.sdk.local_addr()?);
        let metrics = PublicUrl::of(listeners.metrics.local_addr()?);
        let sdk = config.sdk.public_url.as_ref().unwrap_or(&sdk);
        Ok(Self {
            upstream,
            stream: format!("{}/sdk/v1/stream", sdk.websocket()),
            sdk: sdk.to_string(),
            metrics: metrics.to_string(),
        })
    }
}

/// Serves until `shutdown`, then drains. `announce` is called once applications are served: when the upstream has
/// sent every environment, or does not answer and some were kept on disk.
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

    private_files::keep(&config.data.dir);
    let mirror = Mirror::new(config.sdk.history, config.edge_snapshots());
    let spool = open_spool(config).await?;
    let hub = Hub::start_edge(config.edge_actors(), mirror.clone(), spool.clone()).await?;
    let board = KeyBoard::new(mirror.clone(), config.edge.keys.iter().count());
    for (place, key) in config.edge.keys.iter().enumerate() {
        let link = Link {
            key: key.clone(),
            dialer: dialer.clone(),
            mirror: mirror.clone(),
            spool: spool.clone(),
            hub: hub.clone(),
            seat: board.seat(place),
        };
        // Follows until the end of the drain: applications that have not left yet still receive changes.
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
        // The usage is on disk, but the disk may be deleted with the edge.
        if timeout(TOLD_WITHIN, spool.emptied()).await.is_err() {
            tracing::info!(
                "not all usage was sent to the upstream; the rest is sent after the next start"
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
