//! `peekaboo serve`: configuration, listeners, hub, then wait for a signal.

use std::{fs, io, path::Path, process};

use anyhow::Context as _;
use serde::Serialize;
use tokio::{
    runtime,
    signal::unix::{Signal, SignalKind, signal},
};
use tokio_util::sync::CancellationToken;

use super::{Failure, print};
use crate::{
    Launch, Listeners, Ready, banner::banner, cli::ServeArgs, config::Loaded, serve, telemetry,
};

pub(super) fn run(args: ServeArgs) -> Result<(), Failure> {
    let Loaded {
        config, warnings, ..
    } = args.settings.load()?;
    telemetry::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let launch = Launch::new(config, args.demo).map_err(Failure::usage)?;
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let result = runtime.block_on(serve_until_a_signal(launch, args.ready_file.as_deref()));
    // Whatever did not end by itself within the window has had its time.
    runtime.shutdown_background();
    result
}

async fn serve_until_a_signal(launch: Launch, ready_file: Option<&Path>) -> Result<(), Failure> {
    let shutdown = on_signals().context("cannot wait for signals")?;
    let listeners = Listeners::bind(&launch.config).map_err(Failure::unavailable)?;
    let announce = |ready: &Ready| {
        print(&banner(ready));
        write_ready_file(ready_file, ready);
    };
    serve(launch, listeners, shutdown, announce)
        .await
        .map_err(Failure::unavailable)
}

/// Cancelled by the first SIGTERM or SIGINT; the second ends the process at once.
pub(super) fn on_signals() -> io::Result<CancellationToken> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let shutdown = CancellationToken::new();
    let first = shutdown.clone();
    tokio::spawn(async move {
        let name = either(&mut terminate, &mut interrupt).await;
        tracing::info!(signal = name, "draining; a second signal ends at once");
        first.cancel();
        let name = either(&mut terminate, &mut interrupt).await;
        tracing::warn!(signal = name, "ended before draining was done");
        end_at_once();
    });
    Ok(shutdown)
}

#[expect(clippy::disallowed_methods, reason = "somebody asked twice")]
fn end_at_once() {
    process::exit(1);
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) -> &'static str {
    tokio::select! {
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    }
}

/// Tells where everything is to whoever waits for the file, if one is named.
pub(super) fn write_ready_file(path: Option<&Path>, ready: &impl Serialize) {
    if let Some(path) = path
        && let Err(error) = write_whole(path, ready)
    {
        tracing::error!(%error, path = %path.display(), "cannot write the ready file");
    }
}

/// Writes beside and renames, so that who waits for the file never reads half of it.
fn write_whole(path: &Path, ready: &impl Serialize) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    fs::write(&beside, serde_json::to_vec(ready)?)?;
    fs::rename(&beside, path)
}
