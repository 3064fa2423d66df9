//! The peekaboo command.

use std::process::ExitCode;

use clap::Parser as _;
use peekaboo_hub::cli::Cli;
use tikv_jemallocator::Jemalloc;

/// A hub's memory goes up and down with the organizations it holds. glibc keeps what is freed among what is not; this
/// returns it to the system within seconds.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    peekaboo_hub::run(Cli::parse())
}
