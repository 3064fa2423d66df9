//! `peekaboo-bench`: load tests of a hub on this machine's loopback, beside the floor.
//!
//! Every figure is printed next to what a bare loop of `send()` costs in the same run, with the
//! same bytes, sockets and receiver, since absolute figures drift from machine to machine.

mod fanout;
mod floor;
mod hub;
mod limits;
mod machine;
mod process;
mod receivers;
mod report;

use clap::{Parser, Subcommand};

/// Load tests of a Peek-a-boo hub, on loopback only.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    scenario: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    /// One environment to many sockets: toggles a flag and times every delivery.
    Fanout(fanout::Options),
    /// The floor's server, which `fanout` starts for itself.
    #[command(hide = true)]
    FloorServer(floor::ServerOptions),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    match Cli::parse().scenario {
        Scenario::Fanout(options) => fanout::run(&options).await,
        Scenario::FloorServer(options) => floor::serve(&options),
    }
}
