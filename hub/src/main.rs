//! The peekaboo command.

use std::process::ExitCode;

use clap::Parser as _;
use peekaboo_hub::cli::Cli;

fn main() -> ExitCode {
    peekaboo_hub::run(Cli::parse())
}
