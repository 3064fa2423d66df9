//! `peekaboo-bench`: load tests of a hub on this machine's loopback, next to the floor.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stderr, reason = "why a run failed, for people")]
async fn main() -> ExitCode {
    match peekaboo_bench::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("peekaboo-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
