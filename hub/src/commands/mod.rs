//! What each subcommand does.

pub(crate) mod apply;
mod config;
mod edge;
pub(crate) mod evaluate;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod key;
mod migrate;
mod openapi;
pub(crate) mod plan;
mod remote;
mod reset_epochs;
mod serve;
pub(crate) mod token;
pub(crate) mod types;

use std::process::ExitCode;

use anyhow::Context as _;
use peekaboo_storage::Storage;
use tokio::runtime;

use crate::{
    cli::{Cli, Command, SettingArgs},
    config::{Config, ConfigError},
    database, telemetry,
};

/// The command line or the configuration is wrong (`EX_USAGE` of sysexits).
const USAGE: u8 = 64;

/// Something this command needs is not there (`EX_UNAVAILABLE`): a port, a database.
const UNAVAILABLE: u8 = 69;

/// What there is differs from what there should be, which was told already: an answer, for scripts.
const DIFFERENT: u8 = 2;

/// The answer of a command that was asked whether there is a difference.
#[derive(Debug, thiserror::Error)]
#[error("there are differences")]
struct Different;

/// Why a command ended without doing its work, and the exit code that says so.
#[derive(Debug)]
pub(crate) struct Failure {
    code: u8,
    error: anyhow::Error,
}

impl Failure {
    pub(crate) fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: UNAVAILABLE,
            error: error.into(),
        }
    }

    pub(crate) fn different() -> Self {
        Self {
            code: DIFFERENT,
            error: Different.into(),
        }
    }

    pub(crate) fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            code: USAGE,
            error: error.into(),
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::usage(error)
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self { code: 1, error }
    }
}

/// Does what the command line asks; on failure, says why on standard error.
pub fn run(cli: Cli) -> ExitCode {
    let result = match cli.command {
        None => serve::run(cli.serve),
        Some(Command::Serve(args)) => serve::run(args),
        Some(Command::Edge(args)) => edge::run(args),
        Some(Command::Migrate(args)) => migrate::run(args),
        Some(Command::ResetEpochs(args)) => reset_epochs::run(args),
        Some(Command::Config(args)) => config::run(args),
        Some(Command::Openapi) => openapi::run(),
        Some(Command::Evaluate(args)) => evaluate::run(&args),
        Some(Command::Export(args)) => export::run(&args),
        Some(Command::Plan(args)) => plan::run(&args),
        Some(Command::Apply(args)) => apply::run(&args),
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Types(args)) => types::run(&args),
        Some(Command::Token(command)) => token::run(command),
        Some(Command::Key(command)) => key::run(command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure.error);
            ExitCode::from(failure.code)
        }
    }
}

#[expect(clippy::print_stderr, reason = "a command says why it failed")]
fn complain(error: &anyhow::Error) {
    if error.is::<Different>() {
        return;
    }
    let message = format!("{error:#}");
    for line in message.lines() {
        eprintln!("peekaboo: {line}");
    }
}

/// Prints what a command was asked for.
#[expect(clippy::print_stdout, reason = "it is what the command is for")]
pub(crate) fn print(text: &str) {
    print!("{text}");
}

/// Runs what waits for a hub or a database: a single thread is enough.
fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(work)
}

/// Opens the database that the settings name, works on it, and closes it whatever came of that.
fn with_database<T>(
    settings: SettingArgs,
    work: impl AsyncFnOnce(&Config, &Storage) -> anyhow::Result<T>,
) -> Result<T, Failure> {
    let config = settings.load()?.config;
    telemetry::start(&config.log);
    block_on(async {
        let storage = database::open(&config)
            .await
            .map_err(Failure::unavailable)?;
        let done = work(&config, &storage).await;
        storage.close().await;
        Ok(done?)
    })
}
