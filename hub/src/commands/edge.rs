//! `peekaboo edge`: the same as `peekaboo serve`, over an upstream.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::{
    failure::Failure, output::print, ready::write_ready_file, runtime::serve_on,
    settings::SettingArgs, signals::on_signals,
};
use crate::{
    banner::edge_banner,
    config::{Config, Loaded},
    edge::{EdgeError, EdgeReady, serve_edge},
    listeners::EdgeListeners,
    telemetry,
};

/// Arguments of `peekaboo edge`.
#[derive(Debug, Args)]
pub(crate) struct EdgeArgs {
    /// Hub or edge to follow, such as `wss://flags.example.com`
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: Option<String>,

    /// Server key of an environment to serve; repeatable. Other users of this machine can see it: prefer the variable `PEEKABOO_EDGE_KEYS`
    #[arg(long = "key", value_name = "KEY")]
    pub(crate) keys: Vec<String>,

    /// Write the listeners' addresses to FILE as JSON once they are ready
    #[arg(long, value_name = "FILE")]
    pub(crate) ready_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: SettingArgs,
}

impl EdgeArgs {
    /// The settings, including those set by short flags.
    fn settings(self) -> SettingArgs {
        let mut settings = self.settings;
        if let Some(upstream) = self.upstream {
            settings.flags.insert("edge-upstream".to_owned(), upstream);
        }
        if !self.keys.is_empty() {
            let keys = self.keys.join(",");
            settings.flags.insert("edge-keys".to_owned(), keys);
        }
        settings
    }
}

pub(crate) fn run(args: EdgeArgs) -> Result<(), Failure> {
    let ready_file = args.ready_file.clone();
    let Loaded {
        config, warnings, ..
    } = args.settings().load()?;
    telemetry::start(&config.log);
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    serve_on(serve_until_a_signal(&config, ready_file.as_deref()))
}

async fn serve_until_a_signal(config: &Config, ready_file: Option<&Path>) -> Result<(), Failure> {
    let shutdown = on_signals().context("cannot wait for signals")?;
    let listeners = EdgeListeners::bind(config).map_err(Failure::unavailable)?;
    let announce = |ready: &EdgeReady| {
        if let Err(error) = print(&edge_banner(ready)) {
            tracing::warn!("{error:#}");
        }
        write_ready_file(ready_file, ready);
    };
    serve_edge(config, listeners, shutdown, announce)
        .await
        .map_err(|error| match error {
            EdgeError::NoUpstream | EdgeError::NoKeys => Failure::usage(error),
            _ => Failure::unavailable(error),
        })
}
