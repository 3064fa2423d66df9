//! Load tests of a hub on this machine's loopback, next to the floor.
//!
//! Every figure is printed next to what a bare loop of `send()` costs in the same run, with the same bytes, sockets and
//! receivers, since absolute figures drift from machine to machine. `docs/benchmarks.md` says what is measured.

mod admin;
mod bench;
mod chart;
mod clock;
mod cpus;
mod data;
mod dataset;
mod dialects;
pub mod evaluation;
mod fleet;
mod floor;
mod generator;
mod http;
mod hub;
mod limits;
mod machine;
mod measure;
mod peers;
mod pipe;
mod plain_http;
mod population;
mod postgres;
mod process;
mod receiver;
mod report;
mod run;
mod samples;
mod scaling;
mod scenarios;
mod wire;

use anyhow::bail;
use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::bench::{Bench, Options};
use crate::scenarios::Scenario;

/// Load tests of a Peek-a-boo hub, on loopback only.
#[derive(Parser)]
#[command(name = "peekaboo-bench", version)]
struct Cli {
    #[command(subcommand)]
    what: What,

    #[command(flatten)]
    options: Options,
}

#[derive(Subcommand)]
enum What {
    /// Every scenario after the other
    All,
    #[command(flatten)]
    One(Scenario),
    /// Compute machines and bandwidth for millions of sockets from a report
    Scaling(scaling::Options),
    /// A receiver, which scenarios start for themselves
    #[command(hide = true, name = receiver::NAME)]
    Receiver,
    /// The floor's server, which scenarios start for themselves
    #[command(hide = true, name = floor::NAME)]
    Floor,
    /// A node of `tasks`, which it starts and kills
    #[command(hide = true, name = scenarios::tasks::NODE)]
    TasksNode,
    /// The floor's server of `http`, which it starts for itself
    #[command(hide = true, name = http::floor::NAME)]
    HttpFloor,
}

/// Does what the command line says.
pub async fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let scenarios = match cli.what {
        What::Receiver => return receiver::run(),
        What::Floor => return floor::serve(),
        What::HttpFloor => return http::floor::serve(),
        What::TasksNode => return scenarios::tasks::run_node().await,
        What::Scaling(options) => {
            report::say(&scaling::tables(&options)?);
            return Ok(());
        }
        What::All => Scenario::ALL.to_vec(),
        What::One(scenario) => vec![scenario],
    };
    if scenarios.iter().any(|one| one.needs_postgres()) && cli.options.database.is_none() {
        postgres::start_beside();
    }
    let bench = Bench::new(cli.options)?;
    run::check_peers(&bench, &scenarios)?;
    // Dropping a run ends the processes that it started.
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    tokio::select! {
        ran = run::run(&bench, &scenarios) => ran,
        _ = interrupt.recv() => bail!("interrupted"),
        _ = terminate.recv() => bail!("terminated"),
    }
}
