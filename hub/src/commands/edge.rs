//! `peekaboo edge`: the same as `peekaboo serve`, over an upstream.

use std::path::Path;

use anyhow::Context as _;
use tokio::runtime;

use super::{
    Failure, print,
    serve::{on_signals, write_ready_file},
};
use crate::{
    EdgeError, EdgeListeners, EdgeReady,
    banner::edge_banner,
    cli::EdgeArgs,
    config::{Config, Loaded},
    serve_edge, telemetry,
};

pub(super) fn run(args: EdgeArgs) -> Result<(), Failure> {
    let ready_file = args.ready_file.clone();
    let Loaded {
        config, warnings, ..
    } = args.settings().load()?;
    telemetry::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(serve_until_a_signal(&config, ready_file.as_deref()));
    // Whatever did not end by itself within the window has had its time.
    runtime.shutdown_background();
    result
}

async fn serve_until_a_signal(config: &Config, ready_file: Option<&Path>) -> Result<(), Failure> {
    let shutdown = on_signals().context("cannot wait for signals")?;
    let listeners = EdgeListeners::bind(config).map_err(Failure::unavailable)?;
    let announce = |ready: &EdgeReady| {
        print(&edge_banner(ready));
        write_ready_file(ready_file, ready);
    };
    serve_edge(config, listeners, shutdown, announce)
        .await
        .map_err(|error| match error {
            EdgeError::NoUpstream | EdgeError::NoKeys => Failure::usage(error),
            _ => Failure::unavailable(error),
        })
}
