//! Starts everything, serves until told to stop, and drains.

use std::{io, net::SocketAddr, sync::Arc};

use peekaboo_actors::Hub;
use peekaboo_dashboard_api::{self as api, ApiState, SystemClock, auth::ensure_setup_code};
use peekaboo_storage::{OsEntropy, Storage};
use serde::Serialize;
use time::OffsetDateTime;
use tokio_util::sync::CancellationToken;

use crate::{
    audit_file::{AuditFile, AuditFileError},
    background,
    config::{Config, PublicUrl},
    dashboard::{self, Pages, StorefrontConfig},
    database::{self, DatabaseError, Opened},
    demo::{self, Demo, DemoError},
    history::History,
    listeners::Listeners,
    public_path::{PublicPath, under},
    running::Running,
};

/// What to serve.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The configuration.
    pub config: Config,
    /// Whether to create the demo organization, whose keys and password are publicly known.
    pub demo: bool,
}

/// The demo was requested on a listener that others can reach.
#[derive(Debug, thiserror::Error)]
#[error(
    "--demo creates an account and keys that are publicly known, so it only runs on loopback \
     addresses, but {setting} is {address}"
)]
pub struct DemoRefused {
    setting: &'static str,
    address: SocketAddr,
}

impl ServeOptions {
    /// Refuses a demo that others could reach.
    pub fn new(config: Config, demo: bool) -> Result<Self, DemoRefused> {
        let exposed = config
            .listeners()
            .into_iter()
            .find(|(_, address)| !address.ip().is_loopback());
        match exposed {
            Some((setting, address)) if demo => Err(DemoRefused { setting, address }),
            _ => Ok(Self { config, demo }),
        }
    }
}

/// Why serving failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A listener's own address cannot be read.
    #[error("cannot read a listener's address: {0}")]
    Listener(#[from] io::Error),
    /// The database cannot be used.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The demo cannot be made.
    #[error("cannot create the demo: {0}")]
    Demo(#[from] DemoError),
    /// The actors cannot be started.
    #[error("cannot start the hub: {0}")]
    Hub(#[from] peekaboo_actors::Error),
    /// The audit log cannot be written to its file.
    #[error(transparent)]
    AuditFile(#[from] AuditFileError),
    /// Mail cannot be prepared.
    #[error("cannot prepare background work: {0}")]
    Background(#[from] peekaboo_tasks::Failure),
    /// The database cannot be read, though it was opened.
    #[error("cannot read the database: {0}")]
    Setup(#[from] peekaboo_storage::Error),
}

/// The addresses of all listeners, which are printed and written to the ready file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ready {
    /// The URL of the dashboard and the admin API for people.
    pub dashboard: String,
    /// The stream's URL for applications.
    pub stream: String,
    /// The HTTP endpoints for applications, in addition to the stream.
    pub sdk: String,
    /// Metrics and health.
    pub metrics: String,
    /// The one-time setup code, until the hub is set up.
    pub setup_code: Option<String>,
    /// The demo, with `--demo`.
    pub demo: Option<Demo>,
}

impl Ready {
    fn of(config: &Config, listeners: &Listeners) -> io::Result<Self> {
        let dashboard = PublicUrl::of(listeners.dashboard.local_addr()?);
        let sdk = PublicUrl::of(listeners.sdk.local_addr()?);
        let metrics = PublicUrl::of(listeners.metrics.local_addr()?);
        let dashboard = config.dashboard.public_url.as_ref().unwrap_or(&dashboard);
        let sdk = config.sdk.public_url.as_ref().unwrap_or(&sdk);
        Ok(Self {
            dashboard: dashboard.to_string(),
            stream: format!("{}/sdk/v1/stream", sdk.websocket()),
            sdk: sdk.to_string(),
            metrics: metrics.to_string(),
            setup_code: None,
            demo: None,
        })
    }
}

/// Serves until `shutdown`, then drains. `announce` is called once everything listens.
pub async fn serve(
    launch: ServeOptions,
    listeners: Listeners,
    shutdown: CancellationToken,
    announce: impl FnOnce(&Ready),
) -> Result<(), ServeError> {
    let config = &launch.config;
    let mut ready = Ready::of(config, &listeners)?;
    let audit_file = config.audit.file.clone().map(AuditFile::open).transpose()?;
    let running = Running::start(listeners.metrics, shutdown.clone());

    let prepared = tokio::select! {
        prepared = prepare(&launch, &mut ready) => prepared?,
        () = shutdown.cancelled() => return Ok(()),
    };
    let Prepared { storage, hub } = prepared;
    running.spawn(History::of(config).keep(storage.clone()));
    let background = background::start(config, &ready.dashboard, storage.clone())?;
    if let Some(file) = audit_file {
        running.spawn(file.follow(storage.clone()));
    }

    let state = ApiState::new(
        storage.clone(),
        hub.clone(),
        config.api(&ready.dashboard, &ready.stream),
        Arc::new(SystemClock),
    );
    let public_url = config.dashboard.public_url.as_ref();
    let public_path = PublicPath(public_url.map_or("", PublicUrl::path).to_owned());
    let pages = Pages {
        over_tls: public_url.is_some_and(PublicUrl::is_secure),
        public_path: public_path.clone(),
        sdk: ready.sdk.clone(),
        storefront: ready.demo.as_ref().map(|demo| StorefrontConfig {
            key: demo.client_key.clone(),
            url: ready.stream.clone(),
        }),
    };
    let router = dashboard::router(api::router(state.clone()), pages);
    let router = under(&public_path, router);
    running.serve_dashboard(listeners.dashboard, router, config);
    running.serve_applications(listeners.sdk, &hub, config);
    running.until_stopped(|| announce(&ready)).await;
    // Otherwise, the hub would wait for open dashboards.
    state.end_events();
    background.begin_stop();
    let last = async {
        background.stop().await;
        storage.close().await;
    };
    running.drain(&hub, config.shutdown.window, last).await;
    Ok(())
}

/// What the listeners need.
struct Prepared {
    storage: Storage,
    hub: Hub,
}

async fn prepare(launch: &ServeOptions, ready: &mut Ready) -> Result<Prepared, ServeError> {
    let Opened { storage, answers } = database::open_or_wait(&launch.config).await?;
    if answers {
        let now = OffsetDateTime::now_utc();
        let retention = launch.config.audit.retention;
        History::of(&launch.config)
            .verify(&storage, retention, now)
            .await?;
        if launch.demo {
            ready.demo = Some(demo::seed(&storage, now).await?);
        }
        let code = ensure_setup_code(&storage, &OsEntropy, now).await?;
        ready.setup_code = code.map(|code| code.expose().to_owned());
    }
    let hub = Hub::start(launch.config.actors(), storage.clone()).await?;
    Ok(Prepared { storage, hub })
}
