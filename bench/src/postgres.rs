//! The database of several hubs: one that is named, else a throw-away server from `scripts/postgres`.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::bail;

use crate::report::progress;

/// Where `scripts/postgres` says that its server is.
const SERVER: &str = "PEEKABOO_TEST_POSTGRES_URL";

const SCRIPT: &str = "scripts/postgres";

/// Has `scripts/postgres` start this program anew beside a server, unless it did so already. Then this does not return;
/// where it cannot be done, the scenario that needs a database says so when its turn comes.
pub(crate) fn start_beside() {
    if std::env::var_os(SERVER).is_some() {
        return;
    }
    let (Some(script), Ok(program)) = (script(), std::env::current_exe()) else {
        return;
    };
    let error = Command::new(&script)
        .arg(program)
        .args(std::env::args_os().skip(1))
        .exec();
    progress(&format!("cannot run {}: {error}", script.display()));
}

/// The database that was named, else that of the throw-away server.
pub(crate) fn address(named: Option<&String>) -> anyhow::Result<String> {
    match named.cloned().or_else(|| std::env::var(SERVER).ok()) {
        Some(address) => Ok(address),
        None => bail!(
            "several hubs need a PostgreSQL, and there is no {SCRIPT} here to start one: run this from the repository, \
             or name an empty database with --database"
        ),
    }
}

/// Of the repository in which this was started.
fn script() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    here.ancestors()
        .map(|folder| folder.join(SCRIPT))
        .find(|script| script.is_file())
}
