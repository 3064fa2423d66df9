//! `peekaboo serve`: configuration, listeners, hub, then wait for a signal.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::{
    failure::Failure, output::print, ready::write_ready_file, runtime::serve_on,
    settings::SettingArgs, signals::on_signals,
};
use crate::{
    banner::banner,
    config::Loaded,
    listeners::Listeners,
    serve::{Ready, ServeOptions, serve},
    telemetry,
};

/// Arguments of `peekaboo serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Create a demo organization with flags, a user and a small shop to try them in
    #[arg(long)]
    pub(crate) demo: bool,

    /// Write the listeners' addresses to FILE as JSON once they are ready
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

pub(crate) fn run(args: ServeArgs) -> Result<(), Failure> {
    let Loaded {
        config, warnings, ..
    } = args.settings.load()?;
    telemetry::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    let launch = ServeOptions::new(config, args.demo).map_err(Failure::usage)?;
    serve_on(serve_until_a_signal(launch, args.ready_file.as_deref()))
}

async fn serve_until_a_signal(
    launch: ServeOptions,
    ready_file: Option<&Path>,
) -> Result<(), Failure> {
    let shutdown = on_signals().context("cannot wait for signals")?;
    let listeners = Listeners::bind(&launch.config).map_err(Failure::unavailable)?;
    let announce = |ready: &Ready| {
        if let Err(error) = print(&banner(ready)) {
            tracing::warn!("{error:#}");
        }
        write_ready_file(ready_file, ready);
    };
    serve(launch, listeners, shutdown, announce)
        .await
        .map_err(Failure::unavailable)
}
