//! The runtimes that commands run on.

use anyhow::Context as _;
use tokio::runtime;

use super::failure::Failure;

/// Runs what waits for a hub or a database: a single thread is enough.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    runtime.block_on(work)
}

/// Runs a server on every core, and ends with it: tasks that are still running are dropped.
pub(super) fn serve_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let served = runtime.block_on(work);
    // Whatever did not end within the shutdown window has had its time.
    runtime.shutdown_background();
    served
}
