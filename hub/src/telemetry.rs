//! Log lines: to standard error, so that what a command prints stays its own.

use std::io;

use anstream::{AutoStream, ColorChoice};
use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Log, LogFormat};

/// ractor opens a span for every actor's whole life, which is 0.4 KB a connection; a filter that
/// names ractor still has the last word.
const QUIET: &str = "ractor=warn";

/// Starts logging for this process. Where someone else did already, as in tests, theirs stays.
pub(crate) fn start(log: &Log) {
    // Asked of anstream, because `with_ansi` would overrule `NO_COLOR`.
    let colors = AutoStream::choice(&io::stderr()) != ColorChoice::Never;
    let filter = EnvFilter::new(format!("{QUIET},{}", log.filter.as_str()));
    let builder = fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colors);
    let _ = match log.format {
        LogFormat::Text => builder.with_target(false).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
}
